// /token in JSON and as an OAuth 2 form, and /account.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn, registered, signedIn, stranger } from '../../support/people.ts';

const client = newClient();
const grant = (username: string, password: string) => ({ grant_type: 'password', username, password });

describe('in JSON', () => {
  it('answers a session token for an email or a username', async () => {
    const { email, username, password, id } = await registered(client);
    for (const name of [{ email }, { username }, { email: email.toUpperCase() }]) {
      const { status, body, headers } = await client.post('/token/', { ...name, password });
      expect({ status, body }).toEqual({
        status: 200,
        body: { access_token: expect.any(String), token_type: 'Bearer', expires_in: 86_400 },
      });
      expect([headers.get('Cache-Control'), headers.get('Pragma')]).toEqual(['no-store', 'no-cache']);
      expect((await client.get('/account', { token: body.access_token })).body.id).toBe(id);
    }
  });

  it('refuses in problem details', async () => {
    const { email, password } = await registered(client);
    const cases = [
      [{ email, password: 'not it' }, 401, 'invalid_credentials'],
      [{ email: stranger().email, password }, 401, 'invalid_credentials'],
      [{ password }, 400, 'invalid_body'],
      [{ email }, 400, 'invalid_body'],
    ] as const;
    for (const [json, status, code] of cases) {
      const answer = await client.post('/token', json);
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    }
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE email = ?').bind(email).run();
    expect(await client.post('/token', { email, password })).toMatchObject({
      status: 403,
      body: { code: 'account_disabled' },
    });
    expect(await client.post('/token', { email, password: 'not it' })).toMatchObject({ status: 401 });
    expect(
      await client.post('/token', undefined, { raw: '{', headers: { 'Content-Type': 'application/json' } }),
    ).toMatchObject({
      status: 400,
    });
    expect(
      await client.post('/token', undefined, { raw: 'x', headers: { 'Content-Type': 'text/plain' } }),
    ).toMatchObject({ status: 415 });
  });
});

describe('as a form', () => {
  it('answers a session token for an email or a username, whatever client and scope there are', async () => {
    const { email, username, password } = await registered(client);
    const extra = { client_id: 'some', client_secret: 'secret', scope: 'all' };
    for (const name of [email, username, ` ${email.toUpperCase()}`]) {
      const basic = { Authorization: `Basic ${btoa('some:secret')}` };
      const { status, body, headers } = await client.post('/token', undefined, {
        form: { ...grant(name, password), ...extra },
        headers: basic,
      });
      expect({ status, type: body.token_type }).toEqual({ status: 200, type: 'Bearer' });
      expect([headers.get('Cache-Control'), headers.get('Pragma')]).toEqual(['no-store', 'no-cache']);
      expect((await client.get('/account/', { token: body.access_token })).body).toMatchObject({ email });
    }
  });

  it('refuses as RFC 6749 §5.2 says', async () => {
    const { email, password } = await registered(client);
    const gone = await registered(client);
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(gone.id).run();
    const cases = [
      [grant(email, 'not it'), 'invalid_grant'],
      [grant(stranger().email, password), 'invalid_grant'],
      [grant(gone.email, gone.password), 'invalid_grant'],
      [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
      [{ grant_type: 'refresh_token', refresh_token: 'x' }, 'unsupported_grant_type'],
      [{ username: email, password }, 'invalid_request'],
      [{ grant_type: 'password', username: email }, 'invalid_request'],
      [grant('', password), 'invalid_request'],
      [{ ...grant(email, password), grant_type: '' }, 'invalid_request'],
      [{}, 'invalid_request'],
    ] as const;
    for (const [form, error] of cases) {
      const { status, body, headers } = await client.post('/token', undefined, { form });
      expect({ status, body }).toEqual({
        status: 400,
        body: { error, error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/) },
      });
      expect([headers.get('Cache-Control'), headers.get('Pragma'), headers.get('Content-Type')]).toEqual([
        'no-store',
        'no-cache',
        'application/json',
      ]);
    }
  });

  it('is locked out after ten wrong passwords, with Retry-After', async () => {
    const { email, password } = await registered(client);
    for (let count = 0; count < 10; count += 1)
      await client.post('/token', undefined, { form: grant(email, 'not it') });
    const form = await client.post('/token', undefined, { form: grant(email, password) });
    expect({ status: form.status, error: form.body.error }).toEqual({ status: 429, error: 'temporarily_unavailable' });
    expect(Number(form.headers.get('Retry-After'))).toBeGreaterThan(0);
    const json = await client.post('/token', { email, password });
    expect({ status: json.status, code: json.body.code }).toEqual({ status: 429, code: 'too_many_attempts' });
  });

  it('may not be too large', async () => {
    const { status, body } = await client.post('/token', undefined, { form: grant('x', 'x'.repeat(70_000)) });
    expect({ status, error: body.error }).toEqual({ status: 413, error: 'invalid_request' });
  });
});

describe('account', () => {
  it('is shown in full, and not cached', async () => {
    const { token, id, email, username } = await signedIn(client);
    const { status, body, headers } = await client.get('/account', { token });
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const expected = {
      id,
      email,
      email_verified: false,
      username,
      role: 'user',
      active: true,
      data: {},
      created_at: timestamp,
      updated_at: timestamp,
    };
    expect({ status, body: { ...body, email } }).toEqual({ status: 200, body: expected });
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('needs a token of either kind', async () => {
    expect((await client.get('/account')).body.code).toBe('token_required');
    const { access_token: token } = await loggedIn(client);
    expect((await client.get('/account', { token })).status).toBe(200);
  });
});

it('is what /docs authorises with, beside a token that is there already', async () => {
  const { body } = await client.get('/openapi.json');
  expect(body.components.securitySchemes.password).toMatchObject({
    type: 'oauth2',
    flows: { password: { tokenUrl: '/token' } },
  });
  for (const { security } of [body.paths['/account'].get, body.paths['/entities'].get])
    expect(security).toEqual(expect.arrayContaining([{ bearer: [] }, { password: [] }]));
  expect(body.paths['/account'].get.security).not.toContainEqual({});
  expect(body.paths['/entities'].get.security).toContainEqual({});
  expect(body.paths['/token'].post.security).toEqual([]);
});
