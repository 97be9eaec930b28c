// The attacks of RFC 9700 §4, one by one.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import {
  AFTER_LOGOUT,
  type App,
  asApp,
  authorize,
  authorizeQuery,
  browsing,
  codeFor,
  decide,
  fieldsOf,
  newApp,
  newPkce,
  REDIRECT,
  redeem,
  refreshAs,
  sentBack,
  tokensFor,
} from '../../support/oauth.ts';
import { signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const app = await newApp(client);
const other = await newApp(client, { name: 'Another App' });
const backend = await newApp(client, { kind: 'confidential' });
const native = await newApp(client, {
  redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost:3000/cb', 'com.example.app:/cb'],
  first_party: true,
});

describe('redirect URI tricks (§4.1)', () => {
  it.each([
    'https://app.example.com/callback/',
    'https://app.example.com/callback/more',
    'https://app.example.com/callbackmore',
    'https://app.example.com/callback?more=1',
    'https://app.example.com/callback#fragment',
    'https://app.example.com/callback/../callback',
    'https://app.example.com/x/../callback',
    'https://app.example.com/%63allback',
    'https://app.example.com/Callback',
    'https://APP.example.com/callback',
    'HTTPS://app.example.com/callback',
    'http://app.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com:8443/callback',
    'https://app.example.com.evil.example/callback',
    'https://app.example.com@evil.example/callback',
    'https://user@app.example.com/callback',
    'https://evil.example/https://app.example.com/callback',
    'https://app.example.com\\@evil.example/callback',
    ' https://app.example.com/callback',
    'https://app.example.com/callback ',
    'https://app.example.com/callback\u0000',
    '//app.example.com/callback',
    'javascript:alert(1)//https://app.example.com/callback',
    'data:text/html,https://app.example.com/callback',
  ])('%j is an error page, and never a redirect', async (redirect) => {
    const whose = await browsing(client);
    for (const prompt of ['', 'none']) {
      const query = authorizeQuery(app, await newPkce(), { redirect_uri: redirect, prompt });
      const answer = await authorize(client, query, whose.cookie);
      expect([answer.status, answer.headers.get('Location')]).toEqual([400, null]);
    }
  });

  it.each([
    ['http://127.0.0.1:49152/cb', true],
    ['http://[::1]:49152/cb', true],
    ['http://localhost:3000/cb', true],
    ['com.example.app:/cb', true],
    ['http://localhost:49152/cb', false],
    ['http://127.0.0.1:49152/cb/', false],
    ['http://127.0.0.2:49152/cb', false],
    ['http://127.0.0.1:99999/cb', false],
    ['http://127.1:80/cb', false],
    ['http://127.0.0.1:80@evil.example/cb', false],
    ['https://127.0.0.1/cb', false],
    ['com.example.app:/cb2', false],
  ])('on the device %s is theirs: %s', async (redirect, isTheirs) => {
    const whose = await browsing(client);
    const query = authorizeQuery(native, await newPkce(), { redirect_uri: redirect });
    const { status } = await authorize(client, query, whose.cookie);
    // RFC 8252 §8.6: asked, though the client is a first-party one.
    expect(status).toBe(isTheirs ? 200 : 400);
  });

  it('asks for an app on the device every time', async () => {
    const whose = await browsing(client);
    const redirect = 'http://127.0.0.1:50000/cb';
    await codeFor(client, native, whose, await newPkce(), { redirect_uri: redirect });
    const silent = { redirect_uri: redirect, prompt: 'none' };
    const back = sentBack(
      await authorize(client, authorizeQuery(native, await newPkce(), silent), whose.cookie),
      redirect,
    );
    expect(back.get('error')).toBe('consent_required');
  });

  it('an unknown client is an error page, and a repeated parameter is refused', async () => {
    const whose = await browsing(client);
    const unknown = authorizeQuery({ ...app, id: crypto.randomUUID() }, await newPkce());
    expect((await authorize(client, unknown, whose.cookie)).status).toBe(400);
    for (const [name, value, status] of [
      ['client_id', app.id, 400],
      ['redirect_uri', REDIRECT, 400],
      ['scope', 'openid', 303],
      ['state', 'other', 303],
    ] as const) {
      const query = authorizeQuery(app, await newPkce());
      query.append(name, value);
      const answer = await authorize(client, query, whose.cookie);
      expect(answer.status).toBe(status);
      if (status === 303) expect(sentBack(answer).get('error')).toBe('invalid_request');
    }
  });

  it.each([
    'https://app.example.com/cb#x',
    'https://user:pass@app.example.com/cb',
    'https://*.example.com/cb',
    'http://app.example.com/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/cb',
    'https://',
    '/cb',
    'https://app.example.com/a/../cb',
    'https://app.example.com/a b',
    'http://127.0.0.1.evil.example/cb',
  ])('%j cannot be registered', async (uri) => {
    const registering = newApp(client, { redirect_uris: [uri] });
    await expect(registering).rejects.toThrow('400');
  });
});

describe('codes', () => {
  it('of another client are used up, and give nothing (§4.5)', async () => {
    const [whose, pkce] = [await browsing(client), await newPkce()];
    const code = await codeFor(client, app, whose, pkce);
    expect((await redeem(client, other, code, pkce)).body.error).toBe('invalid_grant');
    expect((await redeem(client, app, code, pkce)).body.error).toBe('invalid_grant');
  });

  it('injected into another session lack its verifier, and are used up (§4.5)', async () => {
    const [victim, attacker] = [await newPkce(), await newPkce()];
    const code = await codeFor(client, app, await browsing(client), victim);
    expect((await redeem(client, app, code, attacker)).body.error).toBe('invalid_grant');
    expect((await redeem(client, app, code, victim)).body.error).toBe('invalid_grant');
  });

  it('with another redirect are used up', async () => {
    const two = await newApp(client, { redirect_uris: [REDIRECT, 'https://app.example.com/two'] });
    const pkce = await newPkce();
    const code = await codeFor(client, two, await browsing(client), pkce);
    const wrong = await redeem(client, two, code, pkce, { redirect_uri: 'https://app.example.com/two' });
    expect(wrong.body.error).toBe('invalid_grant');
    expect((await redeem(client, two, code, pkce)).body.error).toBe('invalid_grant');
  });

  it('without a verifier are refused, and not used up (§4.8)', async () => {
    const pkce = await newPkce();
    const code = await codeFor(client, app, await browsing(client), pkce);
    const missing = await redeem(client, app, code, pkce, { code_verifier: '' });
    expect([missing.status, missing.body.error]).toEqual([400, 'invalid_request']);
    expect((await redeem(client, app, code, pkce)).status).toBe(200);
  });

  it('expire after a minute', async () => {
    const pkce = await newPkce();
    const code = await codeFor(client, app, await browsing(client), pkce);
    client.clock.advance(60_000);
    expect((await redeem(client, app, code, pkce)).body.error).toBe('invalid_grant');
  });

  it('used again revoke their session', async () => {
    const [whose, pkce] = [await browsing(client), await newPkce()];
    const code = await codeFor(client, app, whose, pkce);
    const first = await redeem(client, app, code, pkce);
    expect(first.status).toBe(200);
    client.clock.advance(3_600_000);
    expect((await redeem(client, app, code, pkce)).body.error).toBe('invalid_grant');
    expect((await refreshAs(client, app, first.body.refresh_token)).body.error).toBe('invalid_grant');
    const events = await client.env.DB.prepare(
      "SELECT account_id FROM audit_events WHERE action = 'code.reused'",
    ).all();
    expect(events.results).toContainEqual({ account_id: whose.id });
  });

  it('used again with a wrong verifier revoke nothing: without a verifier nobody may end sessions', async () => {
    const pkce = await newPkce();
    const code = await codeFor(client, app, await browsing(client), pkce);
    const first = await redeem(client, app, code, pkce);
    expect((await redeem(client, app, code, await newPkce())).body.error).toBe('invalid_grant');
    expect((await redeem(client, other, code, pkce)).body.error).toBe('invalid_grant');
    expect((await refreshAs(client, app, first.body.refresh_token)).status).toBe(200);
  });

  it('exchanged twenty times at once open one session, which is revoked', async () => {
    const pkce = await newPkce();
    const whose = await browsing(client);
    const code = await codeFor(client, app, whose, pkce);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(client, app, code, pkce)));
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant').length).toBe(19);
    expect((await refreshAs(client, app, won?.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.get('/oauth/userinfo', { token: won?.body.access_token })).status).toBe(401);
    const sessions = client.env.DB.prepare('SELECT count(*) AS n FROM sessions WHERE account_id = ? AND client_id = ?');
    expect(await sessions.bind(whose.id, app.id).first('n')).toBe(1);
  });
});

