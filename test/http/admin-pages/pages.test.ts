// The admin pages as a browser without a script sees them: who is let in, what a form must carry, and how a page says no.
import { createExecutionContext } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { newClient } from '../../support/client.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { admin, loggedIn, type Pair, type Person, registered, stranger } from '../../support/people.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const client = newClient();
let person: Person & Pair;
let visitor: Visitor;

beforeAll(async () => {
  person = await admin(client);
  visitor = await signIn(client, person);
});

const PAGES = [
  '/admin',
  '/admin/settings',
  '/admin/users',
  '/admin/users/1',
  '/admin/users/1/deactivate',
  '/admin/entities',
  '/admin/audit',
];

describe('the way in', () => {
  it.each(PAGES)('%s shows a signed-out visitor the way to sign in, and back', async (path) => {
    const { status, headers } = await client.get(`${path}?x=1`);
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: `/admin/sign-in?next=${encodeURIComponent(`${path}?x=1`)}`,
    });
  });

  it.each(PAGES)('%s refuses an admin who was demoted a moment ago', async (path) => {
    const former = await admin(client);
    const { cookie } = await signIn(client, former);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    const { status, headers } = await client.get(path, { headers: { Cookie: cookie } });
    expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 403, type: 'text/html; charset=UTF-8' });
  });

  it('refuses a wrong password and an unknown name in the same words', async () => {
    const wrong = await post(client, '/admin/sign-in', { name: person.email, password: 'not it' });
    const unknown = await post(client, '/admin/sign-in', { name: stranger().email, password: 'not it' });
    const words = (text: string) => /role="alert">([^<]*)/.exec(text)?.[1];
    expect(words(wrong.text)).toBe('No account has this name and password.');
    expect(words(unknown.text)).toBe(words(wrong.text));
    expect(wrong.headers.get('Set-Cookie')).toBeNull();
  });

  it('refuses whoever is no admin, and leaves no session behind', async () => {
    const user = await registered(client);
    const answer = await post(client, '/admin/sign-in', { name: user.email, password: user.password });
    expect({ status: answer.status, cookie: answer.headers.get('Set-Cookie') }).toEqual({ status: 403, cookie: null });
    const sessions = await client.get(`/api/admin/users/${user.id}/sessions`, { token: person.access_token });
    expect(sessions.body.sessions).toEqual([]);
  });

  it('answers 429 with Retry-After once an account is locked', async () => {
    const user = await registered(client);
    for (let attempt = 0; attempt < 10; attempt += 1)
      await post(client, '/admin/sign-in', { name: user.username, password: 'not it' });
    const { status, headers, text } = await post(client, '/admin/sign-in', {
      name: user.username,
      password: user.password,
    });
    expect({ status, retryAfter: headers.get('Retry-After') }).toEqual({ status: 429, retryAfter: '60' });
    expect(text).toContain('Too many wrong passwords');
  });

  it.each([
    ['/admin/users?q=a', '/admin/users?q=a'],
    ['', '/admin'],
    ['https://evil.example/admin', '/admin'],
    ['//evil.example/admin', '/admin'],
    ['/\\evil.example/admin', '/admin'],
    ['/admin/../docs', '/admin'],
    ['/administrator', '/admin'],
    ['javascript:alert(1)', '/admin'],
    ['/admin/sign-in', '/admin'],
  ])('goes on to %j as %s', async (next, location) => {
    const answer = await post(client, '/admin/sign-in', { name: person.email, password: person.password, next });
    expect({ status: answer.status, location: answer.headers.get('Location') }).toEqual({ status: 303, location });
  });
});

