// Lets the site be kept on the home screen, for who is signed in. Each page tells the worker which language it speaks.
(() => {
  const { body, documentElement } = document;
  const workers = navigator.serviceWorker;
  if (!workers || !body.matches(".page--neighbour, .page--city")) return;
  addEventListener("load", () => {
    workers.register("/service-worker.js").catch(() => {});
    workers.ready.then(({ active }) => active.postMessage({ language: documentElement.lang }));
  });
})();
