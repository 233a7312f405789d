// Keeps the site's files and the offline page. A page of somebody's is never kept: without a line there is none.
// The offline page in the reader's language lies under this name as well.
const SPOKEN = "/offline/";

addEventListener("install", (event) => {
  const fresh = facts.files.map((file) => new Request(file, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(facts.name).then((kept) => kept.addAll(fresh)));
});

// A new worker waits until the pages of the old one are closed: taking over in between loses the page just asked for.
addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("stoep-") && name !== facts.name;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()),
  );
});

addEventListener("message", (event) => {
  const page = facts.offline[event.data?.language];
  if (!page) return;
  event.waitUntil(
    caches.open(facts.name).then((kept) => kept.match(page).then((found) => found && kept.put(SPOKEN, found))),
  );
});

addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(
      fetch(request).catch(() => caches.match(SPOKEN).then((spoken) => spoken || caches.match(facts.offline[facts.usual]))),
    );
  } else if (facts.files.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept || fetch(request)));
  }
});
