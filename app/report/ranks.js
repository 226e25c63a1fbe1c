// How clusters change places from year to year.

const Ranks = (() => {
  const ROW = 19;
  const MEASURES = ["rank", "firms", "links", "inclusiveness", "specialisation", "hierarchy",
    "internal_reach", "related_variety", "disassortativity", "external_reach", "centripetal",
    "centrifugal"];

  /** Place of each cluster of a year among those shown, and what it is printed as. */
  function order(year, measure, keep) {
    const members = Data.inYear(year).filter((c) => keep(c) && c[measure] !== null);
    const sorted = members.sort((a, b) => (measure === "rank" ? a.rank - b.rank
      : b[measure] - a[measure]) || a.label - b.label);
    return new Map(sorted.map((cluster, at) => [cluster, at]));
  }

  const eventOf = (a, b) => Data.matches.find((m) => m.matched === 1 && m.year_a === a.year &&
    m.label_a === a.label && m.year_b === b.year && m.label_b === b.label) || {};

  function draw(section) {
    const title = "Rank changes";
    if (Data.years.length < 2) {
      Dom.absent(section, title, "These results are of one year: there is nothing to compare it with.");
      return;
    }
    if (!Data.has("matches")) {
      Dom.absent(section, title, "There is no matches.csv in these results: which cluster of one year is " +
        "which of the other is not known.");
      return;
    }
    Dom.heading(section, title, "Clusters of each year in their order, joined where the years' clusters " +
      "are matched. Numbers are ranks: by inclusiveness over all agglomerations, by others among those shown.");
    const measures = MEASURES.filter((name) => Data.filled("clusters", name))
      .map((name) => [name, name === "rank" ? "Inclusiveness (the screening)" : Format.title(name)]);
    let measure = measures[0][0];
    section.append(Dom.element("div", { class: "controls" },
      Dom.select("Order by", measures, measure, (value) => { measure = value; chart.redraw(); }),
      Dom.element("ul", { class: "legend" }, ...[["rise", "rises"], ["fall", "falls"],
        ["level", "keeps its place"], ["rise dashed", "promoted"], ["fall dashed", "demoted"]]
        .map(([kind, text]) => {
          const item = Dom.element("li", {});
          d3.select(item).append("svg").attr("width", 24).attr("height", 10).append("path")
            .attr("class", `slope ${kind}`).attr("d", "M1,5H23");
          item.append(text);
          return item;
        }))));

    const kept = new Set(Data.years.flatMap((year) => Data.shown(year, "selected"))
      .map((c) => c.lineage));
    const keep = (c) => kept.has(c.lineage);
    const rows = d3.max(Data.years, (year) => Data.inYear(year).filter(keep).length);

    const chart = Chart.create(section, {
      label: title, height: 44 + rows * ROW,
      draw(svg, width, height) {
        svg.selectAll("*").remove();
        const places = new Map(Data.years.map((year) => [year, order(year, measure, keep)]));
        const side = Math.min(230, width * 0.34);
        const column = d3.scalePoint(Data.years, [side, width - side]);
        const y = (cluster) => 40 + places.get(cluster.year).get(cluster) * ROW;
        const shownRank = (c) => (measure === "rank" ? c.rank : places.get(c.year).get(c) + 1);
        svg.append("g").attr("class", "year-heads").selectAll("text").data(Data.years).join("text")
          .attr("x", column).attr("y", 18).attr("text-anchor", (year, i) => (i === 0 ? "end"
            : i === Data.years.length - 1 ? "start" : "middle")).text(String);
        const steps = [];
        for (const members of Data.lineages.values()) {
          for (const [a, b] of d3.pairs(members)) {
            if (places.get(a.year).has(a) && places.get(b.year).has(b)) steps.push([a, b]);
          }
        }
        const change = ([a, b]) => shownRank(a) - shownRank(b);
        const kind = (step) => {
          const event = eventOf(...step).event;
          const way = change(step) > 0 ? "rise" : change(step) < 0 ? "fall" : "level";
          return `slope mark ${way}${event === "promoted" || event === "demoted" ? " dashed" : ""}`;
        };
        const lines = svg.append("g").selectAll("path").data(steps).join("path")
          .attr("d", ([a, b]) => `M${column(a.year) + 6},${y(a)}L${column(b.year) - 6},${y(b)}`);
        Chart.interactive(lines, ([, b]) => b).attr("class", kind);
        Dom.tooltips(lines, (step) => Dom.element("div", {},
          Dom.element("p", { class: "tip-title" }, step[1].name),
          Dom.facts([[`Rank ${step[0].year}`, Format.number(shownRank(step[0]))],
            [`Rank ${step[1].year}`, Format.number(shownRank(step[1]))],
            ["Places won", Format.signed(change(step))], ["Event", eventOf(...step).event || null]])));
        for (const [i, year] of Data.years.entries()) {
          const first = i === 0;
          const last = i === Data.years.length - 1;
          const layer = svg.append("g");
          const members = [...places.get(year).keys()];
          Chart.interactive(layer.selectAll("circle").data(members).join("circle").attr("r", 3.5)
            .attr("class", "stop").attr("cx", column(year)).attr("cy", y)).attr("class", "stop mark");
          if (!first && !last) continue;
          const room = side - 34;
          const text = (c) => {
            let name = c.name;
            while (name.length > 4 && Labels.textWidth(name) > room) name = `${name.slice(0, -2)}…`;
            return first ? `${name}\u2002${shownRank(c)}` : `${shownRank(c)}\u2002${name}`;
          };
          Chart.interactive(layer.selectAll("text").data(members).join("text")
            .attr("x", column(year) + (first ? -9 : 9)).attr("y", y).attr("dy", "0.35em")
            .attr("text-anchor", first ? "end" : "start").text(text)).attr("class", "name mark")
            .classed("faint", (c) => c.selected === 0);
        }
      },
    });
  }

  return { draw };
})();
