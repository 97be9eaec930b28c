// openid-client and oauth4webapi, unmodified, sign people in with the Worker.
import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { AFTER_LOGOUT, authorize, browsing, decide, newApp, REDIRECT } from '../../support/oauth.ts';
import { post } from '../../support/visitor.ts';

// The libraries read the clock by themselves.
const clock = Object.assign(() => Date.now(), { advance: () => undefined });
const rsa = await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey);
const plain = newClient({ RATE_LIMITS: 'off' }, { clock });
const { keys } = JSON.parse(plain.env.JWT_KEYS) as { keys: object[] };
const JWT_KEYS = JSON.stringify({ keys: [...keys, { ...rsa, kid: 'rsa', alg: 'RS256', use: 'sig' }] });
const client = newClient({ RATE_LIMITS: 'off', JWT_KEYS }, { clock });

/** The Worker as a library's `fetch`. */
async function send(url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> {
  const { pathname, search } = new URL(url);
  const sent = Object.fromEntries(new Headers(headers));
  const raw = body === null || body === undefined ? {} : { raw: body };
  const answer = await client.send(method, pathname + search, { headers: sent, ...raw });
  return new Response(answer.status === 204 ? null : answer.text, { status: answer.status, headers: answer.headers });
}

const ISSUER = new URL('http://localhost:8787');
// Of @types/node's fetch and the Workers' one, the library wants the former.
const customFetch = send as unknown as oidc.CustomFetch;

/** Carries an authorization request through a browser, and returns the address that it ends at. */
async function browse(url: URL, cookie: string): Promise<URL> {
  const answer = await authorize(client, url.searchParams, cookie);
  const last = answer.status === 200 ? await decide(client, answer, cookie) : answer;
  return new URL(last.headers.get('Location') ?? '');
}

describe.each([
  ['oidc', 'public', 'ES256'],
  ['oauth2', 'confidential', 'ES256'],
  ['oidc', 'confidential', 'RS256'],
] as const)('openid-client, with %s discovery and a %s client of %s', (algorithm, kind, alg) => {
  const configured = async () => {
    const app = await newApp(client, { kind, id_token_signed_response_alg: alg });
    const metadata = { id_token_signed_response_alg: alg, ...(app.secret ? { client_secret: app.secret } : {}) };
    const authentication = app.secret ? oidc.ClientSecretBasic(app.secret) : oidc.None();
    return oidc.discovery(ISSUER, app.id, metadata, authentication, {
      algorithm,
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: customFetch,
    });
  };

  it('signs in, reads userinfo, refreshes, introspects, revokes and signs out', async () => {
    const config = await configured();
    const whose = await browsing(client);
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email offline_access',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      max_age: '600',
    });
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 600 };
    const back = await browse(url, whose.cookie);
    const tokens = await oidc.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true });
    expect(tokens.claims()).toMatchObject({ sub: String(whose.id), amr: ['pwd'] });

    const info = await oidc.fetchUserInfo(config, tokens.access_token, String(whose.id));
    expect(info).toMatchObject({ email: whose.email, preferred_username: whose.username });

    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    if (kind === 'confidential')
      expect(await oidc.tokenIntrospection(config, next.access_token)).toMatchObject({ active: true });
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    if (kind === 'confidential')
      expect(await oidc.tokenIntrospection(config, next.access_token)).toMatchObject({ active: false });
    await expect(oidc.fetchUserInfo(config, next.access_token, String(whose.id))).rejects.toThrow();
    await oidc.tokenRevocation(config, next.refresh_token ?? '');

    const silent = new URL(url);
    silent.searchParams.set('prompt', 'none');
    const again = await oidc.authorizationCodeGrant(config, await browse(silent, whose.cookie), checks);
    const logout = oidc.buildEndSessionUrl(config, {
      id_token_hint: again.id_token ?? '',
      post_logout_redirect_uri: AFTER_LOGOUT,
    });
    const { headers } = await client.get(logout.pathname + logout.search, { headers: { Cookie: whose.cookie } });
    expect(headers.get('Location')).toBe(AFTER_LOGOUT);
    const refused = oidc.authorizationCodeGrant(config, await browse(silent, whose.cookie), checks);
    await expect(refused).rejects.toMatchObject({ error: 'login_required' });
  });
});

describe('openid-client', () => {
  it('has somebody sign in anew with prompt=login, and learns when that was', async () => {
    const app = await newApp(client);
    const config = await oidc.discovery(ISSUER, app.id, { id_token_signed_response_alg: 'ES256' }, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: customFetch,
    });
    const whose = await browsing(client);
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      prompt: 'login',
    });
    const first = await authorize(client, url.searchParams, whose.cookie);
    const next = new URL(first.headers.get('Location') ?? '', ISSUER).searchParams.get('next') ?? '';
    expect(next).toContain('/oauth/authorize?');
    const before = Math.floor(Date.now() / 1000);
    const signedIn = await post(client, '/id/sign-in', { name: whose.email, password: whose.password, next });
    const cookie = signedIn.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const back = await browse(new URL(next, ISSUER), cookie);
    const checks = { pkceCodeVerifier: verifier, idTokenExpected: true, maxAge: 60 };
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()?.auth_time).toBeGreaterThanOrEqual(before);
  });
});

describe('oauth4webapi', () => {
  const fetched = send as (url: string, options: object) => Promise<Response>; // they are a RequestInit
  const options = { [oauth.customFetch]: fetched, [oauth.allowInsecureRequests]: true };

  it.each([
    ['oidc', 'public'],
    ['oauth2', 'confidential'],
  ] as const)('signs in after %s discovery, as a %s client', async (algorithm, kind) => {
    const found = await oauth.discoveryRequest(ISSUER, { algorithm, ...options });
    const server = await oauth.processDiscoveryResponse(ISSUER, found);
    const app = await newApp(client, { kind });
    const authentication = app.secret === undefined ? oauth.None() : oauth.ClientSecretPost(app.secret);
    const whose = await browsing(client);
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: app.id,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    }).toString();
    const registered: oauth.Client = { client_id: app.id, id_token_signed_response_alg: 'ES256' };
    const parameters = oauth.validateAuthResponse(server, registered, await browse(url, whose.cookie), state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      registered,
      authentication,
      parameters,
      REDIRECT,
      verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, registered, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(String(whose.id));
    const info = await oauth.userInfoRequest(server, registered, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(server, registered, String(whose.id), info)).toMatchObject({
      email: whose.email,
      email_verified: false,
    });
    const token = tokens.refresh_token ?? '';
    const refresh = () => oauth.refreshTokenGrantRequest(server, registered, authentication, token, options);
    const next = await oauth.processRefreshTokenResponse(server, registered, await refresh());
    const isActive = async () => {
      const asked = await oauth.introspectionRequest(server, registered, authentication, next.access_token, options);
      return (await oauth.processIntrospectionResponse(server, registered, asked)).active;
    };
    if (kind === 'confidential') expect(await isActive()).toBe(true);
    const reused = oauth.processRefreshTokenResponse(server, registered, await refresh());
    await expect(reused).rejects.toMatchObject({ error: 'invalid_grant' });
    if (kind === 'confidential') expect(await isActive()).toBe(false);
    const spent = next.refresh_token ?? '';
    const revoked = await oauth.revocationRequest(server, registered, authentication, spent, options);
    await oauth.processRevocationResponse(revoked);
    expect((await oauth.userInfoRequest(server, registered, next.access_token, options)).status).toBe(401);
  });
});
