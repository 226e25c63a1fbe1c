// All that is known of one cluster, through the years.

const Panel = (() => {
  const MAIN = ["firms", "nodes", "links", "inclusiveness", "rank", "density", "connectivity",
    "compactness", "clustering"];
  const SCORES = ["centripetal", "centrifugal", "type"];
  const COMPETITIVENESS = ["employees", "employees_per_firm", "employment_growth_1y_pct",
    "revenue_per_firm", "operating_income_per_firm", "value_added_per_firm", "patents_per_firm",
    "rnd_pct_of_revenue", "labour_productivity", "startup_share", "suspended_or_closed_share"];
  let opener = null;

  const box = () => document.getElementById("cluster");

  function close() {
    box().hidden = true;
    if (opener && opener.isConnected) opener.focus();
  }

  /** Rows of figures, a column a year. */
  function figures(title, members, columns) {
    const there = columns.filter((column) => members.some((c) => c[column] !== null &&
      c[column] !== undefined));
    if (there.length === 0) return null;
    const { element } = Dom;
    return [element("h4", {}, title), element("table", { class: "plain" },
      element("thead", {}, element("tr", {}, element("td", {}),
        ...members.map((c) => element("th", { scope: "col", class: "numeric" }, String(c.year))))),
      element("tbody", {}, ...there.map((column) => element("tr", {},
        element("th", { scope: "row", title: Format.meaning(column) }, Format.title(column)),
        ...members.map((c) => element("td", { class: "numeric" }, Format.cell(column, c[column])))))))];
  }

  /** Shares of codes as bars. */
  function mix(cluster, kind, title) {
    const rows = Data.compositionOf(cluster).filter((row) => row.kind === kind).slice()
      .sort((a, b) => b.firms - a.firms).slice(0, 6);
    if (rows.length === 0) return null;
    const { element } = Dom;
    return [element("h4", {}, `${title}, ${cluster.year}`),
      element("ul", { class: "bars" }, ...rows.map((row) => element("li", {},
        element("span", { class: "bar-name" }, row.code || "none"),
        element("span", { class: "bar-track" }, element("span", {
          class: "bar-fill", style: `width:${(100 * row.share).toFixed(1)}%`,
        })),
        element("span", { class: "bar-value" }, Format.percent(row.share)))))];
  }

  function partners(cluster) {
    const by = Data.hasAmounts ? "amount" : "links";
    const sums = new Map();
    for (const flow of Data.flows(cluster.year, by)) {
      if (flow.from !== cluster.label && flow.to !== cluster.label) continue;
      const supplies = flow.from === cluster.label;
      const other = supplies ? flow.to : flow.from;
      if (!sums.has(other)) sums.set(other, { supplies: 0, buys: 0 });
      sums.get(other)[supplies ? "supplies" : "buys"] += flow[by];
    }
    const rows = [...sums].map(([label, sum]) => ({ label, ...sum, total: sum.supplies + sum.buys }))
      .sort((a, b) => b.total - a.total).slice(0, 6);
    if (rows.length === 0) return null;
    const { element } = Dom;
    const named = (label) => (Data.find(cluster.year, label) || { name: String(label) }).name;
    return [element("h4", {}, `Largest partners by ${by}, ${cluster.year}`),
      element("table", { class: "plain" },
        element("thead", {}, element("tr", {}, ...["Cluster", "Supplies", "Buys"].map((text, at) =>
          element("th", { scope: "col", class: at ? "numeric" : null }, text)))),
        element("tbody", {}, ...rows.map((row) => element("tr", {},
          element("th", { scope: "row" }, named(row.label)),
          element("td", { class: "numeric" }, Format.number(row.supplies)),
          element("td", { class: "numeric" }, Format.number(row.buys))))))];
  }

  function gates(cluster) {
    const firms = Data.gatekeepers.filter((row) => row.year === cluster.year &&
      row.label === cluster.label).slice(0, 5);
    if (firms.length === 0) return null;
    const text = firms.map((row) => `${row.id} (${row.inside} in, ${row.outside} out)`).join(", ");
    return [Dom.element("h4", {}, `Gatekeepers, ${cluster.year}`), Dom.element("p", {}, text)];
  }

  /** Why it is among the clusters or not, and of its type: in the program's words, where it left some. */
  function reasons(cluster) {
    const trace = Data.traceOf(cluster);
    if (!trace) return selection(cluster);
    const said = [trace.why_selected, trace.why_type].filter(Boolean);
    return said.length === 0 ? null : [Dom.element("h4", {}, `Why, ${cluster.year}`),
      ...said.map((text) => Dom.element("p", {}, text))];
  }

  /** From the settings and figures. */
  function selection(cluster) {
    const s = Data.provenance.settings || {};
    if (s.top === undefined || cluster.screened === undefined) return null;
    const rule = `rank at most ${s.top}, at least ${s.min_nodes} nodes and ${s.min_links} links`;
    const own = `Its own year's screening (${rule}) ${cluster.screened === 1 ? "keeps" : "drops"} it: ` +
      `rank ${Format.number(cluster.rank)}, ${Format.number(cluster.nodes)} nodes, ` +
      `${Format.number(cluster.links)} links. `;
    const reference = s.reference_year;
    const carried = Data.years.length < 2 || reference === undefined || cluster.year === reference ? ""
      : cluster.reference_label === null ? `It has no match in ${reference}.`
        : `Its match in ${reference} is label ${cluster.reference_label}.`;
    const missing = cluster.missing_indicators ? ` No type: ${cluster.missing_indicators} not defined.`
      : "";
    return [Dom.element("h4", {}, `Why ${cluster.selected === 1 ? "selected" : "not selected"}`),
      Dom.element("p", {}, own + carried + missing)];
  }

  function open(cluster) {
    opener = document.activeElement;
    const members = Data.lineages.get(cluster.lineage);
    const { element } = Dom;
    const shut = element("button", { type: "button", class: "close", "aria-label": "Close", click: close },
      "×");
    const kind = [cluster.type, cluster.group, cluster.region].filter(Boolean).join(" · ");
    const parts = [
      figures("Size and cohesion", members, MAIN),
      figures("Indicators", members, [...Chart.SIX, ...SCORES]),
      reasons(cluster), mix(cluster, "division", "Industries"), mix(cluster, "region", "Regions"),
      partners(cluster), gates(cluster), figures("Competitiveness", members, COMPETITIVENESS),
    ];
    box().replaceChildren(shut,
      element("h3", { tabindex: "-1" }, cluster.name), element("p", { class: "tip-kind" }, kind),
      ...parts.filter(Boolean).flat());
    box().hidden = false;
    box().scrollTop = 0;
    Dom.hideTooltip();
    shut.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box().hidden) close();
  });

  return { open, close };
})();
