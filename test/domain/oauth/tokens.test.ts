// The token endpoint: a code, a refresh token or a client's own credentials become tokens; everything else is refused.
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { Client } from '../../../src/domain/oauth/client.ts';
import { challengeOf, hashCode, type NewCode, newCode } from '../../../src/domain/oauth/code.ts';
import { introspectToken, revokeToken } from '../../../src/domain/oauth/introspection.ts';
import { grantTokens } from '../../../src/domain/oauth/token-endpoint.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { actionsOf, newAccount, openSession } from '../../support/domain/accounts.ts';
import { acting, MINUTE_MS, NOW, nobody } from '../../support/domain/contexts.ts';
import { addClient, issueCode, REDIRECT } from '../../support/domain/oauth.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

const VERIFIER = 'v'.repeat(43);
const ALL = ['openid', 'profile', 'offline_access', 'entities:read'] as const;

let ports: AllPorts;
let ann: Account;
let client: Client;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  [ann, client] = [await newAccount(ports), await addClient(ports)];
  sessionId = (await openSession(ports, ann)).id;
});

async function issued(fields: Partial<NewCode> = {}, to = client): Promise<string> {
  const code = newCode();
  const challenge = await challengeOf(VERIFIER);
  await issueCode(ports, ann, sessionId, to, { hash: await hashCode(code), challenge, scopes: ALL, ...fields });
  return code;
}
type Form = Readonly<Record<string, string | undefined>>;
const grant = (form: Form, by = client, now = NOW) => grantTokens(ports, by, form, nobody(now));
const redeem = (code: string, form: Form = {}, by = client, now = NOW) =>
  grant({ grant_type: 'authorization_code', code, code_verifier: VERIFIER, redirect_uri: REDIRECT, ...form }, by, now);
const refresh = (token: string | undefined, form: Form = {}, by = client, now = NOW) =>
  grant({ grant_type: 'refresh_token', refresh_token: token, ...form }, by, now);
async function tokens(fields: Partial<NewCode> = {}) {
  const granted = await redeem(await issued(fields));
  if (isRefusal(granted)) throw new Error(granted.refused);
  return granted;
}

