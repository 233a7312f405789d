// What neighbours write appears by itself. Focus and scroll stay where they are; without this a reload does the same.
//   <body data-live="URL">  <div data-live-feed="URL">…</div>  <div data-live-comments="URL" data-post="ID">…</div>
(() => {
  const { live, liveOne, liveMany } = document.body.dataset;
  if (!live || !window.EventSource || !window.htmx) return;
  const MOST_WAIT = 1500;
  const arrived = new Set();
  let timer = 0;

  // Somebody is typing or standing there: replacing it would throw them out, so it waits for the next event.
  const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  const announce = (count) => {
    const place = document.querySelector("[data-announcements]");
    if (place) place.textContent = count === 1 ? liveOne : `${count} ${liveMany}`;
  };

  const fetchAgain = async (part, url, name) => {
    if (!part || isBusy(part)) return false;
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const mark = focused && (focused.id ? `#${CSS.escape(focused.id)}` : `a[href="${CSS.escape(focused.getAttribute("href") || "")}"]`);
    const before = scrollY + (part.getBoundingClientRect().bottom < 0 ? -part.offsetHeight : 0);
    await htmx.ajax("GET", url, { target: part, swap: "outerHTML scroll:none show:none focus-scroll:false" });
    const fresh = document.querySelector(`[${name}]`);
    if (mark) fresh?.querySelector(mark)?.focus({ preventScroll: true });
    if (before < scrollY) scrollTo(0, before + (fresh?.offsetHeight || 0));
    return true;
  };

  const refresh = async () => {
    timer = 0;
    const ids = [...arrived];
    arrived.clear();
    const feed = document.querySelector("[data-live-feed]");
    const comments = document.querySelector("[data-live-comments]");
    const isOurs = comments && ids.includes(comments.dataset.post);
    const changed = [
      await fetchAgain(feed, feed?.dataset.liveFeed, "data-live-feed"),
      isOurs && (await fetchAgain(comments, comments.dataset.liveComments, "data-live-comments")),
    ];
    if (changed.some(Boolean)) announce(feed ? ids.length : 1);
  };

  // Ten thousand browsers hear it in the same instant: each waits a little, and asks once for all that came.
  const hear = (event) => {
    let told;
    try {
      told = JSON.parse(event.data);
    } catch {
      return;
    }
    for (const id of told.ids || [told.id]) if (id) arrived.add(String(id));
    timer ||= setTimeout(refresh, Math.random() * MOST_WAIT);
  };

  const stream = new EventSource(live, { withCredentials: true });
  stream.addEventListener("post", hear);
  stream.addEventListener("comment", hear);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
