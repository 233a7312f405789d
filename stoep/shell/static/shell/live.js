// What neighbours write appears by itself. Focus and scroll stay where they are; without this a reload does the same.
//   <body data-live="URL">  <div data-live-feed="URL">…</div>  <div data-live-comments="URL" data-post="ID">…</div>
//   <div data-live-messages="URL" data-conversation="ID">…</div>, without an ID: of all conversations.
(() => {
  const { live, liveOne, liveMany, liveAnswer, liveMessage } = document.body.dataset;
  if (!live || !window.EventSource || !window.htmx) return;
  const MOST_WAIT = 1500;
  const BUSY_WAIT = 8000;
  const arrived = { post: new Set(), comment: new Set(), message: new Set() };
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

  // Whoever writes keeps the field where it is; whoever reads at the end sees what comes.
  const fetchMessages = async (part) => {
    const form = document.querySelector("#answer");
    const top = form?.getBoundingClientRect().top;
    const before = part.querySelectorAll(".bubble").length;
    await fetchAgain(part, part.dataset.liveMessages, "data-live-messages");
    if (form && top < innerHeight) scrollBy({ top: form.getBoundingClientRect().top - top, behavior: "instant" });
    if (document.querySelectorAll("[data-live-messages] .bubble").length > before) announce(liveMessage);
  };

  const refresh = async () => {
    timer = 0;
    const feed = document.querySelector("[data-live-feed]");
    const comments = document.querySelector("[data-live-comments]");
    if ((feed && isBusy(feed)) || (comments && isBusy(comments))) {
      timer = setTimeout(refresh, BUSY_WAIT);
      return;
    }
    // What nobody looks at is not read: it is fetched when the page is in sight again.
    const messages = document.hidden ? null : document.querySelector("[data-live-messages]");
    const of = messages?.dataset.conversation;
    if (isGap) arrived.message.add("");
    const hasMessages = messages && (of ? arrived.message.has(of) || arrived.message.has("") : arrived.message.size > 0);
    const told = [...arrived.post];
    const isNew = comments && arrived.comment.has(comments.dataset.post);
    const isOurs = isNew || (comments && isGap);
    isGap = false;
    arrived.post.clear();
    arrived.comment.clear();
    if (messages) arrived.message.clear();
    if (feed) {
      await fetchAgain(feed, feed.dataset.liveFeed, "data-live-feed");
      // Not all that was told is for this reader: what counts is what came.
      const posts = told.filter((id) => document.getElementById(`post-${id}`)).length;
      if (posts) announce(posts === 1 ? liveOne : `${posts} ${liveMany}`);
    }
    if (isOurs) {
      const before = document.querySelectorAll("[data-live-comments] .comment").length;
      await fetchAgain(comments, comments.dataset.liveComments, "data-live-comments");
      const after = document.querySelectorAll("[data-live-comments] .comment").length;
      if (isNew && after > before) announce(liveAnswer);
    }
    if (hasMessages) await fetchMessages(messages);
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
    for (const id of told.ids || [told.post || told.conversation || told.id]) if (id) arrived[event.type].add(String(id));
    timer ||= setTimeout(refresh, Math.random() * MOST_WAIT);
  };

  const stream = new EventSource(live, { withCredentials: true });
  stream.addEventListener("post", hear);
  stream.addEventListener("comment", hear);
  stream.addEventListener("message", hear);
  addEventListener("visibilitychange", () => {
    if (!document.hidden && arrived.message.size) timer ||= setTimeout(refresh, 0);
  });
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
