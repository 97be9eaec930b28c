// A token is verified as RFC 8725 asks: its algorithm, type, key, issuer, audience, expiry and use.
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Method } from '../../../src/domain/sessions/authentication.ts';
import type { TokenUse } from '../../../src/domain/tokens/claims.ts';
import { type Issuer, signToken, verifyCookie, verifyToken } from '../../../src/domain/tokens/jwt.ts';
import { NOW, SECOND_MS } from '../../support/domain/contexts.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

const INVALID = { refused: 'token_invalid' };
const CLAIMS = { accountId: 7, sessionId: 'a session' };
const SECONDS = NOW / SECOND_MS;

let issuer: Issuer;
beforeAll(async () => {
  issuer = await newIssuer();
});

const signed = (use: TokenUse, now = NOW) => signToken(issuer, { ...CLAIMS, use }, 30, now);

interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: JWTPayload;
  readonly key?: CryptoKey | Uint8Array;
}

/** Our own access token with other contents; signed with our own key by default. */
async function forged({ header, payload, key = issuer.keys.signing.key }: Forgery): Promise<string> {
  const token = await signed('access');
  const protectedHeader = { ...decodeProtectedHeader(token), alg: 'ES256', ...header };
  return new SignJWT({ ...decodeJwt(token), ...payload }).setProtectedHeader(protectedHeader).sign(key);
}

describe('a signed token', () => {
  it.each([
    ['access', 'at+jwt'],
    ['session', 'at+jwt'],
    ['cookie', 'cookie+jwt'],
  ] as const)('for %s has the type %s and the claims of RFC 9068', async (use, typ) => {
    const token = await signed(use, NOW + 999);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ, kid: issuer.keys.signing.kid });
    const { jti, ...claims } = decodeJwt(token);
    expect(claims).toEqual({
      iss: issuer.name,
      aud: issuer.name,
      client_id: 'latchkey',
      sub: '7',
      sid: 'a session',
      iat: SECONDS,
      exp: SECONDS + 30,
      token_use: use,
    });
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(decodeJwt(await signed(use)).jti).not.toBe(jti);
  });
});

it('a token says how and when its session’s credentials were proven, and nothing where they were not', async () => {
  const claimsOf = async (methods: readonly Method[], at: number) =>
    decodeJwt(await signToken(issuer, { ...CLAIMS, use: 'access', authentication: { methods, at } }, 30, NOW));
  expect(await claimsOf(['pwd', 'otp', 'mfa'], NOW - 1)).toMatchObject({
    amr: ['pwd', 'otp', 'mfa'],
    auth_time: SECONDS - 1,
  });
  const imported = await claimsOf(['pwd'], 0);
  expect(imported).not.toHaveProperty('amr');
  expect(imported).not.toHaveProperty('auth_time');
});

/** In seconds, as a JWT has it. */
const EXP = NOW / 1000 + 30;

describe('a token is verified', () => {
  it('with the claims that it was signed with', async () => {
    for (const use of ['access', 'session'] as const)
      expect(await verifyToken(issuer, await signed(use), NOW)).toEqual({ ...CLAIMS, use, exp: EXP });
    expect(await verifyCookie(issuer, await signed('cookie'), NOW)).toEqual({ ...CLAIMS, use: 'cookie' });
  });

  it('until it expires, with no leeway', async () => {
    const token = await signed('access');
    expect(await verifyToken(issuer, token, NOW + 29_999)).toEqual({ ...CLAIMS, use: 'access', exp: EXP });
    expect(await verifyToken(issuer, token, NOW + 30_000)).toMatchObject({ refused: 'token_expired' });
  });

  it('with an older key of the set', async () => {
    const [before, after] = await rotatedKeys();
    const old = await signToken({ ...issuer, keys: before }, { ...CLAIMS, use: 'access' }, 30, NOW);
    expect(await verifyToken({ ...issuer, keys: after }, old, NOW)).toMatchObject(CLAIMS);
    const current = await signToken({ ...issuer, keys: after }, { ...CLAIMS, use: 'access' }, 30, NOW);
    expect(await verifyToken({ ...issuer, keys: before }, current, NOW)).toMatchObject(INVALID);
  });
});

it('neither a cookie is a bearer token, nor the other way round', async () => {
  expect(await verifyToken(issuer, await signed('cookie'), NOW)).toMatchObject(INVALID);
  for (const use of ['access', 'session'] as const)
    expect(await verifyCookie(issuer, await signed(use), NOW)).toMatchObject(INVALID);
});

describe('a token is refused', () => {
  it.each<[string, Forgery]>([
    ['of another issuer', { payload: { iss: 'https://evil.example' } }],
    ['for another audience', { payload: { aud: 'https://evil.example' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['of a cookie’s type', { header: { typ: 'cookie+jwt' } }],
    ['of an unknown key', { header: { kid: 'another' } }],
    ['of no key', { header: { kid: undefined } }],
    ['of another use', { payload: { token_use: 'refresh' } }],
    ['of a cookie’s use', { payload: { token_use: 'cookie' } }],
    ['of no account', { payload: { sub: 'root' } }],
    ['of half an account', { payload: { sub: '7.5' } }],
    ['of a session that is no text', { payload: { sid: 7 } }],
    ...['iss', 'aud', 'client_id', 'sub', 'sid', 'iat', 'exp', 'jti', 'token_use'].map((claim): [string, Forgery] => [
      `without ${claim}`,
      { payload: { [claim]: undefined } },
    ]),
  ])('%s, though it was signed with our key', async (_, forgery) => {
    expect(await verifyToken(issuer, await forged({}), NOW)).toMatchObject(CLAIMS);
    expect(await verifyToken(issuer, await forged(forgery), NOW)).toMatchObject(INVALID);
  });

  it('signed with another key, under our kid', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await verifyToken(issuer, await forged({ key: privateKey }), NOW)).toMatchObject(INVALID);
  });

  it('signed with HMAC and our public key (RFC 8725 §2.1)', async () => {
    const [publicKey] = issuer.keys.verifying.values();
    if (!publicKey) throw new Error('no key');
    for (const secret of [JSON.stringify(await exportJWK(publicKey)), JSON.stringify(issuer.keys.published[0])]) {
      const token = await forged({ header: { alg: 'HS256' }, key: new TextEncoder().encode(secret) });
      expect(await verifyToken(issuer, token, NOW)).toMatchObject(INVALID);
    }
  });

  it('unsigned, or changed after it was signed', async () => {
    const [header = '', payload = '', signature = ''] = (await signed('access')).split('.');
    const [otherHeader, otherPayload] = (await forged({ payload: { sub: '1' } })).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: issuer.keys.signing.kid })).toString(
      'base64url',
    );
    for (const token of [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${otherHeader}.${otherPayload}.${signature}`,
      `${header}.${payload}`,
      'garbage',
      '..',
      '',
    ])
      expect(await verifyToken(issuer, token, NOW), token).toMatchObject(INVALID);
  });

  it('by another issuer with the same keys', async () => {
    expect(await verifyToken({ ...issuer, name: 'elsewhere' }, await signed('access'), NOW)).toMatchObject(INVALID);
  });
});
