// An authenticator app: set up, confirmed, used at a login, removed.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { codeAt, enrol, enrolled, STEP_MS } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { payloadOf } from '../../support/jwt.ts';
import { loggedIn, type Person, registered } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });

const logIn = ({ email, password }: Person, otp?: unknown): Promise<Answer> =>
  client.post('/api/login', { email, password, ...(otp === undefined ? {} : { otp }) });

const eventsOf = async (id: number): Promise<readonly string[]> => {
  const { results } = await env.DB.prepare(
    "SELECT action FROM audit_events WHERE account_id = ? AND action LIKE 'factor.%' ORDER BY id",
  )
    .bind(id)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
};

describe('setting up an authenticator app', () => {
  it('shows a secret, its address and a QR code, and asks for a code only once it is confirmed', async () => {
    const person = await loggedIn(client);
    const token = person.access_token;
    const setup = await client.post('/api/factors/totp', undefined, { token });
    expect(setup.status).toBe(201);
    expect(setup.body.uri).toContain(`secret=${setup.body.secret}`);
    expect(setup.body.uri).toContain(encodeURIComponent(person.email));
    expect(setup.body.qr).toMatch(/^<svg [\s\S]*<\/svg>$/);
    const none = { totp: null, recovery_codes_left: 0, passkeys: [] };
    expect((await client.get('/api/factors', { token })).body).toEqual(none);
    expect((await logIn(person)).status).toBe(200);
    const otp = codeAt(setup.body.secret, client.clock());
    const confirmed = await client.post('/api/factors/totp/confirm', { otp }, { token });
    expect(confirmed.body.recovery_codes).toHaveLength(10);
    expect((await client.get('/api/factors', { token })).body).toMatchObject({
      totp: { created_at: new Date(client.clock()).toISOString() },
      recovery_codes_left: 10,
    });
    expect((await logIn(person)).body.code).toBe('second_factor_required');
    expect(await eventsOf(person.id)).toEqual(['factor.enrolled']);
  });

  it('replaces the pending secret at each call, and refuses once one is confirmed', async () => {
    const { access_token: token } = await loggedIn(client);
    const begin = () => client.post('/api/factors/totp', undefined, { token });
    const [first, second] = [(await begin()).body, (await begin()).body];
    const confirm = (secret: string) =>
      client.post('/api/factors/totp/confirm', { otp: codeAt(secret, client.clock()) }, { token });
    expect(await confirm(first.secret)).toMatchObject({ status: 400, body: { code: 'invalid_second_factor' } });
    expect((await confirm(second.secret)).status).toBe(200);
    expect(await begin()).toMatchObject({ status: 409, body: { code: 'factor_enrolled' } });
    expect(await confirm(second.secret)).toMatchObject({ status: 409, body: { code: 'factor_not_pending' } });
  });

  it('takes ten minutes at most', async () => {
    const person = await loggedIn(client);
    const { body } = await client.post('/api/factors/totp', undefined, { token: person.access_token });
    client.clock.advance(10 * 60 * 1000);
    const { access_token: token } = (await logIn(person)).body;
    const otp = codeAt(body.secret, client.clock());
    const late = await client.post('/api/factors/totp/confirm', { otp }, { token });
    expect(late).toMatchObject({ status: 409, body: { code: 'factor_not_pending' } });
    expect((await logIn(person)).status).toBe(200);
  });

  it('counts no wrong code at the confirmation', async () => {
    const { access_token: token } = await loggedIn(client);
    const { body } = await client.post('/api/factors/totp', undefined, { token });
    for (const otp of ['', null, ...Array.from({ length: 12 }, () => 'wrong!')]) {
      const answer = await client.post('/api/factors/totp/confirm', { otp }, { token });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_second_factor' } });
    }
    const otp = codeAt(body.secret, client.clock());
    expect((await client.post('/api/factors/totp/confirm', { otp }, { token })).status).toBe(200);
  });

  it('is confirmed once by confirmations at once', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const { body } = await client.post('/api/factors/totp', undefined, { token });
    const otp = codeAt(body.secret, client.clock());
    const confirm = () => client.post('/api/factors/totp/confirm', { otp }, { token });
    const answers = await Promise.all([confirm(), confirm(), confirm()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await client.get('/api/factors', { token })).body.recovery_codes_left).toBe(10);
    expect(await eventsOf(id)).toEqual(['factor.enrolled']);
  });

  it('proves the second factor of the session that does it, and of no other', async () => {
    const person = await loggedIn(client);
    const other = (await logIn(person)).body;
    await enrol(client, person.access_token);
    const amr = async (refresh_token: string) => {
      const { body } = await client.post('/api/refresh', { refresh_token });
      return payloadOf(body.access_token).amr;
    };
    expect(await amr(person.refresh_token)).toEqual(['pwd', 'otp', 'mfa']);
    expect(await amr(other.refresh_token)).toEqual(['pwd']);
  });
});

