// What pulls inwards against what pulls outwards, both years joined by an arrow.

const Quadrants = (() => {
  const MARGIN = { top: 30, right: 22, bottom: 48, left: 58 };
  const INWARDS = ["specialisation", "hierarchy", "internal_reach"];
  const OUTWARDS = ["related_variety", "disassortativity", "external_reach"];
  /** Types by the signs of the two scores; the typology itself is by k-means, so near these. */
  const CORNERS = [["path-dependent", 1, -1], ["resilient", 1, 1], ["centrifugal", -1, 1],
    ["other", -1, -1]];

  /** Scores where there are some, then the indicators, in z-scores if these are known. */
  function choices(score, indicators) {
    const columns = [score, ...indicators.map((name) =>
      (Data.filled("clusters", `z_${name}`) ? `z_${name}` : name))];
    return columns.filter((column) => Data.filled("clusters", column))
      .map((column) => [column, Format.title(column)]);
  }

  const preferred = (options, score, fallback) => {
    const names = options.map(([column]) => column);
    return names.find((n) => n === score) || names.find((n) => n.endsWith(fallback)) || names[0];
  };

  function padded([low, high]) {
    const room = (high - low || 1) * 0.08;
    return [low - room, high + room];
  }

  function draw(section) {
    const across = choices("centripetal", INWARDS);
    const upwards = choices("centrifugal", OUTWARDS);
    if (across.length === 0 || upwards.length === 0) {
      Dom.absent(section, "Four quadrants", "clusters.csv has no indicators that are defined.");
      return;
    }
    let x = preferred(across, "centripetal", "internal_reach");
    let y = preferred(upwards, "centrifugal", "external_reach");
    let arrows = true;
    const scheme = Colours.current;
    const scored = x === "centripetal" && y === "centrifugal";
    Dom.heading(section, "Four quadrants",
      "Right: firms of the cluster are tied to each other. Up: they are open to the rest of the " +
      "country. " + (Data.years.length > 1 ? "An arrow leads from each cluster's place in the " +
      "earlier year to that in the year chosen above. " : "") +
      (scored ? "" : "There is no typology in these results; the axes are two of its indicators: " +
      "choose others below. ") + "Lines cross at zero, or at the median of what is no z-score.");
    const defined = (c) => c[x] !== null && c[y] !== null && c[x] !== undefined && c[y] !== undefined;
    const status = Dom.element("p", { class: "status" });
    section.append(Dom.element("div", { class: "controls" },
      Dom.select("Right", across, x, (value) => { x = value; chart.redraw(); }),
      Dom.select("Up", upwards, y, (value) => { y = value; chart.redraw(); }),
      Data.years.length > 1 ? Dom.checkbox("Arrows", arrows, (on) => { arrows = on; chart.redraw(); })
        : null), Colours.legend(scheme));

    /** The same cluster in the year before the one chosen; after it, if that is the first. */
    function otherOf(cluster) {
      const year = Data.years[Math.max(0, Data.years.indexOf(State.year) - 1)];
      return Data.lineages.get(cluster.lineage).find((c) => c.year === year && c !== cluster) || null;
    }

    function drawAxes(svg, xScale, yScale, width, height) {
      const axis = (layer, make) => layer.call(make.tickSizeOuter(0)).attr("font-family", null);
      axis(svg.append("g").attr("class", "axis")
        .attr("transform", `translate(0,${height - MARGIN.bottom})`), d3.axisBottom(xScale).ticks(7));
      axis(svg.append("g").attr("class", "axis").attr("transform", `translate(${MARGIN.left},0)`),
        d3.axisLeft(yScale).ticks(7));
      svg.append("text").attr("class", "axis-title").attr("x", width - MARGIN.right)
        .attr("y", height - 8).attr("text-anchor", "end").text(`${Format.title(x)} →`);
      svg.append("text").attr("class", "axis-title").attr("x", 6).attr("y", 16)
        .text(`↑ ${Format.title(y)}`);
    }

    function drawCross(svg, xScale, yScale, width, height, clusters) {
      const centre = (column) => (column.startsWith("z_") || column.startsWith("centri")
        ? 0 : d3.median(clusters, (c) => c[column]));
      const [cx, cy] = [xScale(centre(x)), yScale(centre(y))];
      svg.append("path").attr("class", "cross")
        .attr("d", `M${cx},${MARGIN.top}V${height - MARGIN.bottom}M${MARGIN.left},${cy}H${width - MARGIN.right}`);
      if (x !== "centripetal" || y !== "centrifugal") return;
      svg.append("g").attr("class", "corners").selectAll("text").data(CORNERS).join("text")
        .attr("x", ([, right]) => (right > 0 ? width - MARGIN.right - 6 : MARGIN.left + 8))
        .attr("y", ([, , up]) => (up > 0 ? MARGIN.top + 14 : height - MARGIN.bottom - 10))
        .attr("text-anchor", ([, right]) => (right > 0 ? "end" : "start")).text(([name]) => name);
    }

    function drawArrows(svg, pairs, at, radius) {
      svg.append("defs").append("marker").attr("id", "arrow-head").attr("viewBox", "0 0 8 8")
        .attr("refX", 7).attr("refY", 4).attr("markerWidth", 7).attr("markerHeight", 7)
        .attr("markerUnits", "userSpaceOnUse").attr("orient", "auto")
        .append("path").attr("class", "head").attr("d", "M0,0L8,4L0,8Z");
      const line = ([from, to]) => {
        const [a, b] = [at(from), at(to)];
        const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
        const end = State.year === to.year ? radius(to.firms) : 3;
        const part = length > end + 4 ? (length - end - 1) / length : 1;
        return `M${a}L${a[0] + (b[0] - a[0]) * part},${a[1] + (b[1] - a[1]) * part}`;
      };
      svg.append("g").attr("class", "arrows").selectAll("path").data(pairs).join("path")
        .attr("data-lineage", ([from]) => from.lineage).attr("d", line)
        .attr("marker-end", "url(#arrow-head)");
      const ghosts = pairs.map(([from, to]) => (from.year === State.year ? to : from));
      Chart.interactive(svg.append("g").attr("class", "ghosts").selectAll("circle").data(ghosts)
        .join("circle").attr("r", 3.5).attr("cx", (c) => at(c)[0]).attr("cy", (c) => at(c)[1])
        .style("--kind", (c) => scheme.colour(c)));
    }

    const chart = Chart.create(section, {
      label: "Clusters by what pulls inwards and outwards",
      height: (width) => Math.min(620, Math.max(400, width * 0.6)),
      draw(svg, width, height) {
        svg.selectAll("*").remove();
        const population = Data.years.flatMap((year) => Data.shown(year, "selected")).filter(defined);
        const all = Data.shown(State.year, "selected");
        const clusters = all.filter(defined);
        const lost = all.length - clusters.length;
        status.textContent = `${clusters.length} clusters of ${State.year}` +
          (lost ? `; ${lost} more have no value here` : "");
        if (population.length === 0) return;
        const xScale = d3.scaleLinear(padded(d3.extent(population, (c) => c[x])),
          [MARGIN.left, width - MARGIN.right]);
        const yScale = d3.scaleLinear(padded(d3.extent(population, (c) => c[y])),
          [height - MARGIN.bottom, MARGIN.top]);
        const at = (c) => [xScale(c[x]), yScale(c[y])];
        const radius = Chart.radius(d3.max(population, (c) => c.firms), 13);
        drawAxes(svg, xScale, yScale, width, height);
        drawCross(svg, xScale, yScale, width, height, population);
        const pairs = clusters.map((c) => [c, otherOf(c)]).filter(([, other]) => other && defined(other))
          .map(([c, other]) => (other.year < c.year ? [other, c] : [c, other]));
        if (arrows) drawArrows(svg, pairs, at, radius);
        const along = arrows ? pairs.flatMap(([a, b]) => d3.range(0, 1, 0.04).map((t) =>
          at(a).map((from, axis) => from + (at(b)[axis] - from) * t))) : [];
        Chart.interactive(svg.append("g").attr("class", "marks").selectAll("path")
          .data(clusters.slice().sort((a, b) => b.firms - a.firms)).join("path")
          .attr("transform", (c) => `translate(${at(c)})`)
          .attr("d", (c) => scheme.mark(c, radius(c.firms))).style("--kind", (c) => scheme.colour(c)));
        Labels.draw(svg.append("g").attr("class", "names"), clusters.slice()
          .sort((a, b) => b.firms - a.firms).map((c) => {
            const [px, py] = at(c);
            return { x: px, y: py, radius: radius(c.firms), text: c.name, datum: c };
          }), width, height - MARGIN.bottom, along);
      },
    });
    section.append(status);
    State.onYear(() => chart.redraw());
  }

  return { draw };
})();
