// What the program left in the page, as rows; which cluster of one year is which of another.

const Data = (() => {
  const raw = JSON.parse(document.getElementById("data").textContent);

  /** Rows of a table as objects; none if the folder had no such table. */
  function rows(name) {
    const table = raw.tables[name];
    if (!table) return [];
    const columns = Object.entries(table.columns);
    return d3.range(table.rows).map((i) =>
      Object.fromEntries(columns.map(([column, cells]) => [column, cells[i]])));
  }

  const has = (name) => name in raw.tables && raw.tables[name].rows > 0;
  const columns = (name) => (raw.tables[name] ? Object.keys(raw.tables[name].columns) : []);
  /** Whether a column is there with at least one value. */
  const filled = (name, column) => columns(name).includes(column) &&
    raw.tables[name].columns[column].some((cell) => cell !== null);

  const keyOf = (year, label) => `${year}:${label}`;
  const clusters = rows("clusters");
  const years = [...new Set(clusters.map((c) => c.year))].sort(d3.ascending);
  const byKey = new Map(clusters.map((c) => [keyOf(c.year, c.label), c]));
  const find = (year, label) => byKey.get(keyOf(year, label)) || null;
  const hulls = new Map(raw.hulls.map((h) => [keyOf(h.year, h.label), h.geometry]));
  for (const cluster of clusters) {
    cluster.key = keyOf(cluster.year, cluster.label);
    cluster.lineage = cluster.key;
    cluster.hull = hulls.get(cluster.key) || null;
    cluster.name = cluster.name || `cluster ${cluster.label}`;
  }

  /** Clusters that the assignment of matches.csv joins are one lineage, named by its first. */
  const matches = rows("matches");
  for (const match of matches.slice().sort((a, b) => a.year_a - b.year_a)) {
    if (match.matched !== 1) continue;
    const before = find(match.year_a, match.label_a);
    const now = find(match.year_b, match.label_b);
    if (before && now) now.lineage = before.lineage;
  }
  const lineages = new Map();
  for (const cluster of clusters) {
    if (!lineages.has(cluster.lineage)) lineages.set(cluster.lineage, []);
    lineages.get(cluster.lineage).push(cluster);
  }
  for (const members of lineages.values()) members.sort((a, b) => a.year - b.year);

  const inYear = (year) => clusters.filter((c) => c.year === year);
  const selectedIn = (year) => inYear(year).filter((c) => c.selected === 1);
  /** The clusters of a year, or all its agglomerations; these too where none is selected. */
  function shown(year, scope) {
    const chosen = selectedIn(year);
    return scope === "all" || chosen.length === 0 ? inYear(year) : chosen;
  }

  /** Flows between two different clusters of a year, the largest first. */
  const intercluster = rows("intercluster");
  const hasAmounts = intercluster.length > 0 && intercluster.every((f) => f.amount !== null);
  function flows(year, by) {
    return intercluster
      .filter((f) => f.year === year && f.from >= 0 && f.to >= 0 && f.from !== f.to)
      .sort((a, b) => b[by] - a[by] || b.links - a.links || a.from - b.from || a.to - b.to);
  }

  const nodes = new Map(rows("intercluster_nodes").map((n) => [keyOf(n.year, n.label), n]));
  const composition = d3.nest().key((r) => keyOf(r.year, r.label)).object(rows("composition"));
  const traces = new Map(rows("trace").map((t) => [keyOf(t.year, t.label), t]));
  const gatekeepers = rows("gatekeepers");

  return {
    ...raw, rows, has, columns, filled, clusters, years, find, lineages, matches, inYear,
    selectedIn, shown, flows, hasAmounts, gatekeepers,
    nodeOf: (cluster) => nodes.get(cluster.key) || null,
    traceOf: (cluster) => traces.get(cluster.key) || null,
    compositionOf: (cluster) => composition[cluster.key] || [],
  };
})();

/** The year that is looked at and the cluster that is pointed at; charts listen. */
const State = (() => {
  const settings = Data.provenance.settings || {};
  const wanted = Number(settings.reference_year);
  let year = Data.years.includes(wanted) ? wanted : Data.years[Data.years.length - 1];
  const listeners = [];

  return {
    get year() { return year; },
    setYear(value) {
      year = value;
      for (const listener of listeners) listener();
    },
    onYear(listener) { listeners.push(listener); },
    /** Marks and rows of this lineage stand out, in all charts. */
    focus(lineage) {
      document.body.classList.toggle("has-focus", lineage !== null);
      for (const mark of document.querySelectorAll(".focused")) mark.classList.remove("focused");
      if (lineage === null) return;
      for (const mark of document.querySelectorAll("[data-lineage]")) {
        const names = mark.dataset.lineage.split(" ");
        mark.classList.toggle("focused", names.includes(lineage));
      }
    },
  };
})();