describe('a code at a login', () => {
  it('is taken of the step before, this one and the one after, and not of two before', async () => {
    const person = await enrolled(client);
    client.clock.advance(10 * STEP_MS);
    const at = (steps: number) => codeAt(person.secret, client.clock() + steps * STEP_MS);
    expect(await logIn(person, at(-2))).toMatchObject({ status: 401, body: { code: 'invalid_second_factor' } });
    for (const steps of [-1, 0, 1]) expect((await logIn(person, at(steps))).status).toBe(200);
    expect((await logIn(person, at(2))).status).toBe(401);
  });

  it('is good once, and none of an earlier step is good after it', async () => {
    const person = await enrolled(client);
    const code = person.nextCode();
    expect((await logIn(person, code)).status).toBe(200);
    expect(await logIn(person, code)).toMatchObject({ status: 401, body: { code: 'invalid_second_factor' } });
    expect((await logIn(person, codeAt(person.secret, client.clock() - STEP_MS))).status).toBe(401);
  });

  it('that confirmed the app is good for no login', async () => {
    const person = await loggedIn(client);
    const { secret } = await enrol(client, person.access_token);
    expect((await logIn(person, codeAt(secret, client.clock()))).body.code).toBe('invalid_second_factor');
  });

  it('opens one session for fifty logins at once', async () => {
    const person = await enrolled(client);
    const code = person.nextCode();
    const answers = await Promise.all(Array.from({ length: 50 }, () => logIn(person, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 401, 429].includes(status))).toEqual([]);
    const { results } = await env.DB.prepare('SELECT id FROM sessions WHERE account_id = ?').bind(person.id).all();
    expect(results).toHaveLength(2); // the one that enrolled, and one more
  });

  it('may have spaces, as apps show them', async () => {
    const person = await enrolled(client);
    const code = person.nextCode();
    expect((await logIn(person, `${code.slice(0, 3)} ${code.slice(3)}`)).status).toBe(200);
  });

  it('is none where it is empty or null, and is refused where it is no text', async () => {
    const person = await enrolled(client);
    for (const otp of ['', null]) expect((await logIn(person, otp)).body.code).toBe('second_factor_required');
    for (const otp of [123456, true, [], {}])
      expect(await logIn(person, otp)).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  });

  it('is ignored for an account without an authenticator app', async () => {
    const person = await registered(client);
    expect((await logIn(person, '000000')).status).toBe(200);
  });

  it('says in the tokens that two factors were proven, and when', async () => {
    const person = await enrolled(client);
    const { body } = await logIn(person, person.nextCode());
    const claims = { amr: ['pwd', 'otp', 'mfa'], auth_time: Math.floor(client.clock() / 1000) };
    expect(payloadOf(body.access_token)).toMatchObject(claims);
    client.clock.advance(60_000);
    const refreshed = await client.post('/api/refresh', { refresh_token: body.refresh_token });
    expect(payloadOf(refreshed.body.access_token)).toMatchObject(claims);
  });
});

describe('removing an authenticator app', () => {
  it('lets the password alone sign in again, and takes the recovery codes along', async () => {
    const person = await enrolled(client);
    const token = person.access_token;
    expect((await client.delete('/api/factors/totp', { token })).status).toBe(204);
    expect((await logIn(person)).status).toBe(200);
    expect((await client.get('/api/factors', { token })).body).toMatchObject({ totp: null, recovery_codes_left: 0 });
    const again = await client.delete('/api/factors/totp', { token });
    expect(again).toMatchObject({ status: 404, body: { code: 'factor_not_found' } });
    expect(await eventsOf(person.id)).toEqual(['factor.enrolled', 'factor.removed']);
    await enrol(client, token);
    expect((await logIn(person, person.codes[0])).status).toBe(401);
  });

  it('leaves no session with a second factor that its account has no more', async () => {
    const person = await enrolled(client);
    await client.delete('/api/factors/totp', { token: person.access_token });
    const { body } = await client.post('/api/refresh', { refresh_token: person.refresh_token });
    expect(payloadOf(body.access_token).amr).toEqual(['pwd']);
  });
});

describe('an account that is deleted', () => {
  it('leaves no factor behind', async () => {
    const person = await enrolled(client);
    expect((await client.delete('/api/me', { token: person.access_token })).status).toBe(204);
    for (const table of ['totp', 'recovery_codes']) {
      const left = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE account_id = ?`)
        .bind(person.id)
        .first('n');
      expect(left).toBe(0);
    }
  });
});
