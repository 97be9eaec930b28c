// The admin pages as a browser without a script sees them: who is let in, what a form must carry, and the error pages.
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, type Pair, type Person, registered } from '../../support/people.ts';
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

describe('signing in', () => {
  it.each(PAGES)('%s leads a signed-out visitor to sign in, and back', async (path) => {
    const { status, headers } = await client.get(`${path}?x=1`);
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: `/id/sign-in?next=${encodeURIComponent(`${path}?x=1`)}`,
    });
  });

  it.each(PAGES)('%s refuses an admin who was demoted a moment ago', async (path) => {
    const former = await admin(client);
    const { cookie } = await signIn(client, former);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    const { status, headers } = await client.get(path, { headers: { Cookie: cookie } });
    expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 403, type: 'text/html; charset=UTF-8' });
  });

  it('refuses an account that is no admin, and says so', async () => {
    const { cookie } = await signIn(client, await registered(client));
    const { status, text } = await client.get('/admin', { headers: { Cookie: cookie } });
    expect(status).toBe(403);
    expect(text).toContain('These pages are for administrators.');
    const { body } = await client.get('/api/admin/audit?limit=1', { token: person.access_token });
    expect(body.events[0]).toMatchObject({ action: 'access.refused', detail: { operation: 'GET /admin' } });
  });

  it('redirects from the bookmarked address of earlier versions', async () => {
    const { status, headers } = await client.get('/admin/sign-in');
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: '/id/sign-in?next=%2Fadmin',
    });
  });
});

describe('a form', () => {
  const FORMS: readonly (readonly [string, Record<string, string>])[] = [
    ['/admin/settings', { ACCESS_TOKEN_LIFETIME: '77', 'was.ACCESS_TOKEN_LIFETIME': '30' }],
    ['/admin/users/VICTIM/deactivate', {}],
    ['/admin/users/VICTIM/make-admin', {}],
    ['/admin/users/VICTIM/end-sessions', {}],
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

  it('sends a signed-out visitor to sign in', async () => {
    const { status, headers } = await post(client, '/admin/settings', { form_token: visitor.formToken });
    expect({ status, location: headers.get('Location') }).toEqual({
      status: 303,
      location: '/id/sign-in?next=%2Fadmin%2Fsettings',
    });
  });
});

describe('an error page', () => {
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

it('lets nothing inline run, and is never cached', async () => {
  for (const path of ['/admin', '/admin/settings', '/admin/nowhere']) {
    const { headers, text } = await client.get(path, { headers: { Cookie: visitor.cookie } });
    expect(headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri " +
        "'none'; frame-ancestors 'none'",
    );
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/admin\.js")|<style|\sstyle=|\son\w+=/);
  }
});
