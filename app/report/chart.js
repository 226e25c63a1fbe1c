// What all charts share: a drawing that follows the width of the page, and marks of clusters.

const Chart = (() => {
  /** Calls `draw(svg, width, height)` now, when the width changes, and when told to. */
  function create(parent, { label, height, draw }) {
    const box = Dom.element("div", { class: "chart" });
    parent.append(box);
    const svg = d3.select(box).append("svg").attr("role", "img").attr("aria-label", label);
    let width = 0;
    function redraw() {
      if (width === 0) return;
      const tall = Math.round(typeof height === "function" ? height(width) : height);
      svg.attr("width", width).attr("height", tall).attr("viewBox", `0 0 ${width} ${tall}`);
      draw(svg, width, tall);
    }
    new ResizeObserver(([entry]) => {
      const now = Math.floor(entry.contentRect.width);
      if (now === width) return;
      width = now;
      requestAnimationFrame(redraw);  // not in the observer's own turn, which would loop
    }).observe(box);
    return { redraw, box };
  }

  /** Pointing at a mark shows its facts and its lineage everywhere; a click opens its panel. */
  function interactive(selection, clusterOf = (d) => d) {
    Dom.tooltips(selection, (d) => describe(clusterOf(d)));
    return selection
      .attr("data-lineage", (d) => clusterOf(d).lineage)
      .classed("mark", true)
      .on("mouseenter.focus", (d) => State.focus(clusterOf(d).lineage))
      .on("mouseleave.focus", () => State.focus(null))
      .on("click", (d) => Panel.open(clusterOf(d)));
  }

  const SIX = ["specialisation", "hierarchy", "internal_reach", "related_variety",
    "disassortativity", "external_reach"];

  /** The six indicators, raw, and in units of their spread where that is known. */
  const indicators = (cluster) => SIX.filter((name) => name in cluster).map((name) => {
    const z = cluster[`z_${name}`];
    const beside = z === null || z === undefined ? "" : ` (z ${Format.signed(z)})`;
    return [Format.title(name), Format.number(cluster[name]) + beside];
  });

  function describe(cluster) {
    const kind = ["type", "group"].filter((column) => cluster[column]).map((c) => cluster[c]);
    return Dom.element("div", {},
      Dom.element("p", { class: "tip-title" }, `${cluster.name} `,
        Dom.element("span", {}, String(cluster.year))),
      Dom.element("p", { class: "tip-kind" }, [...kind,
        cluster.selected === 1 ? "selected" : "agglomeration, not selected"].join(" · ")),
      Dom.facts([
        ["Firms", Format.number(cluster.firms)], ["Links inside", Format.number(cluster.links)],
        ["Inclusiveness", Format.percent(cluster.inclusiveness)],
        ["Rank", Format.number(cluster.rank)], ...indicators(cluster),
      ]));
  }

  /** Moves marks {x, y, radius} apart until none covers another; each keeps near its own place. */
  function spread(marks, strength = 0.25) {
    for (const mark of marks) {
      mark.homeX = mark.x;
      mark.homeY = mark.y;
    }
    d3.forceSimulation(marks)
      .force("x", d3.forceX((d) => d.homeX).strength(strength))
      .force("y", d3.forceY((d) => d.homeY).strength(strength))
      .force("apart", d3.forceCollide((d) => d.radius * 1.15 + 1).iterations(3))
      .stop().tick(90);
    return marks;
  }

  const radius = (most, largest) => {
    const scale = d3.scaleSqrt().domain([0, most]).range([0, largest]);
    return (value) => Math.max(4, scale(value || 0));
  };

  return { create, interactive, describe, indicators, spread, radius, SIX };
})();
