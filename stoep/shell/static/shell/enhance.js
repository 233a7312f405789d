// Small comforts on top of pages that work without them.
(() => {
  const body = document.body;
  const words = (name) => body.dataset[name] || "";

  const focusSummary = (root) => root.querySelector("[data-error-summary]")?.focus();

  // A browser shows the first line of a long field, and leaves the rest behind the bar below.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea")) event.target.scrollIntoView({ block: "nearest" });
  });

  // The second press of a button does nothing; the server would make one post of two anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    });
    // A download leaves the page as it is: after a while the form may be sent again.
    setTimeout(() => release(form), 8000);
  });

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  };
  // Coming back with the browser's own button shows the page as it was left.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });

  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };

  const count = (field) => {
    const left = field.maxLength - field.value.length;
    const isNear = left <= Math.max(20, field.maxLength * 0.15);
    let line = field.parentElement.querySelector(":scope > .counter");
    if (!line && !isNear) return;
    if (!line) {
      line = document.createElement("p");
      line.className = "counter";
      line.setAttribute("aria-live", "polite");
      field.after(line);
    }
    line.textContent = isNear ? `${left} ${words("charactersLeft")}` : "";
  };

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.tagName === "TEXTAREA") grow(field);
    if (field.maxLength >= 60) count(field);
  });

  document.addEventListener("keydown", (event) => {
    const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.tagName === "TEXTAREA";
    if (isSending) event.target.form?.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  const enhance = (root) => {
    root.querySelectorAll("textarea").forEach((area) => area.value && grow(area));
    root.querySelectorAll("[data-print][hidden]").forEach((button) => {
      button.hidden = false;
    });
    focusSummary(root);
  };
  enhance(document);
  document.addEventListener("htmx:load", (event) => event.target !== body && enhance(event.target));
})();
