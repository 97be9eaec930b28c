// Passkeys in a browser: its own WebAuthn makes and uses them, and reads and writes their JSON (Level 3, §5.1).
import type { components } from './api.ts';

type Schemas = components['schemas'];
type CreationOptions = Schemas['PublicKeyCredentialCreationOptionsJSON'];
type RequestOptions = Schemas['PublicKeyCredentialRequestOptionsJSON'];

export interface PasskeyOptions {
  /** Cancels the browser's dialog, which then throws an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

export interface PasskeyLoginOptions extends PasskeyOptions {
  /** `conditional` offers passkeys in a field with `autocomplete="username webauthn"`, and waits there. */
  readonly mediation?: 'conditional' | undefined;
}

/** Named here, because not all platforms' types have it: see storage.ts. */
interface Browser {
  readonly navigator: { readonly credentials: Record<'create' | 'get', (asked: Asked) => Promise<Credential>> };
  readonly PublicKeyCredential?: {
    parseCreationOptionsFromJSON?(options: CreationOptions): object;
    parseRequestOptionsFromJSON?(options: RequestOptions): object;
  };
}

interface Asked extends PasskeyLoginOptions {
  readonly publicKey: object;
}

/** Never null, which is for credentials of other kinds. */
interface Credential {
  toJSON(): unknown;
}

const browser = globalThis as unknown as Browser; // where it is none, `supportsPasskeys` tells

/** Whether passkeys can be made and used here: in browsers since 2025, Chrome 129, Firefox 119 and Safari 18.4. */
export const supportsPasskeys = (): boolean =>
  typeof browser.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';

export async function createPasskey(options: CreationOptions, { signal }: PasskeyOptions) {
  const publicKey = supported(browser.PublicKeyCredential?.parseCreationOptionsFromJSON?.(options));
  const credential = await browser.navigator.credentials.create({ publicKey, signal });
  return credential.toJSON() as Schemas['RegistrationResponse']; // Level 3 §5.1.8
}

export async function pickPasskey(options: RequestOptions, { signal, mediation }: PasskeyLoginOptions) {
  const publicKey = supported(browser.PublicKeyCredential?.parseRequestOptionsFromJSON?.(options));
  const credential = await browser.navigator.credentials.get({ publicKey, signal, mediation });
  return credential.toJSON() as Schemas['AuthenticationResponse']; // Level 3 §5.1.8
}

function supported(publicKey: object | undefined): object {
  if (!publicKey) throw new Error('passkeys are not supported here');
  return publicKey;
}

/** The part of a challenge's life that it is offered for: the rest is for the person and the network. */
const OFFERED = 0.8;

/** As `pickPasskey`; undefined where a field waited for so long that it needs another challenge. */
export async function pickPasskeyInTime(options: RequestOptions, { signal, mediation }: PasskeyLoginOptions) {
  if (mediation !== 'conditional') return pickPasskey(options, { signal });
  const expired = AbortSignal.timeout(options.timeout * OFFERED);
  const either = AbortSignal.any(signal ? [signal, expired] : [expired]);
  return pickPasskey(options, { mediation, signal: either }).catch((error) => {
    if (expired.aborted && !signal?.aborted) return undefined;
    throw error;
  });
}
