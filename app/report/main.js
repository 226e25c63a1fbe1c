// Puts the page together. A part that fails says so and leaves the others alone.

(() => {
  const PARTS = [
    ["summary", "Summary", Summary], ["map", "Map", ClusterMap],
    ["quadrants", "Quadrants", Quadrants], ["network", "Network", Network],
    ["ranks", "Ranks", Ranks], ["sweep", "Sensitivity", Sweep], ["tables", "Tables", ClusterTables],
    ["provenance", "Provenance", Provenance],
  ];

  function yearSwitch() {
    if (Data.years.length < 2) return;
    document.getElementById("year-switch").append(Dom.segmented("Year",
      Data.years.map((year) => [year, String(year)]), State.year, State.setYear));
  }

  function contents() {
    document.getElementById("contents").append(...PARTS.slice(1).map(([id, name]) =>
      Dom.element("a", { href: `#${id}` }, name)));
  }

  function printing() {
    window.addEventListener("beforeprint", () => {
      for (const box of document.querySelectorAll("details:not([open])")) {
        box.dataset.closed = "";
        box.open = true;
      }
    });
    window.addEventListener("afterprint", () => {
      for (const box of document.querySelectorAll("details[data-closed]")) {
        delete box.dataset.closed;
        box.open = false;
      }
    });
  }

  yearSwitch();
  contents();
  printing();
  for (const [id, name, part] of PARTS) {
    const section = document.getElementById(id);
    try {
      part.draw(section);
    } catch (error) {
      console.error(`${name}:`, error);
      section.append(Dom.element("p", { class: "absent" }, `This part could not be drawn: ${error}`));
    }
  }
  document.getElementById("footer").append(
    `Made by tradegraph ${Data.version} from the folder “${Data.folder}”. Drawn with D3 ${d3.version} ` +
    "(Mike Bostock, BSD licence).");
  document.body.dataset.ready = "yes";
})();
