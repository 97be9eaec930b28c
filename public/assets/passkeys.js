// Passkeys on our pages: the answer of the browser's authenticator goes into a form, which is sent as any other.

const isSupported =
  typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** Why there is no passkey, for the person who asked for one. */
function messageOf({ name }) {
  if (name === 'InvalidStateError') return 'This device has a passkey for your account already.';
  if (name === 'NotAllowedError') return 'No passkey was used. You can try again.';
  return 'This did not work. Reload the page and try again.';
}

function credentialFor({ dataset }, signal, mediation) {
  const options = JSON.parse(dataset.options);
  if (dataset.passkey === 'create')
    return navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      signal,
    });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) });
}

function enable(form) {
  const message = form.querySelector('[role="alert"]');
  const { timeout } = JSON.parse(form.dataset.options);
  const loadedAt = Date.now();
  let waiting;

  async function use(mediation) {
    waiting?.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    try {
      const credential = await credentialFor(form, signal, mediation);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      if (signal.aborted || mediation) return;
      message.textContent = messageOf(error);
      message.hidden = false;
      form.querySelector('button').disabled = false;
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // The challenge in the page is valid for as long as the browser may take. A fresh page has a fresh one.
    if (Date.now() - loadedAt > timeout) return location.reload();
    message.hidden = true;
    form.querySelector('button').disabled = true;
    use();
  });
  form.hidden = false;
  return use;
}

async function offerInField(form, use) {
  if (!('conditional' in form.dataset)) return;
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) use('conditional');
}

if (isSupported) {
  for (const missing of document.querySelectorAll('[data-without-passkeys]')) missing.hidden = true;
  for (const form of document.querySelectorAll('form[data-passkey]')) offerInField(form, enable(form));
}
