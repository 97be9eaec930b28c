// Passkeys: added in a session, used to log in, named, counted, and removed unless it is the last way to sign in.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { enrolled } from '../../support/authenticator-app.ts';
import { newClient } from '../../support/client.ts';
import { payloadOf } from '../../support/jwt.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { type Algorithm, addPasskey, newAuthenticator, passkeyLogin } from '../../support/soft-authenticator.ts';

const client = newClient({ RATE_LIMITS: 'off' });

const listed = async (token: string) => (await client.get('/api/factors', { token })).body.passkeys;

const countOf = (id: number, action: string) =>
  env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE account_id = ? AND action = ?')
    .bind(id, action)
    .first('n');

describe.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('a passkey with %s', (algorithm) => {
  it('logs in for a token pair, and proves two factors', async () => {
    const person = await loggedIn(client);
    const { authenticator, id } = await addPasskey(client, person.access_token, newAuthenticator(algorithm));
    const { status, body } = await passkeyLogin(client, authenticator);
    expect(status).toBe(200);
    expect(payloadOf(body.access_token)).toMatchObject({ sub: String(person.id), amr: ['hwk', 'user', 'mfa'] });
    expect((await client.post('/api/refresh', { refresh_token: body.refresh_token })).status).toBe(200);
    expect(await listed(person.access_token)).toEqual([
      {
        id,
        name: 'Phone',
        created_at: expect.any(String),
        last_used_at: new Date(client.clock()).toISOString(),
        backed_up: false,
      },
    ]);
  });
});

describe('a passkey', () => {
  it('that is synced says so, in the list and in the tokens', async () => {
    const { access_token: token } = await loggedIn(client);
    const synced = { backupEligible: true };
    const { authenticator } = await addPasskey(client, token, newAuthenticator(), synced);
    expect(await listed(token)).toMatchObject([{ backed_up: true }]);
    const { body } = await passkeyLogin(client, authenticator, synced);
    expect(payloadOf(body.access_token).amr).toEqual(['swk', 'user', 'mfa']);
    expect((await passkeyLogin(client, authenticator, { backupEligible: false })).status).toBe(401);
  });

  it('needs no code of an authenticator app beside it', async () => {
    const person = await enrolled(client);
    const { authenticator } = await addPasskey(client, person.access_token);
    expect((await passkeyLogin(client, authenticator)).status).toBe(200);
  });

  it('of a deactivated account is told so, and opens nothing', async () => {
    const person = await loggedIn(client);
    const { authenticator } = await addPasskey(client, person.access_token);
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(person.id).run();
    expect(await passkeyLogin(client, authenticator)).toMatchObject({
      status: 403,
      body: { code: 'account_disabled' },
    });
    const live = await env.DB.prepare('SELECT count(*) AS n FROM sessions WHERE account_id = ?')
      .bind(person.id)
      .first('n');
    expect(live).toBe(1);
  });

  it('has a name, which its owner changes', async () => {
    const [{ access_token: token }, stranger] = [await loggedIn(client), await loggedIn(client)];
    const { id } = await addPasskey(client, token);
    const rename = (name: unknown, by = token) => client.patch(`/api/passkeys/${id}`, { name }, { token: by });
    expect((await rename('  My key 🔑 ')).body).toMatchObject({ id, name: 'My key 🔑' });
    for (const name of ['', ' ', 'x'.repeat(65), 'a\nb', 1]) expect((await rename(name)).status).toBe(400);
    expect(await rename('Mine', stranger.access_token)).toMatchObject({
      status: 404,
      body: { code: 'passkey_not_found' },
    });
    expect(await listed(token)).toMatchObject([{ name: 'My key 🔑' }]);
  });

  it('is one of several, each of which logs in', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const { authenticator: one } = await addPasskey(client, token);
    const { authenticator: two, id: second } = await addPasskey(client, token);
    const { body } = await client.post('/api/passkeys/options', undefined, { token });
    expect(body.excludeCredentials).toHaveLength(2);
    for (const authenticator of [one, two]) expect((await passkeyLogin(client, authenticator)).status).toBe(200);
    expect((await client.delete(`/api/passkeys/${second}`, { token })).status).toBe(204);
    expect((await passkeyLogin(client, one)).status).toBe(200);
    expect((await passkeyLogin(client, two)).status).toBe(401);
    expect([await countOf(id, 'passkey.added'), await countOf(id, 'passkey.removed')]).toEqual([2, 1]);
  });

  it('belongs to one account: another cannot add it too', async () => {
    const [mine, theirs] = [await loggedIn(client), await loggedIn(client)];
    const authenticator = newAuthenticator();
    await addPasskey(client, mine.access_token, authenticator);
    const { body: options } = await client.post('/api/passkeys/options', undefined, { token: theirs.access_token });
    const copied = await copyOf(authenticator, options);
    const answer = await client.post('/api/passkeys', { credential: copied }, { token: theirs.access_token });
    expect(answer).toMatchObject({ status: 409, body: { code: 'passkey_exists' } });
  });
});

