// What neighbours write appears by itself. Focus and scroll stay where they are; without this a reload does the same.
//   <body data-live="URL">  <div data-live-feed="URL">…</div>  <div data-live-comments="URL" data-post="ID">…</div>
(() => {
  const { live, liveOne, liveMany, liveAnswer } = document.body.dataset;
  if (!live || !window.EventSource || !window.htmx) return;
  const MOST_WAIT = 1500;
  const BUSY_WAIT = 8000;
  const arrived = { post: new Set(), comment: new Set() };
  let timer = 0;

  // Somebody is writing there: replacing it would throw away what they typed.
  const isBusy = (part) =>
    [...part.querySelectorAll("textarea, input[type=text], select")].some(
      (field) => field === document.activeElement || ("defaultValue" in field && field.value !== field.defaultValue),
    );

  const announce = (text) => {
    const place = document.querySelector("[data-announcements]");
    if (place) place.textContent = text;
  };

  const selectorOf = (element) => {
    if (element.id) return `#${CSS.escape(element.id)}`;
    const href = element.getAttribute("href");
    return href ? `a[href="${CSS.escape(href)}"]` : null;
  };

  // The first thing in sight that can be found again: it keeps its place on the screen.
  const anchorOf = (part) => {
    if (part.getBoundingClientRect().top >= 0) return null;
    const seen = [...part.querySelectorAll("[id]")].find((element) => element.getBoundingClientRect().top >= 0);
    return seen && { id: seen.id, top: seen.getBoundingClientRect().top };
  };

  const fetchAgain = async (part, url, name) => {
    const focused = part.contains(document.activeElement) ? selectorOf(document.activeElement) : null;
    const anchor = anchorOf(part);
    const select = `[${name}]`;
    await htmx.ajax("GET", url, { target: part, select, swap: "outerHTML scroll:none show:none focus-scroll:false" });
    if (focused) document.querySelector(`${select} ${focused}`)?.focus({ preventScroll: true });
    const again = anchor && document.getElementById(anchor.id);
    if (again) scrollBy({ top: again.getBoundingClientRect().top - anchor.top, behavior: "instant" });
  };

  const refresh = async () => {
    timer = 0;
    const feed = document.querySelector("[data-live-feed]");
    const comments = document.querySelector("[data-live-comments]");
    if ((feed && isBusy(feed)) || (comments && isBusy(comments))) {
      timer = setTimeout(refresh, BUSY_WAIT);
      return;
    }
    const posts = arrived.post.size;
    const isOurs = comments && arrived.comment.has(comments.dataset.post);
    arrived.post.clear();
    arrived.comment.clear();
    if (feed) {
      await fetchAgain(feed, feed.dataset.liveFeed, "data-live-feed");
      if (posts) announce(posts === 1 ? liveOne : `${posts} ${liveMany}`);
    }
    if (isOurs) {
      await fetchAgain(comments, comments.dataset.liveComments, "data-live-comments");
      announce(liveAnswer);
    }
  };

  // Ten thousand browsers hear it in the same instant: each waits a little, and asks once for all that came.
  const hear = (event) => {
    let told;
    try {
      told = JSON.parse(event.data);
    } catch {
      return;
    }
    for (const id of told.ids || [told.post || told.id]) if (id) arrived[event.type].add(String(id));
    timer ||= setTimeout(refresh, Math.random() * MOST_WAIT);
  };

  const stream = new EventSource(live, { withCredentials: true });
  stream.addEventListener("post", hear);
  stream.addEventListener("comment", hear);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
