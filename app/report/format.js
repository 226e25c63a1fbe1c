// Numbers and names for people.

const Format = (() => {
  const NOT_DEFINED = "–";
  const plain = new Set(["year", "label", "year_a", "year_b", "label_a", "label_b", "id", "code",
    "from", "to", "reference_label"]);
  const whole = d3.format(",d");

  /** At most four significant digits; whole numbers in full, with thousands apart. */
  function number(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return NOT_DEFINED;
    if (typeof value !== "number") return String(value);
    if (Number.isInteger(value)) return whole(value);
    const size = Math.abs(value);
    if (size >= 1000) return d3.format(",.0f")(value);
    if (size >= 100) return d3.format(".1f")(value);
    if (size >= 0.01) return d3.format(".2f")(value);
    return d3.format(".2~g")(value);
  }

  const cell = (column, value) => (value !== null && plain.has(column) ? String(value) : number(value));
  const percent = (value) => (value === null ? NOT_DEFINED : d3.format(".1%")(value));
  const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

  function bytes(value) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (value >= 1024 && unit + 1 < units.length) {
      value /= 1024;
      unit += 1;
    }
    return `${unit ? d3.format(".1f")(value) : value} ${units[unit]}`;
  }

  /** Columns with a name of their own; [short name, what it means]. */
  const names = {
    label: ["Label", "number of the agglomeration in its year, by size"],
    name: ["Name", "region of most members and industry group"],
    name_a: ["Name before", "in the earlier year"],
    name_b: ["Name now", "in the later year"],
    year_a: ["From", "earlier year"],
    year_b: ["To", "later year"],
    links_supplied: ["Supplies, links", "pairs of firms in which the cluster supplies its partner"],
    links_bought: ["Buys, links", "pairs of firms in which the cluster buys from its partner"],
    amount_supplied: ["Supplies, amount", "what the cluster supplies its partner"],
    amount_bought: ["Buys, amount", "what the cluster buys from its partner"],
    group: ["Group", "industry group in which it was found"],
    type: ["Type", "of the typology: path-dependent, resilient, centrifugal or other"],
    firms: ["Firms", "members"],
    nodes: ["Nodes", "members with any trade link"],
    links: ["Links", "directed pairs of firms"],
    inclusiveness: ["Inclusiveness", "share of nodes with a link inside"],
    rank: ["Rank", "by inclusiveness"],
    rank_a: ["Rank before", "by inclusiveness"],
    rank_b: ["Rank now", "by inclusiveness"],
    specialisation: ["Specialisation", "location quotient; pulls inwards"],
    hierarchy: ["Hierarchy", "minus the slope of log degree on log rank; pulls inwards"],
    internal_reach: ["Internal reach", "nearness of members by paths inside; pulls inwards"],
    related_variety: ["Related variety", "entropy within divisions; pulls outwards"],
    disassortativity: ["Disassortativity", "minus the correlation of degree and partners' degree; pulls outwards"],
    external_reach: ["External reach", "per cent of partners outside; pulls outwards"],
    centripetal: ["Centripetal score", "first component of the three inward z-scores"],
    centrifugal: ["Centrifugal score", "first component of the three outward z-scores"],
    linked_clusters: ["Linked clusters", "clusters with trade in either direction, itself included"],
    ari: ["Adjusted Rand index", "agreement with the baseline, noise as one class"],
    ami: ["Adjusted mutual information", "agreement with the baseline"],
    noise_share: ["Noise share", "firms without a cluster / firms with a place"],
    largest: ["Largest cluster", "its firms"],
    clusters: ["Clusters", "how many"],
    id: ["Firm", "id in the input"],
    inside: ["Inside", "partners in the cluster"],
    outside: ["Outside", "partners elsewhere"],
  };

  /** "internal_reach" -> "Internal reach". */
  function title(column) {
    if (names[column]) return names[column][0];
    if (column.startsWith("z_")) return `${title(column.slice(2))} (z)`;
    const words = column.replace(/_/g, " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  const meaning = (column) => (names[column] ? `${column}: ${names[column][1]}` : column);

  return { number, cell, percent, signed, bytes, title, meaning, NOT_DEFINED };
})();