describe('a code', () => {
  it('becomes an access token, a refresh token and an ID token of the session it was granted in', async () => {
    const { accessToken, refreshToken, idToken, expiresInSeconds, scopes } = await tokens();
    const { ACCESS_TOKEN_LIFETIME } = await ports.settings.current(NOW);
    expect([expiresInSeconds, scopes]).toEqual([ACCESS_TOKEN_LIFETIME, ALL]);
    expect(refreshToken).toBeDefined();
    const access = decodeJwt(accessToken);
    expect(access).toMatchObject({ sub: String(ann.id), client_id: client.id, scope: ALL.join(' ') });
    const claims = { sub: String(ann.id), aud: client.id, sid: access.sid, nonce: 'a nonce', auth_time: NOW / 1000 };
    expect(decodeJwt(idToken ?? '')).toMatchObject({ ...claims, amr: ['pwd'], acr: 'aal1' });
  });

  it('becomes no ID token without openid, and no refresh token without offline_access', async () => {
    expect(await tokens({ scopes: ['profile', 'offline_access'] })).toMatchObject({ idToken: undefined });
    expect(await tokens({ scopes: ['openid'] })).toMatchObject({ refreshToken: undefined });
  });

  it.each<[string, Form, string]>([
    ['without a code', { code: undefined }, 'invalid_request'],
    ['without a verifier', { code_verifier: undefined }, 'invalid_request'],
    ['with a verifier that is too short', { code_verifier: 'v'.repeat(42) }, 'invalid_request'],
    ['with a verifier of other characters', { code_verifier: `${'v'.repeat(42)}!` }, 'invalid_request'],
    ['with another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
    ['with another redirect', { redirect_uri: 'https://app.example.com/other' }, 'invalid_grant'],
    ['with another code', { code: newCode() }, 'invalid_grant'],
  ])('is refused %s', async (_, form, refused) => {
    expect(await redeem(await issued(), form)).toMatchObject({ refused });
  });

  it('is refused once expired, to another client, and a second time, which ends the session of the first', async () => {
    expect(await redeem(await issued(), {}, client, NOW + MINUTE_MS)).toMatchObject({ refused: 'invalid_grant' });
    expect(await redeem(await issued(), {}, await addClient(ports))).toMatchObject({ refused: 'invalid_grant' });
    const code = await issued();
    const granted = await redeem(code);
    expect(await redeem(code)).toMatchObject({ refused: 'invalid_grant' });
    expect(await refresh('refreshToken' in granted ? granted.refreshToken : '')).toMatchObject({
      refused: 'invalid_grant',
    });
    expect(await actionsOf(ports, ann.id)).toContain('code.reused');
  });
});

describe('a refresh token', () => {
  it('becomes the next pair, without a nonce', async () => {
    const { refreshToken: first } = await tokens();
    const next = await refresh(first);
    if (isRefusal(next)) throw new Error(next.refused);
    expect(next.refreshToken).not.toBe(first);
    expect(next.scopes).toEqual(ALL);
    expect(decodeJwt(next.idToken ?? '')).not.toHaveProperty('nonce');
  });

  it('may be exchanged for fewer scopes, and for none that was not granted', async () => {
    const { refreshToken } = await tokens({ scopes: ['openid', 'offline_access'] });
    for (const scope of ['openid profile', 'unknown', ''])
      expect(await refresh(refreshToken, { scope })).toMatchObject({ refused: 'invalid_scope' });
    expect(await refresh(refreshToken, { scope: 'openid' })).toMatchObject({ scopes: ['openid'] });
  });

  it('has no scope that its client lost, and is refused where that is offline access', async () => {
    const { refreshToken } = await tokens();
    const less = { ...client, scopes: ['openid', 'offline_access'] as const };
    const next = await refresh(refreshToken, {}, less);
    expect(next).toMatchObject({ scopes: ['openid', 'offline_access'] });
    const nothing = { ...client, scopes: ['openid'] as const };
    const token = 'refreshToken' in next ? next.refreshToken : '';
    expect(await refresh(token, {}, nothing)).toMatchObject({ refused: 'invalid_scope' });
    expect(await refresh(token)).toHaveProperty('accessToken');
  });

  it('is refused to another client, and then still good', async () => {
    const { refreshToken } = await tokens();
    expect(await refresh(refreshToken, {}, await addClient(ports))).toMatchObject({ refused: 'invalid_grant' });
    expect(await refresh(refreshToken)).toHaveProperty('accessToken');
  });

  it('that comes back ends its session', async () => {
    await configure(ports, { REFRESH_REUSE_GRACE: '0' });
    const { refreshToken: first } = await tokens();
    const next = await refresh(first);
    expect(await refresh(first)).toMatchObject({ refused: 'invalid_grant' });
    expect(await refresh('refreshToken' in next ? next.refreshToken : '')).toMatchObject({ refused: 'invalid_grant' });
    expect(await actionsOf(ports, ann.id)).toContain('session.reuse_detected');
  });

  it('is required', async () => {
    expect(await refresh(undefined)).toMatchObject({ refused: 'invalid_request' });
    expect(await refresh('no token')).toMatchObject({ refused: 'invalid_grant' });
  });
});

describe('a client by itself', () => {
  const asItself = async (scope?: string, fields: Partial<Client> = {}) => {
    const own = await addClient(ports, { kind: 'confidential', ...fields }, 'a hash');
    return grant({ grant_type: 'client_credentials', scope }, own);
  };

  it('reads public data, for no account', async () => {
    const granted = await asItself();
    if (isRefusal(granted)) throw new Error(granted.refused);
    expect(granted).toMatchObject({ scopes: ['entities:read'], refreshToken: undefined, idToken: undefined });
    const { sub, client_id: id } = decodeJwt(granted.accessToken);
    expect(sub).toBe(id);
  });

  it('has no other scope, needs that one, and is confidential', async () => {
    expect(await asItself('entities:read')).toHaveProperty('accessToken');
    expect(await asItself('openid')).toMatchObject({ refused: 'invalid_scope' });
    expect(await asItself(undefined, { scopes: ['openid'] })).toMatchObject({ refused: 'invalid_scope' });
    expect(await asItself(undefined, { kind: 'public' })).toMatchObject({ refused: 'unauthorized_client' });
  });
});

it('other grants are not supported', async () => {
  expect(await grant({})).toMatchObject({ refused: 'invalid_request' });
  for (const type of ['password', 'implicit', ''])
    expect(await grant({ grant_type: type })).toMatchObject({ refused: 'unsupported_grant_type' });
});

describe('a token', () => {
  const introspect = (token = '', by = client, now = NOW) => introspectToken(ports, by, token, now);

  it('is shown to its client as long as its session lives', async () => {
    const { accessToken, refreshToken } = await tokens();
    const facts = { subject: String(ann.id), scope: ALL.join(' ') };
    const access = { ...facts, tokenType: 'access_token', username: ann.username };
    expect(await introspect(accessToken)).toMatchObject(access);
    expect(await introspect(refreshToken)).toMatchObject({ ...facts, tokenType: 'refresh_token' });
    const other = await addClient(ports);
    expect([await introspect(accessToken, other), await introspect(refreshToken, other)]).toEqual([
      undefined,
      undefined,
    ]);
    await ports.grants.withdraw(client.id, acting(ann.id, { sessionId }));
    expect([await introspect(accessToken), await introspect(refreshToken), await introspect('none')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of its own ends with its session where a client revokes it, and no other', async () => {
    const [one, other] = [await tokens(), await tokens()];
    const stranger = await addClient(ports);
    await revokeToken(ports, stranger, one.accessToken, nobody());
    await revokeToken(ports, stranger, one.refreshToken ?? '', nobody());
    await revokeToken(ports, client, 'no token', nobody());
    expect(await introspect(one.accessToken)).toBeDefined();
    await revokeToken(ports, client, one.accessToken, nobody());
    await revokeToken(ports, client, other.refreshToken ?? '', nobody());
    expect([await introspect(one.refreshToken), await introspect(other.accessToken)]).toEqual([undefined, undefined]);
  });
});
