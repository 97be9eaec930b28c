// The code flow: authorize, consent, tokens, userinfo, refresh, revocation and introspection.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { payloadOf } from '../../support/jwt.ts';
import {
  asApp,
  authorize,
  authorizeQuery,
  browsing,
  codeFor,
  decide,
  newApp,
  newPkce,
  redeem,
  refreshAs,
  sentBack,
  tokensFor,
} from '../../support/oauth.ts';
import { loggedIn, registered } from '../../support/people.ts';
import { post } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const app = await newApp(client);
const backend = await newApp(client, { kind: 'confidential' });

describe('authorize', () => {
  it('signs a signed-out person in, and goes on', async () => {
    const pkce = await newPkce();
    const person = await registered(client);
    const first = await authorize(client, authorizeQuery(app, pkce));
    expect(first.status).toBe(303);
    const signIn = new URL(first.headers.get('Location') ?? '', 'http://localhost');
    expect(signIn.pathname).toBe('/id/sign-in');
    const next = signIn.searchParams.get('next') ?? '';
    const signedIn = await post(client, '/id/sign-in', { name: person.email, password: person.password, next });
    expect(signedIn.headers.get('Location')).toBe(next);
    const cookie = signedIn.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const page = await client.get(next, { headers: { Cookie: cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Photo Album');
    expect(page.text).toContain('app.example.com');
    expect(page.text).toContain('See your email address');
    expect(page.headers.get('Content-Security-Policy')).toContain("form-action 'self' https://app.example.com;");
    const back = sentBack(await decide(client, page, cookie));
    expect(back.get('state')).toBe('some state');
    expect(back.get('iss')).toBe('http://localhost:8787');
    expect((await redeem(client, app, back.get('code') ?? '', pkce)).status).toBe(200);
  });

  it('asks for consent once for a set of scopes, and not for a subset', async () => {
    const whose = await browsing(client);
    const pkce = await newPkce();
    await codeFor(client, app, whose, pkce, { scope: 'openid profile' });
    const again = (scope: string) => authorize(client, authorizeQuery(app, pkce, { scope }), whose.cookie);
    expect((await again('openid')).status).toBe(303);
    expect((await again('openid profile email')).status).toBe(200);
  });

  it('sends back that access was denied', async () => {
    const whose = await browsing(client);
    const page = await authorize(client, authorizeQuery(app, await newPkce()), whose.cookie);
    const back = sentBack(await decide(client, page, whose.cookie, 'deny'));
    expect([back.get('error'), back.get('state'), back.get('code')]).toEqual(['access_denied', 'some state', null]);
    expect((await authorize(client, authorizeQuery(app, await newPkce()), whose.cookie)).status).toBe(200);
  });

  it('does not ask for a first-party client', async () => {
    const own = await newApp(client, { first_party: true, scopes: ['openid', 'account'] });
    const whose = await browsing(client);
    const answer = await authorize(client, authorizeQuery(own, await newPkce(), { scope: 'account' }), whose.cookie);
    expect(sentBack(answer).get('code')).toBeTruthy();
  });

  it.each([
    [{ prompt: 'none' }, 'consent_required'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: '' }, 'invalid_request'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ scope: 'account' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ request: 'e30.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://app.example.com/r' }, 'request_uri_not_supported'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
  ])('sends %j back with %s', async (instead, error) => {
    const whose = await browsing(client);
    const back = sentBack(
      await authorize(client, authorizeQuery(app, await newPkce(), instead as Record<string, string>), whose.cookie),
    );
    expect([back.get('error'), back.get('state'), back.get('iss')]).toEqual([
      error,
      'some state',
      'http://localhost:8787',
    ]);
  });

  it('prompt=none without a session is login_required', async () => {
    const back = sentBack(await authorize(client, authorizeQuery(app, await newPkce(), { prompt: 'none' })));
    expect(back.get('error')).toBe('login_required');
  });

  it.each([{ prompt: 'login' }, { max_age: '0' }])('%j asks for a new sign-in, once', async (instead) => {
    const whose = await browsing(client);
    client.clock.advance(5000);
    const pkce = await newPkce();
    const query = authorizeQuery(app, pkce, instead as Record<string, string>);
    const first = await authorize(client, query, whose.cookie);
    const next = new URL(first.headers.get('Location') ?? '', 'http://localhost').searchParams.get('next') ?? '';
    expect(next).toContain('/oauth/authorize?');
    client.clock.advance(1000);
    const signedIn = await post(client, '/id/sign-in', { name: whose.email, password: whose.password, next });
    const cookie = signedIn.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    expect((await client.get(next, { headers: { Cookie: cookie } })).status).toBe(200);
    client.clock.advance(1000);
    expect((await authorize(client, query, cookie)).headers.get('Location')).toContain('/id/sign-in');
  });

  it('HEAD issues nothing', async () => {
    const whose = await browsing(client);
    await codeFor(client, app, whose, await newPkce());
    const count = 'SELECT count(*) AS n FROM authorization_codes';
    const before = await client.env.DB.prepare(count).first('n');
    await client.send('HEAD', `/oauth/authorize?${authorizeQuery(app, await newPkce())}`, {
      headers: { Cookie: whose.cookie },
    });
    expect(await client.env.DB.prepare(count).first('n')).toBe(before);
  });

  it('a POST of a client goes on as GET and does nothing else', async () => {
    const whose = await browsing(client);
    const query = authorizeQuery(app, await newPkce());
    const answer = await client.send('POST', '/oauth/authorize', {
      form: { ...Object.fromEntries(query), decision: 'allow', form_token: whose.formToken },
      headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.example.com', Cookie: whose.cookie },
    });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/oauth/authorize?${query}`]);
  });
});

describe('tokens', () => {
  it('say who, for which client, how and when', async () => {
    const whose = await browsing(client);
    const tokens = await tokensFor(client, app, whose, { nonce: 'once' });
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid profile email offline_access' });
    expect(payloadOf(tokens.access_token)).toMatchObject({
      client_id: app.id,
      sub: String(whose.id),
      aud: 'http://localhost:8787',
    });
    expect(payloadOf(tokens.id_token)).toMatchObject({
      aud: app.id,
      sub: String(whose.id),
      nonce: 'once',
      amr: ['pwd'],
      acr: 'aal1',
    });
  });

  it('have no refresh token without offline_access, and no ID token without openid', async () => {
    const whose = await browsing(client);
    const tokens = await tokensFor(client, app, whose, { scope: 'profile' });
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
  });

  it('refresh, and a token that comes back revokes the session', async () => {
    const whose = await browsing(client);
    const first = await tokensFor(client, backend, whose);
    const second = await refreshAs(client, backend, first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.id_token).toBeTruthy();
    const reused = await refreshAs(client, backend, first.refresh_token);
    expect([reused.status, reused.body.error]).toEqual([400, 'invalid_grant']);
    expect((await refreshAs(client, backend, second.body.refresh_token)).body.error).toBe('invalid_grant');
    const asked = await asApp(client, backend, 'introspect', { token: second.body.access_token });
    expect(asked.body).toEqual({ active: false });
  });

  it('refresh to fewer scopes when asked, never to more', async () => {
    const whose = await browsing(client);
    const { refresh_token: token } = await tokensFor(client, app, whose, { scope: 'openid offline_access' });
    expect((await refreshAs(client, app, token, { scope: 'openid email' })).body.error).toBe('invalid_scope');
    const less = await refreshAs(client, app, token, { scope: 'openid' });
    expect([less.status, less.body.scope]).toEqual([200, 'openid']);
  });

  it('are revoked by the client that has them, and by no other', async () => {
    const whose = await browsing(client);
    const tokens = await tokensFor(client, app, whose);
    for (const token of [tokens.access_token, tokens.refresh_token])
      expect((await asApp(client, backend, 'revoke', { token })).status).toBe(200);
    expect((await client.get('/oauth/userinfo', { token: tokens.access_token })).status).toBe(200);
    expect((await asApp(client, app, 'revoke', { token: tokens.refresh_token })).status).toBe(200);
    expect((await client.get('/oauth/userinfo', { token: tokens.access_token })).status).toBe(401);
    expect((await refreshAs(client, app, tokens.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('are introspected by a confidential client that has them', async () => {
    const whose = await browsing(client);
    const tokens = await tokensFor(client, backend, whose);
    const active = await asApp(client, backend, 'introspect', { token: tokens.access_token });
    expect(active.body).toMatchObject({
      active: true,
      client_id: backend.id,
      sub: String(whose.id),
      username: whose.username,
      token_type: 'Bearer',
    });
    expect((await asApp(client, backend, 'introspect', { token: tokens.refresh_token })).body.active).toBe(true);
    const others = await tokensFor(client, app, await browsing(client));
    expect((await asApp(client, backend, 'introspect', { token: others.access_token })).body).toEqual({
      active: false,
    });
    expect((await asApp(client, app, 'introspect', { token: others.access_token })).status).toBe(401);
  });

  it('of a client itself read public data, and stand for no account', async () => {
    const { status, body } = await asApp(client, backend, 'token', { grant_type: 'client_credentials' });
    expect([status, body.scope, payloadOf(body.access_token).sub]).toEqual([200, 'entities:read', backend.id]);
    expect((await client.get('/entities', { token: body.access_token })).status).toBe(200);
    expect((await client.get('/api/me', { token: body.access_token })).status).toBe(403);
    expect((await client.get('/oauth/userinfo', { token: body.access_token })).status).toBe(403);
    const more = { grant_type: 'client_credentials', scope: 'entities:read openid' };
    expect((await asApp(client, backend, 'token', more)).body.error).toBe('invalid_scope');
    expect((await asApp(client, app, 'token', { grant_type: 'client_credentials' })).body.error).toBe(
      'unauthorized_client',
    );
  });

  it('of a client are refused by /api/refresh and /api/logout, and ours are refused to it', async () => {
    const whose = await browsing(client);
    const tokens = await tokensFor(client, app, whose);
    for (const path of ['/api/refresh', '/api/logout'])
      expect((await client.post(path, { refresh_token: tokens.refresh_token })).status).toBe(401);
    expect((await refreshAs(client, backend, tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refreshAs(client, app, tokens.refresh_token)).status).toBe(200);
    const own = await loggedIn(client);
    expect((await refreshAs(client, app, own.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.post('/api/refresh', { refresh_token: own.refresh_token })).status).toBe(200);
  });
});

describe('userinfo', () => {
  it('tells what the scopes name, by GET and POST', async () => {
    const whose = await browsing(client);
    const { access_token: all } = await tokensFor(client, app, whose);
    const claims = { sub: String(whose.id), preferred_username: whose.username, email: whose.email };
    for (const method of ['GET', 'POST'])
      expect((await client.send(method, '/oauth/userinfo', { token: all })).body).toMatchObject(claims);
    const { access_token: some } = await tokensFor(client, app, whose, { scope: 'openid' });
    expect((await client.get('/oauth/userinfo', { token: some })).body).toEqual({ sub: String(whose.id) });
    const { access_token: none } = await tokensFor(client, app, whose, { scope: 'profile' });
    const refused = await client.get('/oauth/userinfo', { token: none });
    expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="openid"',
    ]);
  });
});
