// A typed client of Latchkey's API that logs in, keeps the pair fresh, and says when the session has ended.
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, operations, paths } from './api.ts';
import { type EndReason, sessionIn } from './session.ts';
import { memoryStorage, type TokenStorage } from './storage.ts';

export type { EndReason } from './session.ts';
export { browserStorage, memoryStorage, type StoredPair, type TokenStorage } from './storage.ts';
export type { Client, components, operations, paths };

export interface LatchkeyOptions {
  /** The origin that Latchkey answers at, such as `https://auth.example.com`. */
  readonly baseUrl: string;
  /** Where the pair is kept; in memory unless told otherwise. */
  readonly storage?: TokenStorage;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Called once when a session is over and no other has its place. */
  readonly onSessionEnded?: (reason: EndReason) => void;
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
}: LatchkeyOptions) {
  const send = fetch ?? ((request: Request) => globalThis.fetch(request));
  const bare = createFetchClient<paths>({ baseUrl, fetch: send });
  const refresh = (refresh_token: string) => send(jsonPost(new URL('/api/refresh', baseUrl), { refresh_token }));
  const session = sessionIn(storage, refresh, onSessionEnded);

  /** Sends with a fresh token, and once more where the server finds it expired; never with another session's token. */
  const authorized = async (request: Request): Promise<Response> => {
    const pair = request.headers.has('Authorization') ? undefined : await session.current();
    if (!pair) return send(request);
    // If the pair can't be refreshed now, the old token may still do; if not, the call is answered as the refresh was.
    await session.freshen(pair);
    const token = (await session.latestOf(pair))?.access_token;
    if (token === undefined) return send(request);
    const answer = await send(bearing(request.clone(), token));
    const refusal = await refusalOf(answer);
    if (refusal === 'revoked') await session.exclusively(() => session.end(pair, 'refused'));
    if (refusal !== 'expired') return answer;
    const undecided = await session.freshen(pair, token);
    return undecided?.clone() ?? send(bearing(request, (await session.latestOf(pair))?.access_token));
  };

  return {
    /** Every operation of the API, typed. */
    api: createFetchClient<paths>({ baseUrl, fetch: authorized }),

    register: (body: Json<'register'>) => bare.POST('/api/register', { body }),

    /** Mails a link that sets a new password, if somebody has the email. */
    forgotPassword: (email: string) => bare.POST('/api/password/forgot', { body: { email } }),

    /** Sets a new password by the token of a mailed link. Every session of the account ends: log in again. */
    resetPassword: (body: Json<'resetPassword'>) => bare.POST('/api/password/reset', { body }),

    /** Verifies an email by the token of a mailed link. Call it when somebody asks for it, not when a page loads. */
    verifyEmail: (token: string) => bare.POST('/api/email/verify', { body: { token } }),

    /** Opens a session and keeps its pair. */
    login: (body: Json<'login'>) =>
      session.exclusively(async () => {
        const askedAt = Date.now();
        const answer = await bare.POST('/api/login', { body });
        if (answer.data) await session.open(answer.data, askedAt);
        return answer;
      }),

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

function bearing(request: Request, token: string | undefined): Request {
  if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

/** What a 401 says of our token, in the words of problem details or of the Envelope API. */
async function refusalOf(answer: Response): Promise<'expired' | 'revoked' | undefined> {
  if (answer.status !== 401) return undefined;
  const text = await answer.clone().text();
  if (/"token_expired"|"Signature expired\./.test(text)) return 'expired';
  return /"token_revoked"|"Token blacklisted\./.test(text) ? 'revoked' : undefined;
}
