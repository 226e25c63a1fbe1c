// The first lines: what was studied, and what came out.

const Summary = (() => {
  const list = (items) => (items.length < 2 ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`);

  const snapshotOf = (year) => (Data.provenance.snapshots || {})[year] || {};

  function tile(value, name, beside) {
    return Dom.element("div", { class: "tile" }, Dom.element("p", { class: "tile-name" }, name),
      Dom.element("p", { class: "tile-value" }, value),
      Dom.element("p", { class: "tile-beside" }, beside || " "));
  }

  /** The last year's value, the others' beside it. */
  function byYear(name, valueOf) {
    const values = Data.years.map((year) => [year, valueOf(year)]).filter(([, v]) => v !== undefined);
    if (values.length === 0) return null;
    const [year, value] = values[values.length - 1];
    const before = values.slice(0, -1).map(([y, v]) => `${y}: ${Format.number(v)}`).join(", ");
    return tile(Format.number(value), `${name}, ${year}`, before);
  }

  function events() {
    const counts = d3.nest().key((m) => m.event).rollup((m) => m.length)
      .entries(Data.matches.filter((m) => m.event !== null));
    return counts.map(({ key, value }) => `${value} ${key}`);
  }

  function kinds() {
    if (!Data.filled("clusters", "type")) return "";
    const year = Data.years[Data.years.length - 1];
    const counts = Colours.scheme("type").entries.map(({ name }) =>
      [name, Data.inYear(year).filter((c) => c.type === name).length]).filter(([, n]) => n > 0);
    return ` By type in ${year}: ${list(counts.map(([name, n]) => `${n} ${name}`))}.`;
  }

  function draw(section) {
    const { element } = Dom;
    const years = list(Data.years.map(String));
    const title = `Clusters of firms, ${years || "no year"}`;
    document.title = `${title} - tradegraph`;
    const changes = events();
    section.append(
      element("h1", {}, title),
      element("p", { class: "lead" },
        `Agglomerations of firms found in space, helped by trade; those that hold together are selected ` +
        `as clusters.${kinds()}` + (changes.length
          ? ` From year to year: ${list(changes)}.` : "")),
      element("div", { class: "tiles" }, ...[
        byYear("Firms", (year) => snapshotOf(year).firms),
        byYear("Links", (year) => snapshotOf(year).links),
        byYear("Agglomerations", (year) => Data.inYear(year).length),
        byYear("Selected clusters", (year) => Data.selectedIn(year).length),
        byYear("Firms in agglomerations", (year) => d3.sum(Data.inYear(year), (c) => c.firms)),
      ].filter(Boolean)));
  }

  return { draw, list };
})();
