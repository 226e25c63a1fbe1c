// Who supplies whom: the largest flows between clusters, drawn and listed.

const Network = (() => {
  /** A bow to the right of its direction, so that both directions are seen. */
  function bow(a, b, end) {
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = Math.hypot(dx, dy) || 1;
    const middle = [(a.x + b.x) / 2 - dy * 0.16, (a.y + b.y) / 2 + dx * 0.16];
    // Ends at the rim of the mark, along the last part of the curve.
    const [ex, ey] = [b.x - middle[0], b.y - middle[1]];
    const reach = Math.hypot(ex, ey) || 1;
    const stop = length > end + 6 ? end + 3 : 0;
    return `M${a.x},${a.y}Q${middle},${b.x - ex / reach * stop},${b.y - ey / reach * stop}`;
  }

  function geographic(nodes, width, height, margin) {
    const placed = nodes.filter((n) => n.cluster.lon !== null && n.cluster.lat !== null);
    const middle = (d3.mean(d3.extent(placed, (n) => n.cluster.lat)) || 0) * Math.PI / 180;
    const flat = (n) => [n.cluster.lon * Math.cos(middle), -n.cluster.lat];
    const [x0, x1] = d3.extent(placed, (n) => flat(n)[0]);
    const [y0, y1] = d3.extent(placed, (n) => flat(n)[1]);
    const scale = Math.min((width - 2 * margin) / Math.max(x1 - x0, 1e-3),
      (height - 2 * margin) / Math.max(y1 - y0, 1e-3));
    for (const node of placed) {
      const [x, y] = flat(node);
      node.x = width / 2 + (x - (x0 + x1) / 2) * scale;
      node.y = height / 2 + (y - (y0 + y1) / 2) * scale;
    }
    nodes.filter((n) => n.x === undefined).forEach((n, i) => {
      n.x = margin + i * 20;
      n.y = height - margin / 2;
    });
    d3.forceSimulation(nodes).force("x", d3.forceX((n) => n.x).strength(0.2))
      .force("y", d3.forceY((n) => n.y).strength(0.2))
      .force("apart", d3.forceCollide((n) => n.radius + 7).iterations(3)).stop().tick(150);
  }

  function byTies(nodes, flows, width, height) {
    const most = d3.max(flows, (f) => f.value) || 1;
    d3.forceSimulation(nodes)
      .force("ties", d3.forceLink(flows.map((f) => ({ source: f.a, target: f.b, value: f.value })))
        .distance(80).strength((f) => 0.1 + 0.5 * Math.sqrt(f.value / most)))
      .force("apart", d3.forceManyBody().strength(-260))
      .force("rims", d3.forceCollide((n) => n.radius + 8).iterations(2))
      .force("x", d3.forceX(width / 2).strength(0.06 * height / width))
      .force("y", d3.forceY(height / 2).strength(0.1)).stop().tick(320);
  }

  function keepInside(nodes, width, height) {
    for (const node of nodes) {
      node.x = Math.max(node.radius + 8, Math.min(width - node.radius - 8, node.x));
      node.y = Math.max(node.radius + 8, Math.min(height - node.radius - 8, node.y));
    }
  }

  /** One row a pair of clusters: what the first supplies the second, and buys from it, by links and by amount. */
  function pairs(year) {
    const found = new Map();
    for (const flow of Data.flows(year, "links")) {
      const [low, high] = d3.extent([flow.from, flow.to]);
      const key = `${low} ${high}`;
      if (!found.has(key)) {
        found.set(key, { year, label_a: low, label_b: high,
          cluster: Data.find(year, low).name, partner: Data.find(year, high).name,
          links_supplied: 0, links_bought: 0, links: 0,
          ...(Data.hasAmounts ? { amount_supplied: 0, amount_bought: 0, amount: 0 } : {}) });
      }
      const pair = found.get(key);
      const way = flow.from === low ? "supplied" : "bought";
      pair[`links_${way}`] += flow.links;
      pair.links += flow.links;
      if (!Data.hasAmounts) continue;
      pair[`amount_${way}`] += flow.amount;
      pair.amount += flow.amount;
    }
    return [...found.values()];
  }

  function flowTable(section) {
    const rows = Data.years.flatMap(pairs);
    const measure = Data.hasAmounts ? "amount" : "links";
    const columns = ["cluster", "partner", "links_supplied", "links_bought", "links",
      ...(Data.hasAmounts ? ["amount_supplied", "amount_bought", "amount"] : [])];
    section.append(Dom.element("h3", {}, "Flows between pairs of clusters"));
    Table.create(section, {
      title: "Flows between pairs of clusters", rows, year: true, sort: [measure, true],
      columns: Data.years.length > 1 ? ["year", ...columns] : columns,
      open: (row, column) => Data.find(row.year, column === "cluster" ? row.label_a : row.label_b),
      lineage: (row) => `${Data.find(row.year, row.label_a).lineage} ` +
        Data.find(row.year, row.label_b).lineage,
    });
  }

  function draw(section) {
    const title = "Network between clusters";
    if (!Data.has("intercluster")) {
      Dom.absent(section, title, "There is no intercluster.csv in these results, or no trade in it.");
      return;
    }
    Dom.heading(section, title,
      "An arrow goes from supplier to buyer, the thicker the more is traded; it bows to the right of its " +
      "direction. Marks have areas by the number of their linked pairs of firms. Only the largest flows " +
      "are drawn; the table below has all.");
    let layout = "geographic";
    let by = Data.hasAmounts ? "amount" : "links";
    let scope = "selected";
    let count = 40;
    const scheme = Colours.current;
    const redraw = () => chart.redraw();
    section.append(Dom.element("div", { class: "controls" },
      Dom.segmented("Layout", [["geographic", "Places"], ["force", "Ties"]], layout,
        (value) => { layout = value; redraw(); }),
      Data.hasAmounts ? Dom.segmented("By", [["amount", "Amount"], ["links", "Links"]], by,
        (value) => { by = value; redraw(); }) : null,
      Dom.segmented("Show", [["selected", "Clusters"], ["all", "All agglomerations"]], scope,
        (value) => { scope = value; redraw(); }),
      Dom.slider("Flows", 5, 150, count, (value) => { count = value; redraw(); })),
    Colours.legend(scheme));

    function describe(flow) {
      const source = flow.a.cluster;
      const target = flow.b.cluster;
      return Dom.element("div", {},
        Dom.element("p", { class: "tip-title" }, `${source.name} → ${target.name}`),
        Dom.facts([["Links", Format.number(flow.links)],
          ["Amount", flow.amount === null ? null : Format.number(flow.amount)]]));
    }

    function drawFlows(svg, flows) {
      svg.append("defs").append("marker").attr("id", "flow-head").attr("viewBox", "0 0 8 8")
        .attr("refX", 5).attr("refY", 4).attr("markerWidth", 9).attr("markerHeight", 9)
        .attr("markerUnits", "userSpaceOnUse").attr("orient", "auto")
        .append("path").attr("class", "head").attr("d", "M0,0L8,4L0,8Z");
      const width = d3.scaleSqrt().domain([0, d3.max(flows, (f) => f.value) || 1]).range([0.6, 9]);
      Dom.tooltips(svg.append("g").attr("class", "flows").selectAll("path")
        .data(flows.slice().reverse()).join("path").attr("class", "mark")
        .attr("data-lineage", (f) => `${f.a.cluster.lineage} ${f.b.cluster.lineage}`)
        .attr("d", (f) => bow(f.a, f.b, f.b.radius)).attr("stroke-width", (f) => width(f.value))
        .attr("marker-end", "url(#flow-head)"), describe);
    }

    const chart = Chart.create(section, {
      label: title, height: (width) => Math.min(720, Math.max(420, width * 0.64)),
      draw(svg, width, height) {
        svg.selectAll("*").remove();
        const ties = (c) => (Data.nodeOf(c) || { degree: c.links }).degree;
        const clusters = Data.shown(State.year, scope);
        const radius = Chart.radius(d3.max(clusters, ties), 20);
        const nodes = clusters.map((cluster) => ({ cluster, radius: radius(ties(cluster)) }));
        const at = new Map(nodes.map((n) => [n.cluster.label, n]));
        const flows = Data.flows(State.year, by).filter((f) => at.has(f.from) && at.has(f.to))
          .slice(0, count)
          .map((f) => ({ ...f, value: f[by], a: at.get(f.from), b: at.get(f.to) }));
        if (layout === "geographic") geographic(nodes, width, height, 60);
        else byTies(nodes, flows, width, height);
        keepInside(nodes, width, height);
        drawFlows(svg, flows);
        Chart.interactive(svg.append("g").attr("class", "marks").selectAll("path")
          .data(nodes.slice().sort((a, b) => b.radius - a.radius)).join("path")
          .attr("transform", (n) => `translate(${n.x},${n.y})`)
          .attr("d", (n) => scheme.mark(n.cluster, n.radius))
          .classed("unselected", (n) => n.cluster.selected === 0)
          .style("--kind", (n) => scheme.colour(n.cluster)), (n) => n.cluster);
        Labels.draw(svg.append("g").attr("class", "names"), nodes.slice()
          .sort((a, b) => b.radius - a.radius).map((n) =>
            ({ x: n.x, y: n.y, radius: n.radius, text: n.cluster.name, datum: n.cluster })),
        width, height);
      },
    });
    State.onYear(redraw);
    flowTable(section);
  }

  return { draw };
})();
