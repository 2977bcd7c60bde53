// Asks the browser for a passkey and sends what it says; every word on the page is the server's.
const form = document.querySelector("form[data-passkey]");

async function answer() {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = form.elements;
  form.querySelector("button").disabled = true;
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    fields.fault.value = "unsupported";
  } else {
    fields.fault.value = "not-made";
    try {
      fields.answer.value = JSON.stringify(await answer());
    } catch {
      fields.answer.value = "";
    }
  }
  form.submit();
});
