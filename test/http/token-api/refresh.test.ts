// A refresh token is exchanged once; one that comes back is theft, unless a grace says it is a retry.
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, newClient } from '../../support/client.ts';
import { intercepted } from '../../support/intercepted.ts';
import { LATEST_MS } from '../../support/lying-kv.ts';
import { loggedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const refresh = (client: Client, refresh_token: string) => client.post('/api/refresh', { refresh_token });
const logout = (client: Client, refresh_token: string) => client.post('/api/logout', { refresh_token });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();
const atOnce = (count: number, call: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, call));
const sha256 = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toHex();

describe('with no grace', () => {
  const client = newClient();

  it('answers exactly one of 50 concurrent refreshes, and revokes the session of the token they shared', async () => {
    const { refresh_token } = await loggedIn(client);
    const answers = await atOnce(50, () => refresh(client, refresh_token));
    expect(statuses(answers)).toEqual([200, ...Array<number>(49).fill(401)]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await refresh(client, winner?.body.refresh_token)).status).toBe(401);
  });

  it.each([
    ['refresh', refresh],
    ['logout', logout],
  ])('takes a rotated token that comes back to %s for theft', async (_, present) => {
    const { refresh_token, id } = await loggedIn(client);
    const next = await refresh(client, refresh_token);
    const reused = await present(client, refresh_token);
    expect({ status: reused.status, code: reused.body.code }).toEqual({ status: 401, code: 'invalid_refresh_token' });
    expect((await refresh(client, next.body.refresh_token)).status).toBe(401);
    const events = await client.env.DB.prepare(
      "SELECT action FROM audit_events WHERE account_id = ? AND action LIKE 'session.%'",
    )
      .bind(id)
      .all();
    expect(events.results).toEqual([{ action: 'session.reuse_detected' }]);
  });

  it.each([
    ['a few refreshes ago, by D1 alone', 8],
    ['long ago, by what KV remembers', 9],
  ])('recognises a token rotated %s', async (_, rounds) => {
    const { refresh_token } = await loggedIn(client);
    let current = refresh_token;
    for (let round = 0; round < rounds; round += 1) current = (await refresh(client, current)).body.refresh_token;
    if (rounds > 8) client.clock.advance(LATEST_MS);
    expect((await refresh(client, refresh_token)).status).toBe(401);
    expect((await refresh(client, current)).status).toBe(401);
  });

  it('leaves other sessions alone when a token is unknown', async () => {
    const { refresh_token } = await loggedIn(client);
    for (const unknown of [crypto.randomUUID(), 'not a uuid', ''])
      expect((await refresh(client, unknown)).status).toBe(401);
    expect((await refresh(client, refresh_token)).status).toBe(200);
  });

  it('resets the lifetime of the session at each refresh', async () => {
    const { refresh_token } = await loggedIn(client);
    client.clock.advance(29 * 24 * 60 * 60 * 1000);
    const next = await refresh(client, refresh_token);
    client.clock.advance(29 * 24 * 60 * 60 * 1000);
    expect((await refresh(client, next.body.refresh_token)).status).toBe(200);
  });

  it('refuses a token after its lifetime, without calling it theft', async () => {
    const { refresh_token, id } = await loggedIn(client);
    client.clock.advance(30 * 24 * 60 * 60 * 1000);
    expect((await refresh(client, refresh_token)).status).toBe(401);
    const events = await client.env.DB.prepare(
      "SELECT 1 FROM audit_events WHERE account_id = ? AND action LIKE 'session.%'",
    )
      .bind(id)
      .all();
    expect(events.results).toEqual([]);
  });
});

