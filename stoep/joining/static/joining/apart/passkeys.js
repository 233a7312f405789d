// Asks the device for a passkey, and puts its answer into the form. Without it the form says what to do instead.
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const field = form.querySelector("[name=credential]");
  const trouble = form.querySelector("[data-passkey-trouble]");

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const question = () => {
    const { publicKey } = JSON.parse(form.dataset.question);
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      for (const known of publicKey[list] || []) known.id = bytes(known.id);
    }
    return { publicKey };
  };

  const answer = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    event.stopPropagation();
    trouble.hidden = true;
    try {
      const keys = navigator.credentials;
      const made = form.dataset.passkey === "make" ? await keys.create(question()) : await keys.get(question());
      field.value = answer(made);
      form.requestSubmit();
    } catch {
      trouble.hidden = false;
    }
  });
})();
