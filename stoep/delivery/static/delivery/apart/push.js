/* The page of messages on devices: asks the browser only when its button is pressed, and says what came of it. */
(() => {
  const form = document.querySelector("[data-push]");
  if (!form) return;
  const status = form.querySelector("[data-push-status]");
  const button = form.querySelector("button");
  const say = (name) => {
    status.textContent = form.dataset[name];
  };
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    say("impossible");
    button.disabled = true;
    return;
  }
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") return say("refused");
      const worker = (await navigator.serviceWorker.getRegistration()) || (await navigator.serviceWorker.register(form.dataset.worker));
      await navigator.serviceWorker.ready;
      const wish = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
      const found = await worker.pushManager.subscribe(wish);
      form.elements.endpoint.value = found.endpoint;
      form.elements.key.value = text(found.getKey("p256dh"));
      form.elements.secret.value = text(found.getKey("auth"));
      form.submit();
    } catch {
      say("failed");
    } finally {
      button.disabled = false;
    }
  });
})();
