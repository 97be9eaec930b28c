// A typed client of Latchkey's API that logs in, keeps the pair fresh, and reports the end of the session.
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, operations, paths } from './api.ts';
import { authorizedBy, type Reauthenticate } from './authorized.ts';
import {
  createPasskey,
  type PasskeyLoginOptions,
  type PasskeyOptions,
  pickPasskey,
  pickPasskeyInTime,
} from './passkeys.ts';
import { type AskForCode, withCodeFrom } from './second-factor.ts';
import { type EndReason, sessionIn } from './session.ts';
import { memoryStorage, type TokenStorage } from './storage.ts';

export { type PasskeyLoginOptions, type PasskeyOptions, supportsPasskeys } from './passkeys.ts';
export type { EndReason } from './session.ts';
export { browserStorage, memoryStorage, type StoredPair, type TokenStorage } from './storage.ts';
export type { Client, components, operations, paths };

export interface LatchkeyOptions {
  /** The origin that Latchkey answers at, such as `https://auth.example.com`. */
  readonly baseUrl: string;
  /** Where the pair is stored; in memory by default. */
  readonly storage?: TokenStorage;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Called once when a session is over and no other has replaced it. */
  readonly onSessionEnded?: (reason: EndReason) => void;
  /** Asks the person for a code, where a right password needs one or a code was wrong; undefined gives up. */
  readonly onSecondFactor?: AskForCode;
  /** Reauthenticates where a call needs recent credentials, and tells whether it did: the call is then sent again. */
  readonly onReauthentication?: Reauthenticate;
}

type Json<Operation extends keyof operations> = operations[Operation] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

/** A client for one person. `api` is openapi-fetch: `api.GET('/api/me')` answers `{data, error, response}`. */
export function createLatchkey({
  baseUrl,
  storage = memoryStorage(),
  fetch,
  onSessionEnded = () => {},
  onSecondFactor,
  onReauthentication,
}: LatchkeyOptions) {
  const send = fetch ?? ((request: Request) => globalThis.fetch(request));
  const bare = createFetchClient<paths>({ baseUrl, fetch: send });
  const refresh = (refresh_token: string) => send(jsonPost(new URL('/api/refresh', baseUrl), { refresh_token }));
  const session = sessionIn(storage, refresh, onSessionEnded);

  const api = createFetchClient<paths>({ baseUrl, fetch: authorizedBy(session, send, onReauthentication) });
  const withCode = withCodeFrom(onSecondFactor);

  /**
   * Stores the pair of a login while no refresh is under way; the person's own part happens before the lock is taken.
   */
  const opening = <A extends { readonly data?: components['schemas']['TokenPair'] }>(login: () => Promise<A>) =>
    session.exclusively(async () => {
      const askedAt = Date.now();
      const answer = await login();
      if (answer.data) await session.open(answer.data, askedAt);
      return answer;
    });

  return {
    /** Every operation of the API, typed. */
    api,

    register: (body: Json<'register'>) => bare.POST('/api/register', { body }),

    /** Mails a link that sets a new password, if somebody has the email. */
    forgotPassword: (email: string) => bare.POST('/api/password/forgot', { body: { email } }),

    /** Sets a new password by the token of a mailed link. Every session of the account ends: log in again. */
    resetPassword: (body: Json<'resetPassword'>) => bare.POST('/api/password/reset', { body }),

    /** Verifies an email by the token of a mailed link. Call it when somebody asks for it, not when a page loads. */
    verifyEmail: (token: string) => bare.POST('/api/email/verify', { body: { token } }),

    /** Opens a session and stores its pair. */
    login: (credentials: Json<'login'>) =>
      withCode(credentials, (body) => opening(() => bare.POST('/api/login', { body }))),

    /** As `login`, with a passkey that the person picks. Throws the browser's error where they pick none. */
    async loginWithPasskey(options: PasskeyLoginOptions = {}) {
      for (;;) {
        const asked = await bare.POST('/api/login/passkey/options');
        if (!asked.data) return asked;
        const credential = await pickPasskeyInTime(asked.data, options);
        if (credential) return opening(() => bare.POST('/api/login/passkey', { body: { credential } }));
      }
    },

    /** Adds a passkey of this device to the account. Throws the browser's error where the person makes none. */
    async addPasskey({ name, ...options }: PasskeyOptions & { readonly name?: string } = {}) {
      const asked = await api.POST('/api/passkeys/options');
      if (!asked.data) return asked;
      const credential = await createPasskey(asked.data, options);
      return api.POST('/api/passkeys', { body: { credential, ...(name === undefined ? {} : { name }) } });
    },

    /** Proves the credentials of the session again, so that they are recent. */
    reauthenticate: (credentials: Pick<Json<'login'>, 'password' | 'otp'>) =>
      withCode(credentials, (body) => api.POST('/api/reauthenticate', { body })),

    /** As `reauthenticate`, with one of the account's passkeys. */
    async reauthenticateWithPasskey(options: PasskeyOptions = {}) {
      const asked = await api.POST('/api/reauthenticate/options');
      if (!asked.data) return asked;
      const credential = await pickPasskey(asked.data, options);
      return api.POST('/api/reauthenticate', { body: { credential } });
    },

    /** Ends the session here and at the server; here also where the server can't be reached, which then throws. */
    logout: () =>
      session.exclusively(async () => {
        const pair = await session.current();
        if (!pair) return undefined;
        await session.end(pair, 'logged_out');
        return bare.POST('/api/logout', { body: { refresh_token: pair.refresh_token } });
      }),

    isLoggedIn: async (): Promise<boolean> => (await session.current()) !== undefined,
  };
}

export type Latchkey = ReturnType<typeof createLatchkey>;

const jsonPost = (url: URL, body: object): Request =>
  new Request(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
