// Where the clusters are: hulls of their members, marks by kind.

const ClusterMap = (() => {
  const FRAME = 36;

  /** Degrees to a plane: distances true at the middle latitude, good enough to look at. */
  function planeOf(points) {
    const middle = d3.mean(d3.extent(points, (p) => p[1])) * Math.PI / 180;
    return ([lon, lat]) => [lon * Math.cos(middle), -lat];
  }

  const ringOf = (geometry) => {
    if (!geometry) return [];
    if (geometry.type === "Polygon") return geometry.coordinates[0];
    return geometry.type === "LineString" ? geometry.coordinates : [geometry.coordinates];
  };

  const placeOf = (cluster) => (cluster.lon === null || cluster.lat === null
    || cluster.lon === undefined ? null : [cluster.lon, cluster.lat]);

  /** A round length whose bar is at most `most` pixels. */
  function scaleBar(metresPerPixel, most) {
    const longest = metresPerPixel * most;
    const power = 10 ** Math.floor(Math.log10(longest));
    const length = [5, 2, 1].map((n) => n * power).find((n) => n <= longest);
    return { pixels: length / metresPerPixel, text: length >= 1000 ? `${length / 1000} km` : `${length} m` };
  }

  function draw(section) {
    Dom.heading(section, "Map of clusters",
      "Each area is the convex hull of a cluster's members, each mark its centre with an area by its " +
      "number of firms. " + (Data.has("places") ? "Grey cells hold firms, in clusters or not. " : "") +
      "Marks that would cover each other are moved apart; a line leads to the place. " +
      "Drag to move, use the buttons or Ctrl and the wheel to come nearer, click for all about a cluster.");
    const placed = Data.clusters.filter(placeOf);
    if (placed.length === 0) {
      section.append(Dom.element("p", { class: "absent" }, "No cluster has a place in these results."));
      return;
    }
    let scope = "selected";
    let scheme = Colours.current;
    let transform = d3.zoomIdentity;

    const places = Data.rows("places");
    const points = [...placed.flatMap((c) => [placeOf(c), ...ringOf(c.hull)]),
      ...places.map((p) => [p.lon, p.lat])];
    const plane = planeOf(points);
    const [x0, x1] = d3.extent(points, (p) => plane(p)[0]);
    const [y0, y1] = d3.extent(points, (p) => plane(p)[1]);
    const radius = Chart.radius(d3.max(placed, (c) => c.firms), 17);

    const legend = Dom.element("div", {});
    const refreshLegend = () => legend.replaceChildren(Colours.legend(scheme));
    refreshLegend();
    section.append(Dom.element("div", { class: "controls" },
      Dom.segmented("Show", [["selected", "Clusters"], ["all", "All agglomerations"]], scope,
        (value) => { scope = value; chart.redraw(); }),
      Colours.columns.length > 1 ? Dom.segmented("Colour by",
        Colours.columns.map((column) => [column, Format.title(column)]), scheme.column, (value) => {
          scheme = Colours.scheme(value);
          refreshLegend();
          chart.redraw();
        }) : null), legend);

    function project(width, height) {
      const wide = Math.max(x1 - x0, 1e-3);
      const tall = Math.max(y1 - y0, 1e-3);
      const scale = Math.min((width - 2 * FRAME) / wide, (height - 2 * FRAME) / tall);
      const left = (width - scale * wide) / 2;
      const top = (height - scale * tall) / 2;
      const at = (place) => {
        const [x, y] = plane(place);
        return transform.apply([left + (x - x0) * scale, top + (y - y0) * scale]);
      };
      return { at, metresPerPixel: 111195 / (scale * transform.k),
        back: ([x, y]) => {
          const [u, v] = transform.invert([x, y]);
          return [(u - left) / scale + x0, (v - top) / scale + y0];
        } };
    }

    function drawGrid(svg, projection, width, height) {
      const cosine = plane([1, 0])[0];
      const [west, north] = projection.back([0, 0]);
      const [east, south] = projection.back([width, height]);
      const steps = (low, high) => d3.ticks(low, high, Math.max(3, Math.round(width / 170)));
      const meridians = steps(west / cosine, east / cosine)
        .map((lon) => ({ x: projection.at([lon, -north])[0], degrees: lon, mark: lon < 0 ? "W" : "E" }));
      const parallels = steps(-south, -north)
        .map((lat) => ({ y: projection.at([west / cosine, lat])[1], degrees: lat, mark: lat < 0 ? "S" : "N" }));
      const layer = svg.append("g").attr("class", "grid");
      layer.selectAll(null).data(meridians).join("line").attr("x1", (d) => d.x).attr("x2", (d) => d.x)
        .attr("y2", height);
      layer.selectAll(null).data(parallels).join("line").attr("y1", (d) => d.y).attr("y2", (d) => d.y)
        .attr("x2", width);
      const text = (d) => `${+Math.abs(d.degrees).toFixed(4)}° ${d.mark}`;
      layer.selectAll(null).data(meridians).join("text").attr("x", (d) => d.x + 3)
        .attr("y", height - 4).text(text);
      layer.selectAll(null).data(parallels.filter((d) => d.y > 14)).join("text").attr("x", 3)
        .attr("y", (d) => d.y - 3).text(text);
    }

    function drawScale(svg, projection, width, height) {
      const bar = scaleBar(projection.metresPerPixel, 120);
      const layer = svg.append("g").attr("class", "scale")
        .attr("transform", `translate(${width - bar.pixels - 14},${height - 22})`);
      layer.append("path").attr("d", `M0,-4V0H${bar.pixels}V-4`);
      layer.append("text").attr("x", bar.pixels / 2).attr("y", -6).attr("text-anchor", "middle")
        .text(bar.text);
    }

    /** All firms of the year, so that the country is seen: the more, the stronger. */
    function drawPlaces(svg, projection, width, height) {
      const cells = places.filter((p) => p.year === State.year);
      const most = Math.log1p(d3.max(cells, (p) => p.firms) || 1);
      const corner = (p, way) => projection.at([p.lon + way * p.side / 2, p.lat - way * p.side / 2]);
      const boxes = cells.map((p) => ({ a: corner(p, -1), b: corner(p, 1),
        strength: 0.16 + 0.5 * Math.log1p(p.firms) / most }))
        .filter(({ a, b }) => b[0] > 0 && a[0] < width && b[1] > 0 && a[1] < height);
      svg.append("g").attr("class", "places").selectAll("rect").data(boxes).join("rect")
        .attr("x", ({ a }) => a[0]).attr("y", ({ a }) => a[1])
        .attr("width", ({ a, b }) => Math.max(1, b[0] - a[0] - 0.5))
        .attr("height", ({ a, b }) => Math.max(1, b[1] - a[1] - 0.5))
        .style("fill-opacity", (box) => box.strength);
    }

    function drawHulls(svg, clusters, at) {
      const line = d3.line();
      const hulls = clusters.filter((c) => c.hull).sort((a, b) => b.firms - a.firms);
      Chart.interactive(svg.append("g").attr("class", "hulls").selectAll("path").data(hulls)
        .join("path").attr("d", (c) => line(ringOf(c.hull).map(at)))
        .classed("unselected", (c) => c.selected === 0).style("--kind", (c) => scheme.colour(c)));
    }

    function drawMarks(svg, clusters, at, width, height) {
      const marks = clusters.filter(placeOf).map((c) => {
        const [x, y] = at(placeOf(c));
        return { x, y, radius: radius(c.firms), cluster: c };
      }).filter((m) => m.x > -50 && m.x < width + 50 && m.y > -50 && m.y < height + 50);
      Chart.spread(marks);
      svg.append("g").attr("class", "leaders").selectAll("path")
        .data(marks.filter((m) => Math.hypot(m.x - m.homeX, m.y - m.homeY) > 5)).join("path")
        .attr("data-lineage", (m) => m.cluster.lineage)
        .attr("d", (m) => `M${m.homeX},${m.homeY}L${m.x},${m.y}`);
      const drawn = svg.append("g").attr("class", "marks").selectAll("path")
        .data(marks.sort((a, b) => b.radius - a.radius)).join("path")
        .attr("transform", (m) => `translate(${m.x},${m.y})`)
        .attr("d", (m) => scheme.mark(m.cluster, m.radius))
        .classed("unselected", (m) => m.cluster.selected === 0)
        .style("--kind", (m) => scheme.colour(m.cluster));
      Chart.interactive(drawn, (m) => m.cluster);
      const important = marks.slice().sort((a, b) => b.cluster.selected - a.cluster.selected ||
        b.cluster.firms - a.cluster.firms);
      Labels.draw(svg.append("g").attr("class", "names"), important.map((m) =>
        ({ ...m, text: m.cluster.name, datum: m.cluster })), width, height);
    }

    const chart = Chart.create(section, {
      label: "Map of clusters", height: (width) => Math.min(680, Math.max(380, width * 0.62)),
      draw(svg, width, height) {
        svg.selectAll("*").remove();
        Dom.hideTooltip();
        const projection = project(width, height);
        drawPlaces(svg, projection, width, height);
        drawGrid(svg, projection, width, height);
        const clusters = Data.shown(State.year, scope);
        drawHulls(svg, clusters, projection.at);
        drawMarks(svg, clusters, projection.at, width, height);
        drawScale(svg, projection, width, height);
      },
    });
    chart.box.classList.add("map");

    const zoom = d3.zoom().scaleExtent([1, 400])
      .filter(() => {
        const event = d3.event;
        if (event.type === "wheel") return event.ctrlKey || event.metaKey;
        return event.type === "touchstart" ? event.touches.length > 1 : !event.button;
      })
      .on("zoom", () => { transform = d3.event.transform; chart.redraw(); });
    const svg = d3.select(chart.box).select("svg").call(zoom);
    const button = (text, label, act) => Dom.element("button", {
      type: "button", "aria-label": label, title: label, click: act,
    }, text);
    chart.box.append(Dom.element("div", { class: "zoom" },
      button("+", "Nearer", () => zoom.scaleBy(svg, 1.8)),
      button("−", "Farther", () => zoom.scaleBy(svg, 1 / 1.8)),
      button("⤢", "Everything", () => zoom.transform(svg, d3.zoomIdentity))));
    State.onYear(() => chart.redraw());
  }

  return { draw };
})();
