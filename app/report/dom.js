"use strict";
// Elements, small controls and the tooltip. Text from the data only ever becomes text nodes.

const Dom = (() => {
  /** An HTML element; attributes that are functions become listeners, null ones are left out. */
  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") node.addEventListener(name, value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  let count = 0;
  const unique = (name) => `${name}-${++count}`;

  /** One of a few choices, as a row of radio buttons. `options`: [value, text]. */
  function segmented(legend, options, value, choose) {
    const name = unique("choice");
    const buttons = options.map(([option, text]) => {
      const input = element("input", {
        type: "radio", name, id: unique("option"), value: option, change: () => choose(option),
      });
      input.checked = option === value;
      return element("span", {}, input, element("label", { for: input.id }, text));
    });
    return element("fieldset", { class: "segmented" }, element("legend", {}, legend), ...buttons);
  }

  /** One of many choices, as a list that opens. */
  function select(text, options, value, choose) {
    const list = element("select", { id: unique("select") },
      ...options.map(([option, label]) => element("option", { value: option }, label)));
    list.value = value;
    list.addEventListener("change", () => choose(list.value));
    return element("span", { class: "control" }, element("label", { for: list.id }, text), list);
  }

  function slider(text, low, high, value, choose) {
    const shown = element("output", {}, String(value));
    const input = element("input", {
      type: "range", min: low, max: high, value, id: unique("slider"),
      input: () => {
        shown.textContent = input.value;
        choose(Number(input.value));
      },
    });
    return element("span", { class: "control" }, element("label", { for: input.id }, text), input,
      shown);
  }

  function checkbox(text, value, choose) {
    const input = element("input", { type: "checkbox", id: unique("check") });
    input.checked = value;
    input.addEventListener("change", () => choose(input.checked));
    return element("span", { class: "control" }, input, element("label", { for: input.id }, text));
  }

  /** The head of a section: title, a sentence on how to read it, controls. */
  function heading(section, title, ...explanation) {
    const id = section.id;
    section.setAttribute("aria-labelledby", `${id}-title`);
    section.append(element("h2", { id: `${id}-title` }, title));
    if (explanation.length) section.append(element("p", { class: "explanation" }, ...explanation));
  }

  /** What a folder does not hold is said, not drawn. */
  function absent(section, title, reason) {
    heading(section, title);
    section.append(element("p", { class: "absent" }, reason));
  }

  const tip = () => document.getElementById("tooltip");

  function showTooltip(event, content) {
    const box = tip();
    box.replaceChildren(content);
    box.hidden = false;
    moveTooltip(event);
  }

  function moveTooltip(event) {
    const box = tip();
    const { width, height } = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const x = Math.max(8, Math.min(event.clientX + 14, room - width - 8));
    const below = event.clientY + 16;
    const y = below + height > window.innerHeight ? Math.max(8, event.clientY - height - 12) : below;
    box.style.transform = `translate(${x}px, ${y}px)`;
  }

  const hideTooltip = () => { tip().hidden = true; };

  /** Shows `content(datum)` while the pointer is on the marks of a D3 selection. */
  function tooltips(selection, content) {
    selection
      .on("mouseenter.tip", (datum) => showTooltip(d3.event, content(datum)))
      .on("mousemove.tip", () => moveTooltip(d3.event))
      .on("mouseleave.tip", hideTooltip);
    return selection;
  }

  /** Names beside values, for tooltips and panels. */
  function facts(pairs) {
    return element("dl", { class: "facts" }, ...pairs.filter(([, value]) => value !== null &&
      value !== "").flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  return { element, segmented, select, slider, checkbox, heading, absent, tooltips, hideTooltip,
    facts };
})();