describe('PKCE downgrade (§4.8.2)', () => {
  it.each([
    { code_challenge: '' },
    { code_challenge_method: '' },
    { code_challenge_method: 'plain' },
    { code_challenge: 'short' },
    { code_challenge: 'x'.repeat(44) },
  ])('%j is refused', async (instead) => {
    for (const to of [app, backend]) {
      const query = authorizeQuery(to, await newPkce(), instead as Record<string, string>);
      expect(sentBack(await authorize(client, query, (await browsing(client)).cookie)).get('error')).toBe(
        'invalid_request',
      );
    }
  });
});

describe('mix-up (§4.4)', () => {
  it('every answer names its issuer, as discovery says', async () => {
    const whose = await browsing(client);
    const { body } = await client.get('/.well-known/oauth-authorization-server');
    expect(body.authorization_response_iss_parameter_supported).toBe(true);
    for (const instead of [{}, { prompt: 'none', scope: 'entities:write' }, { response_type: 'token' }]) {
      const page = await authorize(client, authorizeQuery(app, await newPkce(), instead), whose.cookie);
      const last = page.status === 200 ? await decide(client, page, whose.cookie) : page;
      expect(sentBack(last).get('iss')).toBe(body.issuer);
    }
  });
});

describe('CSRF on consent (§4.7)', () => {
  const consentOf = async (whose: { cookie: string }) => {
    const page = await authorize(client, authorizeQuery(app, await newPkce()), whose.cookie);
    return { ...fieldsOf(page.text), decision: 'allow' } as Record<string, string>;
  };

  it('another site cannot allow', async () => {
    const whose = await browsing(client);
    const form = await consentOf(whose);
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'https://evil.localhost' },
    ]) {
      const all = { ...headers, Cookie: whose.cookie };
      const answer = await client.send('POST', '/oauth/authorize', { form, headers: all as Record<string, string> });
      expect(answer.headers.get('Location')).toMatch(/^\/oauth\/authorize\?/);
    }
    const row = await client.env.DB.prepare('SELECT 1 FROM grants WHERE account_id = ?').bind(whose.id).first();
    expect(row).toBeNull();
  });

  it("another session's form token, or none, does not allow", async () => {
    const [whose, attacker] = [await browsing(client), await browsing(client)];
    const form = await consentOf(whose);
    const theirs = await consentOf(attacker);
    const ours = { 'Sec-Fetch-Site': 'same-origin', Origin: 'null', Cookie: whose.cookie };
    for (const form_token of ['', theirs.form_token ?? '', 'f'.repeat(64)])
      expect(
        (await client.send('POST', '/oauth/authorize', { form: { ...form, form_token }, headers: ours })).status,
      ).toBe(403);
  });

  it('a client cannot fill the form in', async () => {
    const whose = await browsing(client);
    const query = authorizeQuery(app, await newPkce(), { decision: 'allow', form_token: 'x', shown: 'openid' });
    const page = await authorize(client, query, whose.cookie);
    expect(page.status).toBe(200);
    expect(page.text.match(/name="form_token"/g)).toHaveLength(1);
    expect(page.text.match(/name="shown"/g)).toHaveLength(1);
    expect(page.text).not.toContain('name="decision" value="allow"/>');
  });

  it('more scopes than the page showed are asked again', async () => {
    const whose = await browsing(client);
    const form = await consentOf(whose);
    const page = await client.send('POST', '/oauth/authorize', {
      form: { ...form, scope: 'openid entities:write' },
      headers: { 'Sec-Fetch-Site': 'same-origin', Origin: 'null', Cookie: whose.cookie },
    });
    expect([page.status, page.text.includes('Create, change and delete')]).toEqual([200, true]);
  });

  it('what a client sends is text on the page, and nothing else', async () => {
    const whose = await browsing(client);
    const state = '"><script>alert(1)</script>';
    const page = await authorize(client, authorizeQuery(app, await newPkce(), { state }), whose.cookie);
    expect(page.text).not.toContain('<script>alert');
    expect(sentBack(await decide(client, page, whose.cookie)).get('state')).toBe(state);
  });
});

