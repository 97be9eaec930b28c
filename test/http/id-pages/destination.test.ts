// A sign-in that leads to an app: the pages name it, and let their forms end at its redirect and nowhere else.
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin } from '../../support/people.ts';
import { post, signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const REDIRECT = 'https://album.example/callback';
let clientId: string;

beforeAll(async () => {
  const { access_token: token } = await admin(client);
  const made = await client.post(
    '/api/admin/clients',
    { name: 'Photo Album', kind: 'public', redirect_uris: [REDIRECT] },
    { token },
  );
  expect(made.status, made.text).toBe(201);
  clientId = made.body.id;
});

const authorize = (changed: Record<string, string> = {}) =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    ...changed,
  })}`;
const formActionOf = ({ headers }: { readonly headers: Headers }) =>
  /form-action ([^;]+)/.exec(headers.get('Content-Security-Policy') ?? '')?.[1];

describe('a sign-in for an app', () => {
  it.each(['/id/sign-in', '/id/sign-up'])('names it on %s, whose form may end there', async (path) => {
    const answer = await client.get(`${path}?${new URLSearchParams({ next: authorize() })}`);
    expect(answer.text).toContain('<strong>Photo Album</strong>');
    expect(formActionOf(answer)).toBe("'self' https://album.example");
  });

  it('names it on the page that asks again, and after a wrong password', async () => {
    const person = await admin(client);
    const { cookie } = await signIn(client, person);
    const next = authorize();
    const query = new URLSearchParams({ next });
    const again = await client.get(`/id/reauthenticate?${query}`, { headers: { Cookie: cookie } });
    const wrong = await post(client, '/id/sign-in', { name: person.email, password: 'not it', next });
    for (const answer of [again, wrong]) expect(formActionOf(answer)).toBe("'self' https://album.example");
    const { password } = person;
    const right = await post(client, '/id/sign-in', { name: person.email, password, next });
    expect(right.headers.get('Location')).toBe(next);
  });

  it.each([
    ['an unknown client', { client_id: crypto.randomUUID() }],
    ['a redirect that is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['a redirect that looks like it', { redirect_uri: `${REDIRECT}@evil.example` }],
    ['no client', { client_id: '' }],
  ])('lets its forms end nowhere else for %s', async (_, changed) => {
    const answer = await client.get(`/id/sign-in?${new URLSearchParams({ next: authorize(changed) })}`);
    expect(formActionOf(answer)).toBe("'self'");
    expect(answer.text).not.toContain('Photo Album');
  });

  it('lets its forms end nowhere else where it leads to no authorization', async () => {
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: REDIRECT });
    for (const next of [
      `/id?${query}`,
      `https://evil.example/oauth/authorize?${query}`,
      `/oauth/end-session?${query}`,
    ]) {
      const answer = await client.get(`/id/sign-in?${new URLSearchParams({ next })}`);
      expect(formActionOf(answer)).toBe("'self'");
    }
  });

  it('has the name that the app hints at filled in', async () => {
    const { text } = await client.get('/id/sign-in?login_hint=ada%40example.com');
    expect(text).toContain('value="ada@example.com"');
  });
});
