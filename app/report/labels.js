// Names beside marks, as many as there is room for.

const Labels = (() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const HEIGHT = 13;

  function textWidth(text) {
    canvas.font = "12px system-ui, sans-serif";
    return canvas.measureText(text).width;
  }

  const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

  /** Right, left, above or below a mark. */
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
    ];
  }

  /**
   * `items`: {x, y, radius, text, datum}, the most important first. No label covers a mark or another
   * label or leaves the frame. Returns {x, y, anchor, text, datum} of those that have a place.
   */
  function place(items, width, height) {
    const taken = items.map(({ x, y, radius }) =>
      ({ x0: x - radius, x1: x + radius, y0: y - radius, y1: y + radius }));
    const placed = [];
    for (const item of items) {
      const found = places(item).find((box) => box.x0 >= 0 && box.x1 <= width && box.y0 >= 0 &&
        box.y1 <= height && !taken.some((other) => overlap(box, other)));
      if (!found) continue;
      taken.push(found);
      placed.push({ ...item, x: found.at, y: (found.y0 + found.y1) / 2, anchor: found.anchor });
    }
    return placed;
  }

  function draw(layer, items, width, height) {
    const texts = layer.selectAll("text.name").data(place(items, width, height),
      (d) => d.datum.key);
    texts.exit().remove();
    texts.enter().append("text").attr("class", "name").attr("dy", "0.35em").merge(texts)
      .attr("data-lineage", (d) => d.datum.lineage).attr("text-anchor", (d) => d.anchor)
      .attr("x", (d) => d.x).attr("y", (d) => d.y).text((d) => d.text);
  }

  return { place, draw, textWidth };
})();