describe('with a grace of 10 seconds', () => {
  const client = newClient();
  beforeAll(() => configure(client, { REFRESH_REUSE_GRACE: '10' }));
  afterAll(() => configure(client, { REFRESH_REUSE_GRACE: null }));

  it('answers the same successor to 50 concurrent refreshes', async () => {
    const { refresh_token } = await loggedIn(client);
    const answers = await atOnce(50, () => refresh(client, refresh_token));
    expect(statuses(answers)).toEqual(Array<number>(50).fill(200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect((await refresh(client, answers[0]?.body.refresh_token)).status).toBe(200);
  });

  it('calls it theft when the successor was rotated already', async () => {
    const { refresh_token } = await loggedIn(client);
    const second = (await refresh(client, refresh_token)).body.refresh_token;
    const third = (await refresh(client, second)).body.refresh_token;
    expect((await refresh(client, refresh_token)).status).toBe(401);
    expect((await refresh(client, third)).status).toBe(401);
  });

  it('calls it theft when the grace is over', async () => {
    const { refresh_token } = await loggedIn(client);
    const second = (await refresh(client, refresh_token)).body.refresh_token;
    client.clock.advance(10 * 1000);
    expect((await refresh(client, refresh_token)).status).toBe(401);
    expect((await refresh(client, second)).status).toBe(401);
  });

  it('repeats the answer though a new key was put first in between', async () => {
    const { refresh_token } = await loggedIn(client);
    const first = await refresh(client, refresh_token);
    const { privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair;
    const fresh = { ...((await crypto.subtle.exportKey('jwk', privateKey)) as JsonWebKey), kid: 'fresh' };
    const { keys } = JSON.parse(client.env.JWT_KEYS) as { keys: object[] };
    const rotated = newClient({ JWT_KEYS: JSON.stringify({ keys: [fresh, ...keys] }) }, { clock: client.clock });
    const retry = await refresh(rotated, refresh_token);
    expect(retry.body.refresh_token).toBe(first.body.refresh_token);
    expect((await rotated.get('/api/me', { token: retry.body.access_token })).status).toBe(200);
    expect((await rotated.get('/api/me', { token: first.body.access_token })).status).toBe(200);
  });
});

describe('the secret that successors are derived from', () => {
  const client = newClient();

  const rotating = async () => {
    const { refresh_token: first } = await loggedIn(client);
    const { body } = await refresh(client, first);
    return { first, second: String(body.refresh_token) };
  };

  it('can be rotated: a retry is still answered the same, and reuse still recognised', async () => {
    await configure(client, { REFRESH_REUSE_GRACE: '10' });
    const { first, second } = await rotating();
    const { keys } = JSON.parse(client.env.SECRET_KEYS) as { keys: object[] };
    const fresh = { kty: 'oct', kid: 'fresh', k: 'A'.repeat(43) };
    const secrets = { SECRET_KEYS: JSON.stringify({ keys: [fresh, ...keys] }) };
    const rotated = newClient(secrets, { clock: client.clock });
    expect((await refresh(rotated, first)).body.refresh_token).toBe(second);
    client.clock.advance(11_000);
    expect((await refresh(rotated, first)).status).toBe(401);
    expect((await refresh(rotated, second)).status).toBe(401);
    await configure(client, { REFRESH_REUSE_GRACE: null });
  });

  it('is not JWT_KEYS: nobody can derive a token’s successor with those', async () => {
    const { first, second } = await rotating();
    const { keys } = JSON.parse(client.env.JWT_KEYS) as { keys: { d: string }[] };
    expect(await version1Successor(keys[0]?.d ?? '', first)).not.toBe(second);
  });

  it('recognises the reuse of a token whose successor version 1 derived', async () => {
    const { refresh_token: first, id } = await loggedIn(client);
    const { keys } = JSON.parse(client.env.JWT_KEYS) as { keys: { d: string }[] };
    const second = await version1Successor(keys[0]?.d ?? '', first);
    await env.DB.prepare('UPDATE sessions SET token_hash = ?, spent_hash = ? WHERE account_id = ?')
      .bind(await sha256(second), await sha256(first), id)
      .run();
    expect((await refresh(client, first)).status).toBe(401);
    expect((await refresh(client, second)).status).toBe(401);
  });
});

/** The successor as version 1 derived it: HMAC under a key that HKDF makes of the signing key's private scalar. */
async function version1Successor(d: string, presented: string): Promise<string> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(d), 'HKDF', false, ['deriveKey']);
  const info = encoder.encode('latchkey refresh successor');
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const key = await crypto.subtle.deriveKey(derivation, secret, hmac, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(presented)));
  const hex = mac.toHex().slice(0, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

describe('the record in KV', () => {
  it('remembers a token under its hash, with an expiry of its lifetime', async () => {
    const client = newClient();
    const { refresh_token, id } = await loggedIn(client);
    const { keys } = await client.env.REFRESH_TOKENS.list<unknown>();
    const hash = await sha256(refresh_token);
    const entry = keys.find(({ name }) => name === hash);
    expect((entry?.expiration ?? 0) - Date.now() / 1000).toBeCloseTo(30 * 24 * 60 * 60, -2);
    expect(await env.REFRESH_TOKENS.get(hash, 'json')).toEqual({
      session_id: expect.any(String),
      user_id: id,
      issued_at: client.clock(),
    });
    expect(JSON.stringify(keys)).not.toContain(refresh_token);
  });

  it('keeps a short lifetime to the second though KV cannot', async () => {
    const client = newClient();
    await configure(client, { REFRESH_TOKEN_LIFETIME: '10' });
    const { refresh_token } = await loggedIn(client);
    const entry = (await client.env.REFRESH_TOKENS.list()).keys.find(
      ({ expiration = 0 }) => expiration < Date.now() / 1000 + 100,
    );
    expect((entry?.expiration ?? 0) - Date.now() / 1000).toBeGreaterThan(55);
    client.clock.advance(9_999);
    const next = await refresh(client, refresh_token);
    expect(next.status).toBe(200);
    client.clock.advance(10_000);
    expect((await refresh(client, next.body.refresh_token)).status).toBe(401);
    await configure(client, { REFRESH_TOKEN_LIFETIME: null });
  });

  it('lets a refresh through while KV shows no token yet', async () => {
    const blind = newClient({ REFRESH_TOKENS: blindKv(newClient().env.REFRESH_TOKENS) });
    const { refresh_token } = await loggedIn(blind);
    const next = await refresh(blind, refresh_token);
    expect(next.status).toBe(200);
    expect((await refresh(blind, next.body.refresh_token)).status).toBe(200);
  });
});

/** A KV whose writes are not visible yet. */
const blindKv = (kv: KVNamespace): KVNamespace =>
  intercepted(kv, (name, method) => (name === 'get' ? async () => null : method));