/** A registration of an authenticator's existing credential, for other options. */
async function copyOf(authenticator: ReturnType<typeof newAuthenticator>, options: { challenge: string }) {
  const again = await newAuthenticator().create(options as never);
  const own = await authenticator.get({ challenge: options.challenge, rpId: 'localhost' });
  const { decodeAttestationObject, isoCBOR, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(again.response.attestationObject));
  const authData = Uint8Array.from(decoded.get('authData'));
  authData.set(isoBase64URL.toBuffer(own.id), 32 + 1 + 4 + 16 + 2);
  const object = new Map<string, unknown>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', authData],
  ]);
  const attestationObject = isoBase64URL.fromBuffer(isoCBOR.encode(object as never));
  return { ...again, id: own.id, rawId: own.id, response: { ...again.response, attestationObject } };
}

describe('the signature counter', () => {
  it('must rise once an authenticator keeps one; a copy is refused and recorded', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const { authenticator } = await addPasskey(client, token);
    expect((await passkeyLogin(client, authenticator, { counter: 0 })).status).toBe(200);
    expect((await passkeyLogin(client, authenticator, { counter: 5 })).status).toBe(200);
    for (const counter of [5, 4, 0])
      expect(await passkeyLogin(client, authenticator, { counter })).toMatchObject({
        status: 401,
        body: { code: 'invalid_passkey' },
      });
    expect(await countOf(id, 'passkey.counter_went_back')).toBe(3);
    expect((await passkeyLogin(client, authenticator, { counter: 6 })).status).toBe(200);
  });

  it('lets one of two logins in that have the same', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const { authenticator } = await addPasskey(client, token);
    const answers = await Promise.all([1, 2, 3].map(() => passkeyLogin(client, authenticator, { counter: 7 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect(await countOf(id, 'passkey.counter_went_back')).toBe(2);
  });
});

describe('the last way to sign in', () => {
  const withoutPassword = (id: number) =>
    env.DB.prepare('DELETE FROM password_credentials WHERE account_id = ?').bind(id).run();

  it('stays where no password is left', async () => {
    const { access_token: token, id: account } = await loggedIn(client);
    const [one, two] = [await addPasskey(client, token), await addPasskey(client, token)];
    await withoutPassword(account);
    const remove = (id: string) => client.delete(`/api/passkeys/${id}`, { token });
    expect((await remove(one.id)).status).toBe(204);
    expect(await remove(two.id)).toMatchObject({ status: 409, body: { code: 'last_credential' } });
    expect(await remove(one.id)).toMatchObject({ status: 404, body: { code: 'passkey_not_found' } });
  });

  it('stays even where both are removed at once', async () => {
    const { access_token: token, id: account } = await loggedIn(client);
    const passkeys = [await addPasskey(client, token), await addPasskey(client, token)];
    await withoutPassword(account);
    const answers = await Promise.all(passkeys.map(({ id }) => client.delete(`/api/passkeys/${id}`, { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  it('may be removed by an admin, for a person who lost it', async () => {
    const boss = await admin(client);
    const person = await enrolled(client);
    const { authenticator } = await addPasskey(client, person.access_token);
    await withoutPassword(person.id);
    const remove = (id: number) => client.delete(`/api/admin/users/${id}/factors`, { token: boss.access_token });
    expect((await remove(person.id)).status).toBe(204);
    expect((await passkeyLogin(client, authenticator)).status).toBe(401);
    expect(await countOf(person.id, 'factor.removed')).toBe(1);
    expect(await countOf(person.id, 'passkey.removed')).toBe(1);
    expect((await remove(person.id)).status).toBe(204);
    expect(await remove(999_999)).toMatchObject({ status: 404, body: { code: 'account_not_found' } });
  });
});

describe('options', () => {
  it('write nothing', async () => {
    const { access_token: token } = await loggedIn(client);
    const rows = async () => {
      const tables = ['used_challenges', 'passkeys', 'audit_events', 'sessions'];
      const counts = await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT count(*) AS n FROM ${table}`)));
      return counts.map(({ results }) => results);
    };
    const before = await rows();
    for (const path of ['/api/passkeys/options', '/api/login/passkey/options', '/api/reauthenticate/options'])
      expect((await client.post(path, undefined, { token })).status).toBe(200);
    expect(await rows()).toEqual(before);
  });

  it('of a login name no account and no passkey; of a reauthentication, one’s own', async () => {
    const { access_token: token } = await loggedIn(client);
    const { authenticator } = await addPasskey(client, token);
    const login = await client.post('/api/login/passkey/options');
    expect(login.body).toMatchObject({ rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
    const again = await client.post('/api/reauthenticate/options', undefined, { token });
    const { id } = await authenticator.get({ challenge: '', rpId: 'localhost' });
    expect(again.body.allowCredentials).toEqual([{ type: 'public-key', id, transports: ['hybrid', 'internal'] }]);
  });
});
