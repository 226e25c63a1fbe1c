// How the clusters depend on the settings: a cell a setting, a panel a stretch.

const Sweep = (() => {
  const MEASURES = ["clusters", "noise_share", "largest", "ari", "ami"];
  const MARGIN = { top: 34, right: 12, bottom: 44, left: 64 };

  /** "1000,10,2" of the sweep's own settings. */
  function baseline() {
    const of = Data.sweep_provenance || Data.provenance;
    const text = String((of.settings || {}).baseline || "");
    const [eps, minFirms, stretch] = text.split(",").map(Number);
    return text ? { eps, min_firms: minFirms, stretch } : null;
  }

  const same = (a, b) => b !== null && a.eps === b.eps && a.min_firms === b.min_firms &&
    a.stretch === b.stretch;

  function draw(section) {
    const title = "Sensitivity to the settings";
    if (!Data.has("sweep")) {
      Dom.absent(section, title, "There is no sweep.csv in these results; tradegraph sweep makes one, and " +
        "tradegraph report --sweep DIR puts it here.");
      return;
    }
    const rows = Data.rows("sweep");
    const base = baseline();
    Dom.heading(section, title, "Each cell is a run of the identification with another reach (eps, metres) and " +
      "another least number of firms." + (base ? " The framed cell is the baseline." : ""));
    const measures = MEASURES.filter((name) => Data.filled("sweep", name))
      .map((name) => [name, Format.title(name)]);
    let measure = measures[0][0];
    const legend = Dom.element("div", { class: "ramp" });
    section.append(Dom.element("div", { class: "controls" },
      Dom.select("Colour by", measures, measure, (value) => { measure = value; chart.redraw(); }),
      legend));
    const stretches = [...new Set(rows.map((r) => r.stretch))].sort(d3.ascending);
    const epses = [...new Set(rows.map((r) => r.eps))].sort(d3.ascending);
    const counts = [...new Set(rows.map((r) => r.min_firms))].sort(d3.ascending);
    const panelHeight = MARGIN.top + MARGIN.bottom + Math.max(120, counts.length * 30);

    function describe(row) {
      return Dom.element("div", {}, Dom.element("p", { class: "tip-title" },
        `eps ${Format.number(row.eps)} m, ${row.min_firms} firms, stretch ${row.stretch}`),
      Dom.facts(MEASURES.map((name) => [Format.title(name),
        row[name] === null || row[name] === undefined ? null : Format.number(row[name])])));
    }

    function drawPanel(layer, stretch, width, colour) {
      const x = d3.scaleBand(epses, [MARGIN.left, width - MARGIN.right]).padding(0.04);
      const y = d3.scaleBand(counts, [panelHeight - MARGIN.bottom, MARGIN.top]).padding(0.04);
      const cells = rows.filter((r) => r.stretch === stretch);
      layer.append("text").attr("class", "panel-title").attr("x", MARGIN.left).attr("y", 20)
        .text(`stretch ${stretch}`);
      const every = Math.ceil(46 / x.step());
      layer.append("g").attr("class", "axis")
        .attr("transform", `translate(0,${panelHeight - MARGIN.bottom})`)
        .call(d3.axisBottom(x).tickSize(0).tickPadding(6)
          .tickValues(epses.filter((_, i) => i % every === 0)));
      layer.append("g").attr("class", "axis").attr("transform", `translate(${MARGIN.left},0)`)
        .call(d3.axisLeft(y).tickSize(0).tickPadding(6));
      layer.append("text").attr("class", "axis-title").attr("x", width - MARGIN.right)
        .attr("y", panelHeight - 8).attr("text-anchor", "end").text("eps, metres →");
      layer.append("text").attr("class", "axis-title").attr("x", 4).attr("y", MARGIN.top - 4)
        .text("firms ↑");
      const boxes = layer.append("g").selectAll("rect").data(cells).join("rect").attr("class", "mark")
        .attr("x", (r) => x(r.eps)).attr("y", (r) => y(r.min_firms)).attr("width", x.bandwidth())
        .attr("height", y.bandwidth()).style("fill", (r) => (r[measure] === null ? "none" : colour(r[measure])));
      Dom.tooltips(boxes, describe);
      layer.append("g").selectAll("rect").data(cells.filter((r) => same(r, base))).join("rect")
        .attr("class", "baseline").attr("x", (r) => x(r.eps)).attr("y", (r) => y(r.min_firms))
        .attr("width", x.bandwidth()).attr("height", y.bandwidth());
      const text = (r) => Format.number(r[measure]);
      if (d3.max(cells, (r) => Labels.textWidth(text(r))) > x.bandwidth() - 4) return;
      layer.append("g").attr("class", "cells").selectAll("text").data(cells).join("text")
        .attr("x", (r) => x(r.eps) + x.bandwidth() / 2).attr("y", (r) => y(r.min_firms) + y.bandwidth() / 2)
        .attr("dy", "0.35em").attr("text-anchor", "middle")
        .style("fill", (r) => (r[measure] !== null && d3.lab(colour(r[measure])).l > 55 ? "#111" : "#fff"))
        .text(text);
    }

    function drawRamp(colour, low, high) {
      const stops = d3.range(0, 1.01, 0.1).map((t) => colour(low + t * (high - low)));
      legend.replaceChildren(Format.number(low),
        Dom.element("span", { class: "ramp-bar", style: `background:linear-gradient(90deg,${stops})` }),
        Format.number(high));
    }

    const chart = Chart.create(section, {
      label: title,
      height: (width) => panelHeight * Math.ceil(stretches.length / (width > 900 ? 2 : 1)),
      draw(svg, width) {
        svg.selectAll("*").remove();
        const [low, high] = d3.extent(rows, (r) => r[measure]);
        const colour = d3.scaleSequential(d3.interpolateCividis).domain([low, high === low ? low + 1 : high]);
        drawRamp(colour, low, high);
        const across = width > 900 && stretches.length > 1 ? 2 : 1;
        const each = width / across;
        stretches.forEach((stretch, i) => drawPanel(svg.append("g").attr("transform",
          `translate(${(i % across) * each},${Math.floor(i / across) * panelHeight})`), stretch, each, colour));
      },
    });
    if (!Data.has("persistence")) return;
    section.append(Dom.element("h3", {}, "How long each baseline cluster lasts"));
    Table.create(section, {
      title: "How long each baseline cluster lasts", rows: Data.rows("persistence"),
      columns: Data.columns("persistence").slice(0, 13), all: Data.columns("persistence"),
      sort: ["survival", true],
    });
  }

  return { draw };
})();
