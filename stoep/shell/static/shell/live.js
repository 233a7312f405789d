// What neighbours write appears by itself. Focus and scroll stay where they are; without this a reload does the same.
//   <body data-live="URL">  <div data-live-feed="URL">…</div>  <div data-live-comments="URL" data-post="ID">…</div>
(() => {
  const { live, liveOne, liveMany, liveAnswer } = document.body.dataset;
  if (!live || !window.EventSource || !window.htmx) return;
  const MOST_WAIT = 1500;
  const BUSY_WAIT = 8000;
  const arrived = { post: new Set(), comment: new Set() };
  let timer = 0;
  // After a gap nobody knows what was missed: then everything open is looked at again.
  let isGap = false;

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

  // What keeps its place on the screen: the thing with the focus, else the first in sight that can be found again.
  // Whoever stands at the top of the part sees the news push the rest down.
  const anchorOf = (part) => {
    const focused = document.activeElement;
    if (part.contains(focused) && selectorOf(focused)) return focused;
    if (part.getBoundingClientRect().top >= 0) return null;
    return [...part.querySelectorAll("[id]")].find((element) => element.getBoundingClientRect().top >= 0);
  };

  const fetchAgain = async (part, url, name) => {
    const select = `[${name}]`;
    const anchor = anchorOf(part);
    const hadFocus = anchor && anchor === document.activeElement;
    const selector = anchor && selectorOf(anchor);
    const top = anchor && anchor.getBoundingClientRect().top;
    await htmx.ajax("GET", url, { target: part, select, swap: "outerHTML scroll:none show:none focus-scroll:false" });
    const again = selector && document.querySelector(`${select} ${selector}`);
    if (!again) return;
    if (hadFocus) again.focus({ preventScroll: true });
    scrollBy({ top: again.getBoundingClientRect().top - top, behavior: "instant" });
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
    const isNew = comments && arrived.comment.has(comments.dataset.post);
    const isOurs = isNew || (comments && isGap);
    isGap = false;
    arrived.post.clear();
    arrived.comment.clear();
    if (feed) {
      await fetchAgain(feed, feed.dataset.liveFeed, "data-live-feed");
      if (posts) announce(posts === 1 ? liveOne : `${posts} ${liveMany}`);
    }
    if (isOurs) {
      await fetchAgain(comments, comments.dataset.liveComments, "data-live-comments");
      if (isNew) announce(liveAnswer);
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
    isGap ||= told.ids?.length === 0;
    for (const id of told.ids || [told.post || told.id]) if (id) arrived[event.type].add(String(id));
    timer ||= setTimeout(refresh, Math.random() * MOST_WAIT);
  };

  const stream = new EventSource(live, { withCredentials: true });
  stream.addEventListener("post", hear);
  stream.addEventListener("comment", hear);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
