// With what and how the results were made.

const Provenance = (() => {
  const text = (value) => (value === null || value === undefined ? Format.NOT_DEFINED
    : typeof value === "object" ? JSON.stringify(value) : String(value));

  function pairs(title, object) {
    const entries = Object.entries(object || {});
    if (entries.length === 0) return null;
    const { element } = Dom;
    return element("details", {}, element("summary", {}, element("h3", {}, title)),
      element("table", { class: "plain wide" }, element("tbody", {},
        ...entries.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name),
          element("td", {}, text(value)))))));
  }

  function stages(list) {
    if (!list || list.length === 0) return null;
    const { element } = Dom;
    const most = d3.max(list, (s) => s.seconds) || 1;
    const total = d3.sum(list, (s) => s.seconds);
    return element("details", { open: true },
      element("summary", {}, element("h3", {}, `Stages, ${Format.number(total)} seconds in all`)),
      element("div", { class: "scroller" }, element("table", { class: "plain wide stages" },
        element("thead", {}, element("tr", {}, ...["Stage", "Seconds", "", "Peak memory a rank"]
          .map((name, at) => element("th", { scope: "col", class: at % 2 ? "numeric" : null }, name)))),
        element("tbody", {}, ...list.map((s) => element("tr", {},
          element("th", { scope: "row" }, s.name),
          element("td", { class: "numeric" }, Format.number(s.seconds)),
          element("td", { class: "time" }, element("span", {
            class: "bar-fill", style: `width:${(100 * s.seconds / most).toFixed(1)}%`,
          })),
          element("td", { class: "numeric" }, Format.bytes(s.peak_bytes_a_rank))))))));
  }

  function inputs(list) {
    if (!list || list.length === 0) return null;
    return pairs("Inputs", Object.fromEntries(list.map((file) =>
      [file.path, `${Format.bytes(file.bytes)}, SHA-256 ${file.sha256}`])));
  }

  function draw(section) {
    const of = Data.provenance;
    Dom.heading(section, "Settings and provenance",
      `Computed by tradegraph ${of.version}, started ${of.started} on ${of.host}, ${of.ranks} ` +
      `${of.ranks === 1 ? "rank" : "ranks"} of ${of.threads_a_rank} threads, seed ${of.seed}. ` +
      "The same in full: provenance.json.");
    const parts = [
      stages(of.stages), pairs("Settings", of.settings), pairs("What the figures mean", of.conventions),
      inputs(of.inputs), pairs("Snapshots", of.snapshots), pairs("Figures", of.figures),
      pairs("Balance of the ranks", of.load_balance),
      Data.sweep_provenance ? pairs("Settings of the sweep", Data.sweep_provenance.settings) : null,
      pairs("Command", { command: (of.command || []).join(" ") }),
    ];
    section.append(...parts.filter(Boolean));
  }

  return { draw };
})();
