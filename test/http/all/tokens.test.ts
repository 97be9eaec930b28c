// The checks that let a token in, and forgeries of our tokens.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { headerOf, hmacSigned, payloadOf, resigned, tampered, unsigned } from '../../support/jwt.ts';
import { loggedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();

const meWith = async (token: string) => {
  const { status, body, headers } = await client.get('/api/me', { token });
  return { status, code: body.code, challenge: headers.get('WWW-Authenticate') };
};

describe('an access token', () => {
  it('is what RFC 9068 says, and verifies with nothing but the published keys', async () => {
    const { access_token, id } = await loggedIn(client);
    const jwks = await client.get('/.well-known/jwks.json');
    expect(JSON.stringify(jwks.body)).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks.body), {
      issuer: client.env.ISSUER,
      audience: client.env.ISSUER,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: jwks.body.keys[0].kid });
    expect(payload).toMatchObject({
      sub: String(id),
      sid: expect.any(String),
      client_id: 'latchkey',
      jti: expect.any(String),
      token_use: 'access',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(30);
  });

  it('expires after its lifetime with no leeway, whatever the setting is later', async () => {
    const { access_token } = await loggedIn(client);
    client.clock.advance(28_000);
    expect((await meWith(access_token)).status).toBe(200);
    client.clock.advance(2_000);
    expect(await meWith(access_token)).toEqual({
      status: 401,
      code: 'token_expired',
      challenge: expect.stringContaining('error="invalid_token"'),
    });
  });

  it('lives as long as ACCESS_TOKEN_LIFETIME says', async () => {
    await configure(client, { ACCESS_TOKEN_LIFETIME: '5' });
    const { access_token, expires_in } = await loggedIn(client);
    expect(expires_in).toBe(5);
    client.clock.advance(3_000);
    expect((await meWith(access_token)).status).toBe(200);
    client.clock.advance(2_000);
    expect((await meWith(access_token)).code).toBe('token_expired');
    await configure(client, { ACCESS_TOKEN_LIFETIME: null });
  });
});

describe('a token that is not ours', () => {
  const forgeries: Record<string, (token: string) => string | Promise<string>> = {
    'unsigned, with alg none': unsigned,
    'signed by HMAC with our public key': async (token) =>
      hmacSigned(token, JSON.stringify((await client.get('/.well-known/jwks.json')).body.keys[0])),
    'of a changed payload': (token) => tampered(token, { payload: { sub: '1' } }),
    'of another issuer': (token) => resigned(token, { payload: { iss: 'https://evil.example' } }),
    'for another audience': (token) => resigned(token, { payload: { aud: 'https://evil.example' } }),
    'of a wrong typ': (token) => resigned(token, { header: { typ: 'JWT' } }),
    'of no typ': (token) => resigned(token, { header: { typ: undefined } }),
    'of an unknown kid': (token) => resigned(token, { header: { kid: 'another' } }),
    'of no kid': (token) => resigned(token, { header: { kid: undefined } }),
    'of another use': (token) => resigned(token, { payload: { token_use: 'refresh' } }),
    'with no expiry': (token) => resigned(token, { payload: { exp: undefined } }),
    'with no session': (token) => resigned(token, { payload: { sid: undefined } }),
    'of nobody': (token) => resigned(token, { payload: { sub: 'root' } }),
    'not a JWT': () => 'invalid',
    'of three empty parts': () => '..',
  };

  it.each(Object.entries(forgeries))('is refused: %s', async (_, forge) => {
    const { access_token } = await loggedIn(client);
    const forged = await forge(access_token);
    expect(await meWith(forged)).toEqual({
      status: 401,
      code: 'token_invalid',
      challenge: expect.stringContaining('error="invalid_token"'),
    });
  });

  it('is refused: a refresh token', async () => {
    const { refresh_token } = await loggedIn(client);
    expect((await meWith(refresh_token)).code).toBe('token_invalid');
  });

  it('is let in by the same test without a forgery', async () => {
    const { access_token } = await loggedIn(client);
    expect((await meWith(await resigned(access_token, {}))).status).toBe(200);
    expect(headerOf(access_token).alg).toBe('ES256');
    expect(payloadOf(access_token).token_use).toBe('access');
  });
});

describe('the Authorization header', () => {
  it('is asked for with a bare challenge where there is none', async () => {
    const { status, body, headers } = await client.get('/api/me');
    expect({ status, code: body.code, challenge: headers.get('WWW-Authenticate') }).toEqual({
      status: 401,
      code: 'token_required',
      challenge: 'Bearer',
    });
  });

  it.each(['Bearer', 'Bearer ', 'Basic dXNlcjpwYXNz', 'token', 'Bearer a b'])(
    'is refused when malformed: %s',
    async (authorization) => {
      const { status, body } = await client.get('/api/me', { headers: { Authorization: authorization } });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'malformed_authorization' });
    },
  );

  it('takes the scheme in any case', async () => {
    const { access_token } = await loggedIn(client);
    expect((await client.get('/api/me', { headers: { Authorization: `bearer ${access_token}` } })).status).toBe(200);
  });
});
