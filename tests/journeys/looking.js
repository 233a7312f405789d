// What axe cannot see (screens.md 8, trust.md gate B). `lookAt(name)` answers what is wrong, in words.
(() => {
  const box = (element) => element.getBoundingClientRect();
  const name = (element) => {
    const own = element.id ? `#${element.id}` : [...element.classList].slice(0, 2).map((one) => `.${one}`).join("");
    const text = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 30);
    return `<${element.tagName.toLowerCase()}${own}> ${text}`;
  };
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) &&
    box(element).width > 1 && box(element).height > 1 && !element.closest(".visually-hidden, .skip-link");
  const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, svg, option, textarea") || !isShown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) if (rect.width && rect.height) found.push([parent, rect]);
    }
    return found;
  };

  const SCROLLS = ".table-scroll, .area-picker__list, pre, .page--city .navigation__list";
  const FRAMES = ".card, .button, .chip, .notice, .tile, .choice, .banner, .navigation__link, .comment__bubble, .kpi, " +
    "th, td, .mail-list, .composer-pill, .chips a, .demo-codes li, .error-summary, .header, .own-key";
  // Text that is short on purpose, with a way to the rest beside it.
  const SHORTENED = ".card__text--short";

  const checks = {
    sideways() {
      const wide = document.documentElement.scrollWidth;
      return wide > innerWidth ? [`the page is ${wide} px wide in a window of ${innerWidth}`] : [];
    },
    clipped() {
      const wrong = [];
      for (const [parent, rect] of texts()) {
        if (parent.closest(SHORTENED)) continue;
        const inScroller = parent.closest(SCROLLS);
        if (!inScroller && (rect.right > innerWidth + 1 || rect.left < -1)) wrong.push(`off the page: ${name(parent)}`);
        const frame = parent.closest(FRAMES);
        const edge = frame && box(frame);
        if (edge && (rect.right > edge.right + 1 || rect.left < edge.left - 1 ||
                     rect.bottom > edge.bottom + 3 || rect.top < edge.top - 3)) {
          wrong.push(`sticks out of ${name(frame).split(" ")[0]}: ${name(parent)}`);
        }
      }
      for (const element of shown("body *")) {
        const style = getComputedStyle(element);
        const hides = style.overflowX === "hidden" || style.overflowX === "clip" || style.overflowY === "hidden";
        if (!hides || element.closest(SHORTENED) || element.matches("svg, svg *, progress, input, textarea, select")) continue;
        if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
          wrong.push(`cut off: ${name(element)}`);
        }
      }
      for (const field of shown("input:not([type=radio], [type=checkbox], [type=file])")) {
        if (field.value && field.scrollWidth > field.clientWidth + 1 && field.value.length < 20) wrong.push(`cut off in ${name(field)}`);
        const line = parseFloat(getComputedStyle(field).lineHeight) || 0;
        if (field.clientHeight < line) wrong.push(`too low: ${name(field)}`);
      }
      return wrong;
    },
    targets() {
      const wrong = [];
      const all = shown("a[href], button, summary, input:not([type=hidden]), select, textarea, .map [role]")
        .map((element) => element.closest("label.choice, label.tile") || element);
      const unique = [...new Set(all)];
      const isInText = (element) => element.tagName === "A" && getComputedStyle(element).display === "inline" &&
        element.closest("p, li, dd, td, th, h2, h3");
      // What stays on the screen while the page moves below it is near nothing for good.
      const floor = (element) => {
        while (element && !["fixed", "sticky"].includes(getComputedStyle(element).position)) element = element.parentElement;
        return element;
      };
      for (const element of unique) {
        const { width, height } = box(element);
        if (element.matches(".map *")) continue; // the list beside it is the larger way
        if (isInText(element)) {
          const own = element.getClientRects()[0];
          const middle = [own.left + own.width / 2, own.top + own.height / 2];
          for (const other of unique) {
            if (other === element || other.contains(element) || element.contains(other) || other.matches(".map *")) continue;
            if (floor(other) !== floor(element)) continue;
            const rect = box(other);
            const dx = Math.max(rect.left - middle[0], 0, middle[0] - rect.right);
            const dy = Math.max(rect.top - middle[1], 0, middle[1] - rect.bottom);
            if (Math.hypot(dx, dy) < 12 && Math.min(own.width, own.height) < 24) wrong.push(`too near: ${name(element)} and ${name(other)}`);
          }
        } else if (height < 43.5 || width < 43.5) {
          wrong.push(`${Math.round(width)} × ${Math.round(height)} px: ${name(element)}`);
        }
      }
      return wrong;
    },
    heading() {
      const count = document.querySelectorAll("h1").length;
      return count === 1 ? [] : [`${count} headings of the first level`];
    },
    primary() {
      const cards = ".feed article";
      const found = shown("main .button--primary").filter((element) => !element.closest(cards));
      const wrong = found.length > 1 ? [`${found.length} primary buttons: ${found.map(name).join(" | ")}`] : [];
      for (const card of document.querySelectorAll(cards)) {
        if (card.querySelectorAll(".button--primary").length > 1) wrong.push(`more than one in ${name(card)}`);
      }
      return wrong;
    },
    labels() {
      const wrong = [];
      for (const field of shown("input:not([type=hidden]), select, textarea")) {
        const label = field.labels && field.labels[0];
        const isSeen = label && (isShown(label) || field.closest("td, .street"));
        if (!isSeen) wrong.push(`no visible label: ${name(field)} ${field.name}`);
      }
      for (const link of shown(".navigation__link")) if (!link.innerText.trim()) wrong.push(`no word: ${link.href}`);
      return wrong;
    },
    maps() {
      const wrong = [];
      for (const text of shown("svg text")) {
        const rect = box(text);
        text.scrollIntoView({ block: "center" });
        const now = box(text);
        const below = document.elementsFromPoint(now.left + now.width / 2, now.top + now.height / 2)
          .find((element) => element !== text && element.matches("svg :is(path, polygon, rect, circle)"));
        const paper = below ? getComputedStyle(below).fill : getComputedStyle(text.closest("svg")).backgroundColor;
        const found = contrast(getComputedStyle(text).fill, paper);
        if (!(found >= 4.5)) wrong.push(`${text.textContent}: ${found.toFixed(2)} (${getComputedStyle(text).fill} on ${paper})`);
        if (rect.width === 0) wrong.push(`no room: ${text.textContent}`);
      }
      return wrong;
    },
  };

  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // WCAG 1.4.12: a reader may space text like this, and nothing may be lost.
  const space = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } " +
      "p { margin-bottom: 2em !important; }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };

  window.lookAt = (...names) => names.flatMap((one) => [...new Set(checks[one]())].map((words) => `${one}: ${words}`));
  window.spaceText = space;
  window.openAll = () => document.querySelectorAll("details").forEach((one) => { one.open = true; });
})();
