// SESSION_MAX_AGE ends sessions of every kind, wherever their token is presented, to the second and whenever it is set.
import { afterEach, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { asApp, newApp, refreshAs, tokensFor } from '../../support/oauth.ts';
import { admin, loggedIn, signedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { newThing } from '../../support/things.ts';
import { signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const publicApp = await newApp(client);
const backend = await newApp(client, { kind: 'confidential' });

const AGE_SECONDS = 1000;

afterEach(() => configure(client, { SESSION_MAX_AGE: null }));

/** Presents a session, and tells whether it is live. */
type Present = () => Promise<boolean>;

const withSessionToken = async (ask: (token: string, username: string) => Promise<{ status: number }>) => {
  const { token, username } = await signedIn(client);
  return async () => (await ask(token, username)).status < 400;
};

const withCookie = (path: string) => async (): Promise<Present> => {
  const { cookie } = await signIn(client, await admin(client));
  return async () => (await client.get(path, { headers: { Cookie: cookie } })).status === 200;
};

/** Opens a session of some kind, by one way of presenting it. */
const KINDS: Readonly<Record<string, () => Promise<Present>>> = {
  'a session token at GET /api/me': () => withSessionToken((token) => client.get('/api/me', { token })),
  'a session token at GET /auth/status': () => withSessionToken((token) => client.get('/auth/status', { token })),
  'a session token at GET /user/{username}': () =>
    withSessionToken((token, username) => client.get(`/user/${username}`, { token })),
  'a session token at POST /entities': () =>
    withSessionToken((token) => client.post('/entities', newThing(), { token })),
  'a session token at GET /api/factors': () => withSessionToken((token) => client.get('/api/factors', { token })),
  'a refresh token at /api/refresh': async () => {
    const { refresh_token } = await loggedIn(client);
    let latest = refresh_token;
    return async () => {
      const { status, body } = await client.post('/api/refresh', { refresh_token: latest });
      if (status === 200) latest = body.refresh_token;
      return status === 200;
    };
  },
  'a refresh token at /oauth/token': async () => {
    const { refresh_token } = await tokensFor(client, publicApp, await signIn(client, await loggedIn(client)));
    let latest = refresh_token;
    return async () => {
      const { status, body } = await refreshAs(client, publicApp, latest);
      if (status === 200) latest = body.refresh_token;
      return status === 200;
    };
  },
  'a refresh token at /oauth/introspect': async () => {
    const { refresh_token: token } = await tokensFor(client, backend, await signIn(client, await loggedIn(client)));
    return async () => (await asApp(client, backend, 'introspect', { token })).body.active;
  },
  'a cookie at /id': withCookie('/id'),
  'a cookie at /admin': withCookie('/admin'),
};

const isAtAge = (seconds: number, openedAt: number) => client.clock.advance(openedAt + seconds * 1000 - client.clock());

describe.each(Object.entries(KINDS))('%s', (_, opened) => {
  it('is accepted until the age and no longer', async () => {
    await configure(client, { SESSION_MAX_AGE: String(AGE_SECONDS) });
    const openedAt = client.clock();
    const present = await opened();
    isAtAge(AGE_SECONDS - 1, openedAt);
    expect(await present()).toBe(true);
    isAtAge(AGE_SECONDS, openedAt);
    expect(await present()).toBe(false);
  });

  it('ends where it was older when the setting was made, and goes on where there is none', async () => {
    const openedAt = client.clock();
    const present = await opened();
    isAtAge(AGE_SECONDS, openedAt);
    expect(await present()).toBe(true);
    await configure(client, { SESSION_MAX_AGE: String(AGE_SECONDS) });
    expect(await present()).toBe(false);
  });
});

it('sessions are listed with the end that their age sets, to owners and admins, and not beyond it', async () => {
  await configure(client, { SESSION_MAX_AGE: String(AGE_SECONDS) });
  const openedAt = client.clock();
  const person = await loggedIn(client);
  const expires_at = new Date(openedAt + AGE_SECONDS * 1000).toISOString();
  const listed = async (path: string, token: string) => (await client.get(path, { token })).body.sessions;
  const lists = async (token: string, bossToken: string) =>
    Promise.all([listed('/api/sessions', token), listed(`/api/admin/users/${person.id}/sessions`, bossToken)]);
  const first = await lists(person.access_token, (await admin(client)).access_token);
  for (const sessions of first) expect(sessions).toMatchObject([{ expires_at }]);
  isAtAge(AGE_SECONDS, openedAt);
  const { body: later } = await client.post('/api/login', { email: person.email, password: person.password });
  const second = await lists(later.access_token, (await admin(client)).access_token);
  for (const sessions of second) expect(sessions).toHaveLength(1);
});
