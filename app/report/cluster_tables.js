// The tables of the folder, as far as they are between clusters.

const ClusterTables = (() => {
  const MAIN = ["year", "label", "name", "group", "type", "firms", "nodes", "links", "inclusiveness",
    "rank", "selected", ...Chart.SIX, "centripetal", "centrifugal"];
  const MATCHES = ["year_a", "year_b", "name_a", "name_b", "event", "overlap", "firm_jaccard",
    "rank_a", "rank_b", "rank_change", "firms_stayed", "firms_left", "firms_entered", "links_kept",
    "links_lost", "links_new"];

  function part(section, title, name, options) {
    const body = Dom.element("div", {});
    const box = Dom.element("details", { open: options.open_at_first }, Dom.element("summary", {},
      Dom.element("h3", {}, title)), body);
    section.append(box);
    if (!Data.has(name)) {
      body.append(Dom.element("p", { class: "absent" }, options.why));
      return;
    }
    Table.create(body, { title, ...options });
  }

  const there = (name, columns) => columns.filter((column) => Data.filled(name, column));

  function draw(section) {
    Dom.heading(section, "Tables", "Click a heading to sort, once more for the other way. Copied tables have " +
      "all digits. More tables lie beside this page as CSV files.");
    part(section, "Clusters and their indicators", "clusters", {
      rows: Data.clusters, columns: there("clusters", MAIN), all: Data.columns("clusters"),
      sort: ["rank", false], year: true, open_at_first: true,
      open: (row) => row, lineage: (row) => row.lineage,
    });
    part(section, "Changes from year to year", "matches", {
      rows: Data.matches, columns: there("matches", MATCHES), all: Data.columns("matches"),
      open: (row, column) => (column === "name_a" ? Data.find(row.year_a, row.label_a)
        : Data.find(row.year_b, row.label_b)),
      lineage: (row) => [Data.find(row.year_a, row.label_a), Data.find(row.year_b, row.label_b)]
        .filter(Boolean).map((c) => c.lineage).join(" "),
      why: "There is no matches.csv in these results: they are of one year, or were not compared.",
    });
    const named = (row) => ({ name: (Data.find(row.year, row.label) || {}).name || null, ...row });
    part(section, "Place in the network between clusters", "intercluster_nodes", {
      rows: Data.rows("intercluster_nodes").map(named),
      columns: ["name", ...Data.columns("intercluster_nodes").filter((c) => !c.includes("without_loop"))],
      all: ["name", ...Data.columns("intercluster_nodes")],
      sort: ["degree", true], year: true, open: (row) => Data.find(row.year, row.label),
      lineage: (row) => (Data.find(row.year, row.label) || {}).lineage,
      why: "There is no intercluster_nodes.csv in these results.",
    });
    part(section, "Gatekeepers", "gatekeepers", {
      rows: Data.gatekeepers.map(named), columns: ["name", ...Data.columns("gatekeepers")],
      sort: ["score", true], year: true, open: (row) => Data.find(row.year, row.label),
      lineage: (row) => (Data.find(row.year, row.label) || {}).lineage,
      note: "firms with many partners both inside and outside of their cluster",
      why: "There is no gatekeepers.csv in these results.",
    });
  }

  return { draw };
})();