describe('pages', () => {
  it('are in no frame and tell no other site where they were (§4.16, §4.2.4)', async () => {
    const whose = await browsing(client);
    const consent = await authorize(client, authorizeQuery(app, await newPkce()), whose.cookie);
    const error = await authorize(client, 'client_id=nobody');
    const logout = await client.get('/oauth/end-session', { headers: { Cookie: whose.cookie } });
    const back = await authorize(client, authorizeQuery(app, await newPkce(), { response_type: 'x' }));
    for (const { headers } of [consent, error, logout, back]) {
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
    expect(consent.text).not.toMatch(/(src|href)="https?:/);
  });
});

describe('open redirectors (§4.11)', () => {
  it('a sign-out leads to registered addresses of its client only', async () => {
    const ended = async (parameters: Record<string, string>) =>
      client.get(`/oauth/end-session?${new URLSearchParams(parameters)}`);
    const to = 'post_logout_redirect_uri';
    expect((await ended({ [to]: 'https://evil.example/', client_id: app.id })).status).toBe(400);
    expect((await ended({ [to]: AFTER_LOGOUT })).status).toBe(400);
    expect((await ended({ [to]: `${AFTER_LOGOUT}/more`, client_id: app.id })).status).toBe(400);
    expect((await ended({ [to]: REDIRECT, client_id: app.id })).status).toBe(400);
    const right = await ended({ [to]: AFTER_LOGOUT, client_id: app.id, state: 'a b' });
    expect(right.headers.get('Location')).toBe(`${AFTER_LOGOUT}?state=a+b`);
  });

  it("a hint of another client does not lead to this one's address", async () => {
    const { id_token: hint } = await tokensFor(client, other, await browsing(client));
    const query = { id_token_hint: hint, client_id: app.id, post_logout_redirect_uri: AFTER_LOGOUT };
    expect((await client.get(`/oauth/end-session?${new URLSearchParams(query)}`)).status).toBe(400);
  });
});

describe('client impersonation (§4.15, §2.5)', () => {
  const tries = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const {
      status,
      body,
      headers: got,
    } = await client.send('POST', '/oauth/token', {
      form: { grant_type: 'client_credentials', ...form },
      headers,
    });
    return [status, body.error, got.get('WWW-Authenticate')?.split(' ')[0] ?? null];
  };
  const basic = (app: App, secret = app.secret ?? '') => ({ Authorization: `Basic ${btoa(`${app.id}:${secret}`)}` });

  it('a confidential client needs its secret, in one way', async () => {
    const [id, secret] = [backend.id, backend.secret ?? ''];
    expect(await tries({ client_id: id })).toEqual([401, 'invalid_client', null]);
    expect(await tries({ client_id: id, client_secret: `${secret}x` })).toEqual([401, 'invalid_client', null]);
    expect(await tries({}, basic(backend, 'wrong'))).toEqual([401, 'invalid_client', 'Basic']);
    expect(await tries({}, { Authorization: `Bearer ${secret}` })).toEqual([401, 'invalid_client', 'Basic']);
    expect(await tries({ client_secret: secret }, basic(backend))).toEqual([400, 'invalid_request', null]);
    expect(await tries({ client_id: app.id }, basic(backend))).toEqual([400, 'invalid_request', null]);
    expect(await tries({ client_id: id, client_secret: secret })).toEqual([200, undefined, null]);
    expect(await tries({ client_id: id }, basic(backend))).toEqual([200, undefined, null]);
    expect(await tries({})).toEqual([401, 'invalid_client', null]);
    expect(await tries({ client_id: crypto.randomUUID() })).toEqual([401, 'invalid_client', null]);
  });

  it('a public client has no secret', async () => {
    expect((await asApp(client, { ...app, secret: 'any' }, 'revoke', { token: 'x' })).status).toBe(401);
  });

  it('forms only, and no parameter twice', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const sends = (raw: string, more = headers) => client.send('POST', '/oauth/token', { raw, headers: more });
    const twice = await sends(`client_id=${app.id}&client_id=${app.id}&grant_type=authorization_code`);
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request']);
    const json = await sends('{}', { 'Content-Type': 'application/json' });
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request']);
    const none = await sends(`client_id=${app.id}`);
    expect([none.status, none.body.error]).toEqual([400, 'invalid_request']);
    const password = await sends(`client_id=${app.id}&grant_type=password&username=a&password=b`);
    expect([password.status, password.body.error]).toEqual([400, 'unsupported_grant_type']);
    const wrongMethod = await client.get('/oauth/token');
    expect([wrongMethod.status, wrongMethod.body.error]).toEqual([405, 'invalid_request']);
  });
});