describe('the cookie', () => {
  it('is HttpOnly, SameSite=Strict and short, and on https Secure with the __Host- prefix', async () => {
    const { headers } = await post(client, '/admin/sign-in', { name: person.email, password: person.password });
    expect(headers.get('Set-Cookie')).toMatch(/^latchkey=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/);
    const secure = await createApp({ hashing: cheapHashing }).fetch(
      new Request('https://latchkey.example/admin/sign-in', {
        method: 'POST',
        headers: { Origin: 'https://latchkey.example' },
        body: new URLSearchParams({ name: person.email, password: person.password }),
      }),
      client.env,
      createExecutionContext(),
    );
    expect(secure.headers.get('Set-Cookie')).toMatch(
      /^__Host-latchkey=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('is no bearer token, and a bearer token is no cookie', async () => {
    const [, value = ''] = visitor.cookie.split('=');
    for (const path of ['/api/me', '/api/admin/settings', '/account', '/auth/status', '/auth']) {
      const { status } = await client.send(path === '/auth' ? 'DELETE' : 'GET', path, { token: value });
      expect({ path, status }).toEqual({ path, status: 401 });
    }
    const { token } = (await client.post('/auth', { username: person.username, password: person.password })).body;
    for (const bearer of [person.access_token, token]) {
      const { status } = await client.get('/admin/settings', { headers: { Cookie: `latchkey=${bearer}` } });
      expect(status).toBe(303);
    }
    expect((await client.get('/admin/settings', { token: value })).status).toBe(303);
  });

  it('stops when its session is ended anywhere, and at its expiry', async () => {
    const other = await signIn(client, person);
    expect((await client.get('/admin', { headers: { Cookie: other.cookie } })).status).toBe(200);
    await client.delete('/api/sessions', { token: person.access_token });
    expect((await client.get('/admin', { headers: { Cookie: other.cookie } })).status).toBe(303);
    const third = await signIn(client, person);
    client.clock.advance(8 * 60 * 60 * 1000);
    expect((await client.get('/admin', { headers: { Cookie: third.cookie } })).status).toBe(303);
    visitor = await signIn(client, person);
  });

  it('ends at a sign-out, on the server too', async () => {
    const leaving = await signIn(client, person);
    const { status, headers } = await post(
      client,
      '/admin/sign-out',
      { form_token: leaving.formToken },
      leaving.cookie,
    );
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: '/admin/sign-in?done=signed-out',
    });
    expect(headers.get('Set-Cookie')).toMatch(/^latchkey=; Max-Age=0; Path=\//);
    expect((await client.get('/admin', { headers: { Cookie: leaving.cookie } })).status).toBe(303);
  });
});

describe('a form', () => {
  const FORMS: readonly (readonly [string, Record<string, string>])[] = [
    ['/admin/settings', { ACCESS_TOKEN_LIFETIME: '77', 'was.ACCESS_TOKEN_LIFETIME': '30' }],
    ['/admin/users/VICTIM/deactivate', {}],
    ['/admin/users/VICTIM/make-admin', {}],
    ['/admin/users/VICTIM/end-sessions', {}],
    ['/admin/sign-out', {}],
  ];
  const unchanged = async (victim: Person & Pair) => {
    expect(await client.env.CONFIG.get('ACCESS_TOKEN_LIFETIME')).toBeNull();
    expect((await client.post('/api/refresh', { refresh_token: victim.refresh_token })).status).toBe(200);
    expect((await client.get('/admin', { headers: { Cookie: visitor.cookie } })).status).toBe(200);
  };

  it.each(FORMS)('%s from another site changes nothing', async (path, fields) => {
    const victim = await loggedIn(client);
    const url = path.replace('VICTIM', String(victim.id));
    const headers: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'null' },
      { Origin: 'https://evil.example' },
      {},
    ];
    for (const foreign of headers) {
      const { status } = await client.send('POST', url, {
        form: { ...fields, form_token: visitor.formToken },
        headers: { Cookie: visitor.cookie, ...foreign },
      });
      expect(status).toBe(403);
    }
    await unchanged(victim);
  });

  it.each(FORMS)("%s without its own session's token changes nothing", async (path, fields) => {
    const victim = await loggedIn(client);
    const other = await signIn(client, await admin(client));
    for (const formToken of ['', 'x', other.formToken]) {
      const { status } = await post(
        client,
        path.replace('VICTIM', String(victim.id)),
        { ...fields, form_token: formToken },
        visitor.cookie,
      );
      expect(status).toBe(403);
    }
    await unchanged(victim);
  });

  it('sends whoever is signed out to sign in', async () => {
    const { status, headers } = await post(client, '/admin/settings', { form_token: visitor.formToken });
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: '/admin/sign-in?next=%2Fadmin%2Fsettings',
    });
  });
});

describe('a page that says no', () => {
  const asked = (path: string, method = 'GET') => client.send(method, path, { headers: { Cookie: visitor.cookie } });

  it.each([
    ['GET', '/admin/nowhere', 404],
    ['GET', '/admin/users/999999', 404],
    ['GET', '/admin/users/x', 404],
    ['GET', '/admin/entities/999999', 404],
    ['GET', '/admin/users/1/sessions/x/end', 404],
    ['DELETE', '/admin/users', 405],
    ['POST', '/admin/audit', 405],
  ])('%s %s is a page with status %i', async (method, path, status) => {
    const answer = await asked(path, method);
    expect({ status: answer.status, type: answer.headers.get('Content-Type') }).toEqual({
      status,
      type: 'text/html; charset=UTF-8',
    });
    expect(answer.text).toContain('<h1>');
    if (status === 405) expect(answer.headers.get('Allow')).toContain('OPTIONS');
  });

  it('is a page with status 503 where a store fails, and tells nothing of it', async () => {
    const fails = () => {
      throw new Error('D1_ERROR: secret words');
    };
    const failing = newClient({ DB: new Proxy(client.env.DB, { get: () => fails }) }, { clock: client.clock });
    const { status, headers, text } = await failing.get('/admin', { headers: { Cookie: visitor.cookie } });
    expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 503, type: 'text/html; charset=UTF-8' });
    expect(text).not.toContain('secret');
  });

  it('takes 64 KiB of a form and no more', async () => {
    const { status } = await post(
      client,
      '/admin/settings',
      { form_token: visitor.formToken, x: 'x'.repeat(65 * 1024) },
      visitor.cookie,
    );
    expect(status).toBe(413);
  });
});

it('lets nothing inline run, and is kept by nobody', async () => {
  for (const path of ['/admin', '/admin/sign-in', '/admin/settings', '/admin/nowhere']) {
    const { headers, text } = await client.get(path, { headers: { Cookie: visitor.cookie } });
    expect(headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/admin\.js")|<style|\sstyle=|\son\w+=/);
  }
});
