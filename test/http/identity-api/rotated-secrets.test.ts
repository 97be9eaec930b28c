// Codes after a rotation of SECRET_KEYS: an older key still works, and a removed one is reported and not fatal.
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Enrolled, enrolled } from '../../support/authenticator-app.ts';
import { type Answer, type Client, newClient } from '../../support/client.ts';
import { codeAt } from '../../support/codes.ts';
import { PASSWORD_LOGINS } from '../../support/password-logins.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { addPasskey, newAuthenticator, passkeyLogin } from '../../support/soft-authenticator.ts';

const client = newClient({ RATE_LIMITS: 'off' });
afterEach(() => vi.restoreAllMocks());

const FRESH = { kty: 'oct', kid: 'fresh', k: 'A'.repeat(43) };
const { keys } = JSON.parse(client.env.SECRET_KEYS) as { keys: { kid: string }[] };
const [{ kid } = { kid: '' }] = keys;

const withKeys = (...set: readonly object[]): Client =>
  newClient({ RATE_LIMITS: 'off', SECRET_KEYS: JSON.stringify({ keys: set }) }, { clock: client.clock });
const rotated = withKeys(FRESH, ...keys);
const rotatedOut = withKeys(FRESH);

const logIn = (by: Client, { email, password }: Enrolled, otp: string | undefined): Promise<Answer> =>
  by.post('/api/login', { email, password, otp });

const boxOf = (id: number) => env.DB.prepare('SELECT box FROM totp WHERE account_id = ?').bind(id).first<string>('box');
const hashesOf = async (id: number) =>
  (
    await env.DB.prepare('SELECT hash FROM recovery_codes WHERE account_id = ?').bind(id).all<{ hash: string }>()
  ).results.map(({ hash }) => hash);

describe('with the older key in the set', () => {
  it('a code and a recovery code work, and the secret is encrypted under the new key', async () => {
    const person = await enrolled(client);
    expect(await boxOf(person.id)).toContain(`v1.${kid}.`);
    expect((await logIn(rotated, person, person.codes[0])).status).toBe(200);
    expect((await logIn(rotated, person, person.nextCode())).status).toBe(200);
    expect(await boxOf(person.id)).toContain('v1.fresh.');
    expect((await logIn(rotatedOut, person, person.nextCode())).status).toBe(200);
  });

  it('recovery codes are stored as MACs that name their key, the new one from now on', async () => {
    const person = await enrolled(client);
    for (const hash of await hashesOf(person.id)) expect(hash.startsWith(`v1.${kid}.`)).toBe(true);
    const made = await rotated.post('/api/factors/recovery-codes', undefined, { token: person.access_token });
    expect(made.body.recovery_codes).toHaveLength(10);
    for (const hash of await hashesOf(person.id)) expect(hash.startsWith('v1.fresh.')).toBe(true);
    expect((await logIn(rotatedOut, person, made.body.recovery_codes[0])).status).toBe(200);
  });
});

describe('with the older key taken out', () => {
  it.each(Object.entries(PASSWORD_LOGINS))(
    '%s refuses its codes as it does wrong ones',
    async (_, { send, missing, wrong }) => {
      const person = await enrolled(client, await admin(client));
      for (const otp of [person.nextCode(), person.codes[0], person.wrongCode()]) {
        const { status, text } = await send(rotatedOut, person, otp);
        const { text: words, ...rest } = wrong as { text?: RegExp; status?: number };
        if (rest.status !== undefined) expect(status).toBe(rest.status);
        if (words) expect(text).toMatch(words);
        expect(status).toBeLessThan(500);
      }
      const { status } = await send(rotatedOut, person);
      if ('status' in missing) expect(status).toBe(missing.status);
    },
  );

  it('a passkey goes on working, and recovery codes that were made since', async () => {
    const person = await enrolled(client);
    const authenticator = newAuthenticator();
    await addPasskey(client, person.access_token, authenticator);
    const made = await rotated.post('/api/factors/recovery-codes', undefined, { token: person.access_token });
    expect((await passkeyLogin(rotatedOut, authenticator)).status).toBe(200);
    expect((await logIn(rotatedOut, person, person.nextCode())).body.code).toBe('invalid_second_factor');
    expect((await logIn(rotatedOut, person, made.body.recovery_codes[0])).status).toBe(200);
  });

  it('the event and the log name the key, and nothing that is secret', async () => {
    const person = await enrolled(client);
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const code = person.nextCode();
    expect((await logIn(rotatedOut, person, code)).status).toBe(401);
    const event = await env.DB.prepare('SELECT detail FROM audit_events WHERE account_id = ? ORDER BY id DESC LIMIT 1')
      .bind(person.id)
      .first<string>('detail');
    expect(JSON.parse(event ?? '')).toEqual({ reason: 'invalid_second_factor', missing_key: kid });
    expect(warned.mock.calls).toEqual([[{ event: 'key.missing', secret: 'SECRET_KEYS', kid }]]);
    for (const text of [event, JSON.stringify(warned.mock.calls)]) {
      expect(text).not.toContain(code);
      expect(text).not.toContain(await boxOf(person.id));
    }
    expect((await logIn(client, person, person.wrongCode())).status).toBe(401);
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it('an app that waits for its first code is set up anew', async () => {
    const { access_token: token } = await loggedIn(client);
    const { body } = await client.post('/api/factors/totp', undefined, { token });
    const otp = codeAt(body.secret, client.clock());
    const confirmed = await rotatedOut.post('/api/factors/totp/confirm', { otp }, { token });
    expect(confirmed).toMatchObject({ status: 409, body: { code: 'factor_not_pending' } });
    expect((await rotatedOut.post('/api/factors/totp', undefined, { token })).status).toBe(201);
  });
});