describe('signing out', () => {
  it('with a hint, an expired one too, ends the session of the browser and those of the client', async () => {
    const whose = await browsing(client);
    const theirs = await tokensFor(client, app, whose);
    const others = await tokensFor(client, other, whose);
    client.clock.advance(3_600_000);
    const query = new URLSearchParams({ id_token_hint: theirs.id_token, post_logout_redirect_uri: AFTER_LOGOUT });
    const answer = await client.get(`/oauth/end-session?${query}`, { headers: { Cookie: whose.cookie } });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, AFTER_LOGOUT]);
    expect((await client.get('/id', { headers: { Cookie: whose.cookie } })).status).toBe(303);
    expect((await refreshAs(client, app, theirs.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refreshAs(client, other, others.refresh_token)).status).toBe(200);
  });

  it('without a hint of the signed-in account asks first', async () => {
    const whose = await browsing(client);
    const foreign = await tokensFor(client, app, await browsing(client));
    const cookie = { headers: { Cookie: whose.cookie } };
    for (const query of ['', `?id_token_hint=${foreign.id_token}`, '?id_token_hint=x', `?client_id=${app.id}`]) {
      const page = await client.get(`/oauth/end-session${query}`, cookie);
      expect([page.status, page.text.includes('Stay signed in')]).toEqual([200, true]);
    }
    expect((await client.get('/id', cookie)).status).toBe(200);
    const page = await client.get(`/oauth/end-session?client_id=${app.id}`, cookie);
    const answer = await client.send('POST', '/oauth/end-session', {
      form: { ...fieldsOf(page.text), decision: 'sign_out' },
      headers: { 'Sec-Fetch-Site': 'same-origin', Origin: 'null', Cookie: whose.cookie },
    });
    expect(answer.status).toBe(303);
    expect((await client.get('/id', cookie)).status).toBe(303);
  });

  it('an ID token is no bearer token', async () => {
    const { id_token: token } = await tokensFor(client, app, await browsing(client));
    for (const path of ['/oauth/userinfo', '/api/me']) expect((await client.get(path, { token })).status).toBe(401);
    expect((await signIn(client, await browsing(client))).cookie).not.toBe('');
  });
});
