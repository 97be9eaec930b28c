// An app that signs people in: a registered client, its requests, and the browser that carries them.
import { base64url } from 'jose';
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';
import { admin, type Person, registered } from './people.ts';
import { post, signIn, type Visitor } from './visitor.ts';

export const REDIRECT = 'https://app.example.com/callback';
export const AFTER_LOGOUT = 'https://app.example.com/bye';

export interface App {
  readonly id: string;
  readonly secret: string | undefined;
  readonly kind: 'public' | 'confidential';
}

/** Registers a client as an admin does. */
export async function newApp(client: Client, metadata: Record<string, unknown> = {}): Promise<App> {
  const { access_token: token } = await admin(client);
  const { status, body } = await client.post(
    '/api/admin/clients',
    {
      name: 'Photo Album',
      kind: 'public',
      redirect_uris: [REDIRECT],
      post_logout_redirect_uris: [AFTER_LOGOUT],
      scopes: ['openid', 'profile', 'email', 'offline_access', 'entities:read', 'entities:write'],
      ...metadata,
    },
    { token },
  );
  expect(status).toBe(201);
  return { id: body.id, secret: body.client_secret, kind: body.kind };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export async function newPkce(): Promise<Pkce> {
  const verifier = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url.encode(new Uint8Array(digest)) };
}

type Parameters = Record<string, string>;

/** A valid authorization request with these parameters replaced; an empty value leaves a parameter out. */
export const authorizeQuery = (app: App, pkce: Pkce, instead: Parameters = {}): URLSearchParams =>
  new URLSearchParams(
    Object.entries({
      response_type: 'code',
      client_id: app.id,
      redirect_uri: REDIRECT,
      scope: 'openid profile email offline_access',
      state: 'some state',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      ...instead,
    }).filter(([, value]) => value !== ''),
  );

export const authorize = (client: Client, query: URLSearchParams | string, cookie?: string): Promise<Answer> =>
  client.get(`/oauth/authorize?${query}`, cookie ? { headers: { Cookie: cookie } } : {});

/** Entities last: an escaped `&` starts none. */
const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** The fields of the form of a page, without the pressed button. */
export const fieldsOf = (page: string): Parameters =>
  Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ]),
  );

/** Presses a button of the consent page. */
export const decide = (client: Client, page: Answer, cookie: string, decision = 'allow'): Promise<Answer> =>
  post(client, '/oauth/authorize', { ...fieldsOf(page.text), decision }, cookie);

/** The parameters that an answer sends the browser back with. */
export function sentBack({ status, headers }: Answer, redirect = REDIRECT): URLSearchParams {
  expect(status).toBe(303);
  const location = headers.get('Location') ?? '';
  expect(location.startsWith(`${redirect}?`)).toBe(true);
  return new URL(location).searchParams;
}

/** A person signed in in a browser. */
export async function browsing(client: Client): Promise<Person & Visitor> {
  const person = await registered(client);
  return { ...person, ...(await signIn(client, person)) };
}

/** Goes through authorize, with consent where it is asked, and returns the code. */
export async function codeFor(
  client: Client,
  app: App,
  { cookie }: Pick<Visitor, 'cookie'>,
  pkce: Pkce,
  instead: Parameters = {},
): Promise<string> {
  const answer = await authorize(client, authorizeQuery(app, pkce, instead), cookie);
  const last = answer.status === 200 ? await decide(client, answer, cookie) : answer;
  const code = sentBack(last, instead.redirect_uri ?? REDIRECT).get('code') ?? '';
  expect(code).not.toBe('');
  return code;
}

const credentialsOf = (app: App): Parameters => ({
  client_id: app.id,
  ...(app.secret === undefined ? {} : { client_secret: app.secret }),
});

/** Sends a form to one of the endpoints, as the app. */
export const asApp = (client: Client, app: App, endpoint: string, form: Parameters): Promise<Answer> =>
  client.send('POST', `/oauth/${endpoint}`, { form: { ...credentialsOf(app), ...form } });

export const redeem = (
  client: Client,
  app: App,
  code: string,
  { verifier }: Pkce,
  instead: Parameters = {},
): Promise<Answer> =>
  asApp(client, app, 'token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
    ...instead,
  });

export const refreshAs = (client: Client, app: App, token: string, more: Parameters = {}): Promise<Answer> =>
  asApp(client, app, 'token', { grant_type: 'refresh_token', refresh_token: token, ...more });

/** The tokens that a person grants an app. */
export async function tokensFor(client: Client, app: App, whose: Pick<Visitor, 'cookie'>, instead: Parameters = {}) {
  const pkce = await newPkce();
  const code = await codeFor(client, app, whose, pkce, instead);
  const { status, body } = await redeem(client, app, code, pkce);
  expect(status).toBe(200);
  return body;
}
