// Colours and shapes of kinds of clusters. The colours are told apart with any colour vision; shapes
// say the same once more. What they are is in style.css, for light and dark.

const Colours = (() => {
  const TYPES = ["path-dependent", "resilient", "centrifugal", "other"];
  const SHAPES = [d3.symbolCircle, d3.symbolSquare, d3.symbolTriangle, d3.symbolDiamond,
    d3.symbolCross, d3.symbolWye, d3.symbolStar];
  const REST = "var(--kind-rest)";

  /** The kinds in a column, by firms; beyond `most` they share one grey. */
  function kinds(column, most) {
    const size = d3.nest().key((c) => c[column]).rollup((members) => d3.sum(members, (c) => c.firms))
      .entries(Data.clusters.filter((c) => c[column] !== null));
    if (column === "type") return TYPES.filter((type) => size.some(({ key }) => key === type));
    return size.sort((a, b) => d3.descending(a.value, b.value)).slice(0, most).map(({ key }) => key);
  }

  /** Results without types and groups: all alike. */
  const ONE = {
    column: null, entries: [], colour: () => "var(--kind-0)",
    mark: (cluster, radius) => d3.symbol().size(Math.PI * radius * radius)(),
  };

  function scheme(column) {
    if (!column) return ONE;
    const named = kinds(column, SHAPES.length);
    const position = (cluster) => named.indexOf(String(cluster[column]));
    const colourAt = (at) => (at < 0 ? REST : `var(--kind-${at})`);
    const shapeAt = (at) => (at < 0 ? d3.symbolCircle : SHAPES[at]);
    const rest = Data.clusters.some((c) => position(c) < 0);
    const entries = named.map((name, at) => ({ name, colour: colourAt(at), shape: shapeAt(at) }));
    if (rest) {
      const name = column === "type" ? "no type" : "other groups";
      entries.push({ name, colour: REST, shape: d3.symbolCircle });
    }
    return {
      column, entries,
      colour: (cluster) => colourAt(position(cluster)),
      /** Path of the mark with about the area of a circle of this radius. */
      mark: (cluster, radius) =>
        d3.symbol().type(shapeAt(position(cluster))).size(Math.PI * radius * radius)(),
    };
  }

  function legend(chosen) {
    const item = ({ name, colour, shape }) => {
      const entry = Dom.element("li", {});
      d3.select(entry).append("svg").attr("width", 14).attr("height", 14).attr("aria-hidden", "true")
        .append("path").attr("transform", "translate(7,7)")
        .attr("d", d3.symbol().type(shape).size(80)()).style("fill", colour);
      entry.append(name);
      return entry;
    };
    return Dom.element("ul", { class: "legend", "aria-label": chosen.column ? Format.title(chosen.column) : null,
      hidden: chosen.entries.length === 0 },
      ...chosen.entries.map(item));
  }

  /** By type where there are types, else by group. */
  const columns = ["type", "group"].filter((column) => Data.filled("clusters", column));
  const current = scheme(columns[0]);

  return { scheme, legend, columns, current };
})();
