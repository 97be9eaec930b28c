// Recovery codes replace a lost authenticator app: ten, each of which works once.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { sha256Hex } from '../../../src/domain/digest.ts';
import { enrolled } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { payloadOf } from '../../support/jwt.ts';
import { loggedIn, type Person } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });

const logIn = ({ email, password }: Person, otp: string | undefined): Promise<Answer> =>
  client.post('/api/login', { email, password, otp });

const countOf = (id: number, action: string) =>
  env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE account_id = ? AND action = ?')
    .bind(id, action)
    .first('n');

it('each work once, in any case, with or without their groups', async () => {
  const person = await enrolled(client);
  for (const [index, code] of person.codes.entries()) {
    const otp = index % 2 === 0 ? code : code.toUpperCase().replaceAll('-', '');
    expect((await logIn(person, otp)).status).toBe(200);
    expect((await logIn(person, otp)).body.code).toBe('invalid_second_factor');
  }
  const { access_token: token } = (await logIn(person, person.nextCode())).body;
  const { body } = await client.get('/api/factors', { token });
  expect(body).toMatchObject({ totp: {}, recovery_codes_left: 0 });
  expect(await countOf(person.id, 'recovery_code.used')).toBe(10);
});

it('work once too where an earlier version stored them, as plain SHA-256', async () => {
  const person = await enrolled(client);
  const [code = ''] = person.codes;
  const old = await sha256Hex(code.replaceAll('-', ''));
  await env.DB.batch([
    env.DB.prepare('DELETE FROM recovery_codes WHERE account_id = ?').bind(person.id),
    env.DB.prepare('INSERT INTO recovery_codes VALUES (?, ?, ?)').bind(person.id, old, client.clock()),
  ]);
  expect((await logIn(person, old)).status).toBe(401);
  const answers = await Promise.all([logIn(person, code), logIn(person, code)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

it('open one session for many logins at once', async () => {
  const person = await enrolled(client);
  const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(person, person.codes[0])));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await countOf(person.id, 'recovery_code.used')).toBe(1);
});

it('prove as much as a code', async () => {
  const person = await enrolled(client);
  const { body } = await logIn(person, person.codes[3]);
  expect(payloadOf(body.access_token).amr).toEqual(['pwd', 'otp', 'mfa']);
});

it('are made anew, which ends the earlier ones', async () => {
  const person = await enrolled(client);
  const made = await client.post('/api/factors/recovery-codes', undefined, { token: person.access_token });
  expect(made.body.recovery_codes).toHaveLength(10);
  expect((await logIn(person, person.codes[0])).status).toBe(401);
  expect((await logIn(person, made.body.recovery_codes[0])).status).toBe(200);
  expect(await countOf(person.id, 'recovery_codes.made')).toBe(1);
});

it('are of one account alone', async () => {
  const [mine, theirs] = [await enrolled(client), await enrolled(client)];
  expect((await logIn(mine, theirs.codes[0])).status).toBe(401);
  expect((await logIn(theirs, theirs.codes[0])).status).toBe(200);
});

it('are none without an authenticator app', async () => {
  const { access_token: token } = await loggedIn(client);
  const answer = await client.post('/api/factors/recovery-codes', undefined, { token });
  expect(answer).toMatchObject({ status: 404, body: { code: 'factor_not_found' } });
});
