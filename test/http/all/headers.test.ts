// Every kind of answer of every surface carries the safe headers, whatever its status, its body and its cache.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { openApi } from '../../support/document.ts';
import { loggedIn, signedIn } from '../../support/people.ts';

const client = newClient();

const SAFE = {
  'X-Content-Type-Options': /^nosniff$/,
  'Referrer-Policy': /^no-referrer$/,
  'X-Frame-Options': /^DENY$/,
  'Strict-Transport-Security': /^max-age=63072000; includeSubDomains$/,
  'Content-Security-Policy': /default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/,
  'X-Request-Id': /^[0-9a-f-]{36}$/,
};

/** Paths that any page may read. */
const FOR_ANYBODY = /^(?!OPTIONS).*\/\.well-known\/(?!change-password|passkey-endpoints)/;

function expectSafe({ headers }: Answer, what: string): void {
  for (const [name, pattern] of Object.entries(SAFE)) expect(headers.get(name), `${name} of ${what}`).toMatch(pattern);
  expect(headers.get('Content-Security-Policy'), what).not.toContain('unsafe');
  expect(headers.get('Cache-Control'), what).toBeTruthy();
  expect(headers.get('Access-Control-Allow-Origin'), what).toBe(FOR_ANYBODY.test(what) ? '*' : null);
  expect(headers.get('Server'), what).toBeNull();
  expect(headers.get('X-Powered-By'), what).toBeNull();
}

describe('safe headers', () => {
  it('are on a refusal of every documented operation, its 405 and its OPTIONS', async () => {
    for (const [path, methods] of Object.entries((await openApi()).paths)) {
      const address = path.replaceAll(/\{\w+\}/g, '1');
      for (const method of [...Object.keys(methods).map((name) => name.toUpperCase()), 'OPTIONS', 'PROPFIND', 'HEAD']) {
        expectSafe(await client.send(method, address), `${method} ${address}`);
      }
    }
  });

  it.each([
    '/docs',
    '/openapi.json',
    '/healthz',
    '/.well-known/jwks.json',
    '/.well-known/change-password',
    '/.well-known/passkey-endpoints',
    '/admin',
    '/id',
    '/id/sign-in',
    '/id/verify-email?token=x',
    '/id/forgot-password',
    '/id/nowhere',
    '/nowhere',
    '/auth/nowhere',
    '/%00',
  ])('are on %s', async (path) => {
    expectSafe(await client.get(path), path);
  });

  it('are on 201, 204, 304, 413, 415, 429 and on answers of the edge cache', async () => {
    const { token } = await signedIn(client);
    const code = crypto.randomUUID();
    const made = await client.post('/entities', { code, type: 'chair', quantity: 1 }, { token });
    const path = `/entities/${made.body.id}`;
    const headers = { 'If-None-Match': made.headers.get('ETag') ?? '' };
    const answers: Record<number, Answer> = {
      201: made,
      304: await client.get(path, { token, headers }),
      413: await client.post('/api/login', { email: 'x'.repeat(70_000), password: '' }),
      415: await client.send('POST', '/api/login', { raw: 'x', headers: { 'Content-Type': 'text/plain' } }),
      204: await client.delete(path, { token }),
    };
    for (const [status, answer] of Object.entries(answers)) {
      expect(answer.status).toBe(Number(status));
      expectSafe(answer, status);
    }
    for (let turn = 0; turn < 2; turn += 1)
      expectSafe(await client.get('/entities'), `a public list, asked ${turn + 1} times`);
  });

  it('are fresh on a cached answer: its request id is of this request', async () => {
    const ids = [];
    for (let turn = 0; turn < 3; turn += 1)
      ids.push((await client.get('/entities?type=cached')).headers.get('X-Request-Id'));
    expect(new Set(ids).size).toBe(3);
  });
});

describe('no-store', () => {
  it('is on every answer that holds a token or account data', async () => {
    const { access_token: token, refresh_token, email, username, password } = await loggedIn(client);
    const answers = [
      await client.post('/api/login', { email, password }),
      await client.post('/api/refresh', { refresh_token }),
      await client.post('/auth/login', { email, password }),
      await client.post('/auth', { username, password }),
      await client.post('/token', { email, password }),
      await client.get('/api/me', { token }),
      await client.get('/api/sessions', { token }),
      await client.get('/auth/status', { token }),
      await client.get('/account', { token }),
      await client.get('/', { token }),
      await client.get(`/user/${username}`, { token }),
    ];
    for (const { status, headers } of answers)
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  });

  it('or private is on every answer to a token, so that no shared cache stores it', async () => {
    const { access_token: token } = await loggedIn(client);
    const { headers } = await client.get('/entities', { token });
    expect(headers.get('Cache-Control')).toMatch(/private|no-store/);
    expect(headers.get('Vary')).toContain('Authorization');
    expect((await client.get('/entities')).headers.get('Vary')).toContain('Authorization');
  });
});

describe('CORS', () => {
  it('is never a wildcard and never with credentials, on any path, for any origin', async () => {
    const open = newClient({ CORS_ORIGINS: 'https://app.example' });
    for (const path of [
      '/',
      '/api/login',
      '/auth/login',
      '/token',
      '/entities',
      '/admin',
      '/docs',
      '/openapi.json',
      '/nowhere',
    ]) {
      for (const [Origin, allowed] of [
        ['https://app.example', 'https://app.example'],
        ['https://app.example.evil', null],
        ['http://app.example', null],
        ['null', null],
      ] as const) {
        const asked = await open.get(path, { headers: { Origin } });
        const preflight = await open.send('OPTIONS', path, {
          headers: { Origin, 'Access-Control-Request-Method': 'POST' },
        });
        for (const { headers } of [asked, preflight]) {
          expect(headers.get('Access-Control-Allow-Origin'), `${path} ${Origin}`).toBe(allowed);
          expect(headers.get('Access-Control-Allow-Credentials')).toBeNull();
        }
      }
    }
  });
});

describe('an asset', () => {
  it.each([
    '/assets/pages.css',
    '/assets/admin.js',
    '/assets/swagger-ui-dist/swagger-ui-bundle.js',
    '/assets/favicon.svg',
  ])('has safe headers of its own, for the Worker never sees it: %s', async (path) => {
    const { status, headers } = await env.ASSETS.fetch(new URL(path, 'http://localhost'));
    expect(status).toBe(200);
    const { 'X-Request-Id': _, ...safe } = SAFE;
    for (const [name, pattern] of Object.entries(safe)) expect(headers.get(name), name).toMatch(pattern);
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
  });
});
