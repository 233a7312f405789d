/* What the service worker does with a message: show a calm sentence, and open the page that it is about. */
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    /* Something is new, whatever it is. */
  }
  const path = typeof told.path === "string" && /^\/[^/\\]/.test(told.path) ? told.path : "/";
  event.waitUntil(
    self.registration.showNotification(told.title || "Stoep", {
      body: told.text || "",
      tag: path,
      data: { path },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data.path, self.location.origin).href;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => page.url === wanted);
      return open ? open.focus() : self.clients.openWindow(wanted);
    }),
  );
});
