// Names beside marks, as many as there is room for.

const Labels = (() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const HEIGHT = 13;

  function textWidth(text) {
    canvas.font = "12px system-ui, sans-serif";
    return canvas.measureText(text).width;
  }

  const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

  /** Right, left, above, below a mark; above or below and to a side. */
  function places({ x, y, radius, text }) {
    const width = textWidth(text);
    const gap = radius + 4;
    const box = (left, middle, anchor, at) => ({
      x0: left, x1: left + width, y0: middle - HEIGHT / 2, y1: middle + HEIGHT / 2, anchor, at,
    });
    return [
      box(x + gap, y, "start", x + gap),
      box(x - gap - width, y, "end", x - gap),
      box(x - width / 2, y - gap - HEIGHT / 2, "middle", x),
      box(x - width / 2, y + gap + HEIGHT / 2, "middle", x),
      ...[-1, 1].flatMap((way) => [
        box(x - radius / 2, y + way * (gap + HEIGHT / 2), "start", x - radius / 2),
        box(x + radius / 2 - width, y + way * (gap + HEIGHT / 2), "end", x + radius / 2),
      ]),
    ];
  }

  /**
   * `items`: {x, y, radius, text, datum}, the most important first. No label covers a mark or another
   * label or leaves the frame; where there is a choice, none covers one of `points` ([x, y]) either.
   * Returns {x, y, anchor, text, datum} of those that have a place.
   */
  function place(items, width, height, points) {
    const taken = items.map(({ x, y, radius }) =>
      ({ x0: x - radius, x1: x + radius, y0: y - radius, y1: y + radius }));
    const placed = [];
    for (const item of items) {
      const free = places(item).filter((box) => box.x0 >= 0 && box.x1 <= width && box.y0 >= 0 &&
        box.y1 <= height && !taken.some((other) => overlap(box, other)));
      const covers = (box) => points.some(([x, y]) => x > box.x0 && x < box.x1 && y > box.y0 &&
        y < box.y1);
      const found = free.find((box) => !covers(box)) || free[0];
      if (!found) continue;
      taken.push(found);
      placed.push({ ...item, x: found.at, y: (found.y0 + found.y1) / 2, anchor: found.anchor });
    }
    return placed;
  }

  function draw(layer, items, width, height, points = []) {
    layer.selectAll("text").data(place(items, width, height, points)).join("text")
      .attr("class", "name").attr("dy", "0.35em").attr("data-lineage", (d) => d.datum.lineage)
      .attr("text-anchor", (d) => d.anchor)
      .attr("x", (d) => d.x).attr("y", (d) => d.y).text((d) => d.text);
  }

  return { place, draw, textWidth };
})();
