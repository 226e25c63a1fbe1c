// Tables that can be sorted, filtered and copied.

const Table = (() => {
  const SHOWN = 25;
  /** Columns whose cells open the cluster that they name. */
  const NAMES = new Set(["name", "name_a", "name_b", "cluster", "partner"]);

  /** Empty cells last, whatever the direction. */
  function compare(column, descending) {
    return (a, b) => {
      const [x, y] = [a[column], b[column]];
      if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
      if (y === null || y === undefined) return -1;
      const order = typeof x === "number" && typeof y === "number"
        ? x - y : String(x).localeCompare(String(y), "en", { numeric: true });
      return descending ? -order : order;
    };
  }

  /** RFC 4180, values as they are in the files. */
  function asCsv(columns, rows) {
    const quoted = (value) => {
      const text = value === null || value === undefined ? "" : String(value);
      return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    };
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
      .map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  /** Pages opened from a disk may not be let to the clipboard: then by way of a selection. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = Dom.element("textarea", { class: "offscreen", "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  /**
   * `columns`: those shown at first; `all`: those of the button "all columns" (none: no button).
   * `sort`: [column, descending]. `year`: only rows of the year that is looked at, until "all years"
   * is asked for. `open`: what a click on a row's name opens, from the row.
   */
  function create(parent, { title, rows, columns, all = [], sort, year = false, open, lineage,
    note }) {
    let [sorted, descending] = sort || [null, false];
    let wanted = "";
    let everything = false;
    let wide = false;
    let everyYear = !year;
    let onlySelected = false;

    const status = Dom.element("p", { class: "status", role: "status" });
    const grid = Dom.element("table", {});
    const more = Dom.element("button", {
      type: "button", class: "more", click: () => { everything = !everything; draw(); },
    });

    const visible = () => (wide ? all : columns);
    const searched = () => wanted.toLocaleLowerCase("en").split(/\s+/).filter(Boolean);

    function chosen() {
      const words = searched();
      const found = rows.filter((row) => (everyYear || row.year === State.year) &&
        (!onlySelected || row.selected === 1) && words.every((word) => visible().some((column) =>
        row[column] !== null && row[column] !== undefined &&
          String(row[column]).toLocaleLowerCase("en").includes(word))));
      return sorted ? found.slice().sort(compare(sorted, descending)) : found;
    }

    const isNumeric = (column) => rows.some((row) => typeof row[column] === "number");
    const largestFirst = (column) => isNumeric(column) && !/^(rank|label|year)/.test(column);

    function head(column) {
      const now = column === sorted ? (descending ? "descending" : "ascending") : "none";
      const button = Dom.element("button", {
        type: "button", title: Format.meaning(column),
        click: () => {
          descending = column === sorted ? !descending : largestFirst(column);
          sorted = column;
          draw();
          grid.querySelector(`[data-column="${CSS.escape(column)}"] button`).focus();
        },
      }, Format.title(column), Dom.element("span", { class: "arrow", "aria-hidden": "true" },
        now === "none" ? "" : descending ? " ▾" : " ▴"));
      return Dom.element("th", {
        scope: "col", "aria-sort": now, "data-column": column,
        class: isNumeric(column) ? "numeric" : null,
      }, button);
    }

    function cell(row, column) {
      const value = row[column];
      const text = Format.cell(column, value === undefined ? null : value);
      const numeric = typeof value === "number";
      const exact = numeric && String(value) !== text ? String(value) : null;
      const content = open && NAMES.has(column) && open(row, column)
        ? Dom.element("button", {
          type: "button", class: "link", click: () => Panel.open(open(row, column)),
        }, text)
        : text;
      return Dom.element("td", { class: numeric ? "numeric" : null, title: exact }, content);
    }

    function draw() {
      const found = chosen();
      const shown = everything ? found : found.slice(0, SHOWN);
      const line = (row) => Dom.element("tr", { "data-lineage": lineage ? lineage(row) : null },
        ...visible().map((column) => cell(row, column)));
      grid.replaceChildren(
        Dom.element("caption", { class: "offscreen" }, title),
        Dom.element("thead", {}, Dom.element("tr", {}, ...visible().map(head))),
        Dom.element("tbody", {}, ...shown.map(line)));
      status.textContent = `${Format.number(shown.length)} of ${Format.number(rows.length)} rows` +
        (note ? `; ${note}` : "");
      more.hidden = found.length <= SHOWN;
      more.textContent = everything ? `Show ${SHOWN} only` : `Show all ${Format.number(found.length)}`;
    }

    const filter = Dom.element("input", {
      type: "search", placeholder: "words to look for", "aria-label": `Filter: ${title}`,
      input: (event) => { wanted = event.target.value; draw(); },
    });
    const copied = Dom.element("button", {
      type: "button",
      click: async () => {
        const done = await copy(asCsv(visible(), chosen()));
        copied.textContent = done ? "Copied" : "Could not copy";
        setTimeout(() => { copied.textContent = "Copy as CSV"; }, 1500);
      },
    }, "Copy as CSV");
    const several = year && new Set(rows.map((row) => row.year)).size > 1;
    const tools = Dom.element("div", { class: "controls" }, filter,
      several ? Dom.checkbox("All years", everyYear, (on) => { everyYear = on; draw(); }) : null,
      rows.some((row) => row.selected === 1) && rows.some((row) => row.selected === 0)
        ? Dom.checkbox("Selected only", onlySelected, (on) => { onlySelected = on; draw(); }) : null,
      all.length > columns.length
        ? Dom.checkbox(`All ${all.length} columns`, wide, (on) => { wide = on; draw(); }) : null,
      copied);
    parent.append(tools,
      Dom.element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": title },
        grid), Dom.element("div", { class: "below" }, status, more));
    draw();
    if (year) State.onYear(draw);
    return { draw };
  }

  return { create, asCsv };
})();
