// A map and a list of checkboxes that say the same: a pick in one is a pick in the other.
//   <div data-area-map> <svg class="map">… <path data-area="ID"> …</svg>  <input type="checkbox" value="ID"> … </div>
// A map may come later (htmx). With data-pointer-only it is for mouse and finger: the list is the way for keys and voice.
(() => {
  const bind = (picker) => {
    const boxes = new Map();
    for (const box of picker.querySelectorAll("input[type=checkbox], input[type=radio]")) boxes.set(box.value, box);
    const shapes = [...picker.querySelectorAll("[data-area]")].filter((shape) => boxes.has(shape.dataset.area));

    const show = () => {
      for (const shape of shapes) {
        const isChosen = boxes.get(shape.dataset.area).checked;
        shape.classList.toggle("is-chosen", isChosen);
        if (shape.hasAttribute("role")) shape.setAttribute("aria-checked", String(isChosen));
      }
    };
    const toggle = (shape) => {
      const box = boxes.get(shape.dataset.area);
      box.checked = box.type === "radio" || !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };

    for (const shape of shapes) {
      if (shape.tagName === "text") continue;
      shape.addEventListener("click", () => toggle(shape));
      if (shape.closest("[data-pointer-only]")) continue;
      const box = boxes.get(shape.dataset.area);
      shape.setAttribute("role", box.type === "radio" ? "radio" : "checkbox");
      shape.setAttribute("tabindex", "0");
      shape.setAttribute("aria-label", box.closest("label")?.textContent.trim() || shape.dataset.name || "");
      shape.addEventListener("keydown", (event) => {
        if (event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        toggle(shape);
      });
    }
    // From now on the drawing is a set of controls, no longer a picture.
    for (const svg of picker.querySelectorAll("svg[role=img]:not([data-pointer-only])")) svg.setAttribute("role", "group");
    for (const group of picker.querySelectorAll("svg [aria-hidden]:not(text)")) group.removeAttribute("aria-hidden");
    picker.addEventListener("change", show);
    show();
  };
  document.querySelectorAll("[data-area-map]").forEach(bind);
  document.addEventListener("htmx:load", (event) => {
    const picker = event.target.closest?.("[data-area-map]");
    if (picker) bind(picker);
  });
})();
