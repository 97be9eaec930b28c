// Guesses at codes: five in a row in any quarter of an hour reach the check, and fifty in a row end the password.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Enrolled, enrolled } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { mailsTo, newMailClient, tokenMailedTo } from '../../support/mailbox.ts';
import { PASSWORD_LOGINS } from '../../support/password-logins.ts';
import { loggedIn } from '../../support/people.ts';

const MINUTE_MS = 60 * 1000;
const client = newClient({ RATE_LIMITS: 'off' });

/** From a network of its own where `network` is given. */
const logIn = (
  { email, password }: Enrolled,
  otp: string | undefined,
  network?: number,
  by = client,
): Promise<Answer> =>
  by.post(
    '/api/login',
    { email, password, otp },
    network === undefined ? {} : { headers: { 'CF-Connecting-IP': `192.0.2.${network}` } },
  );

const codeOf = ({ body }: Answer): string | undefined => body?.code;

/** Wrong codes one after the other, each from another network. */
async function guess(person: Enrolled, count: number, by = client): Promise<readonly (string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (let round = 0; round < count; round += 1) codes.push(codeOf(await logIn(person, person.wrongCode(), round, by)));
  return codes;
}

const times = (count: number, what: string) => Array<string>(count).fill(what);

describe('wrong codes beside the right password', () => {
  it('are checked five times in a row, whatever network they come from, then not for a while', async () => {
    const person = await enrolled(client);
    expect(await guess(person, 7)).toEqual([...times(5, 'invalid_second_factor'), ...times(2, 'too_many_attempts')]);
    const right = await logIn(person, person.nextCode(), 99);
    expect(codeOf(right)).toBe('too_many_attempts');
    expect(right.headers.get('Retry-After')).toBe(String(15 * 60 - 60)); // the clock moved on for the code
    expect(codeOf(await logIn(person, person.codes[0], 99))).toBe('too_many_attempts');
  });

  it('are no more than five in any quarter of an hour, however they are spread', async () => {
    const person = await enrolled(client);
    await guess(person, 1);
    client.clock.advance(14 * MINUTE_MS);
    expect(await guess(person, 5)).toEqual([...times(4, 'invalid_second_factor'), 'too_many_attempts']);
    client.clock.advance(MINUTE_MS);
    expect(await guess(person, 2)).toEqual(['invalid_second_factor', 'too_many_attempts']);
    client.clock.advance(14 * MINUTE_MS);
    expect(await guess(person, 5)).toEqual([...times(4, 'invalid_second_factor'), 'too_many_attempts']);
  });

  it('are forgotten at a right one', async () => {
    const person = await enrolled(client);
    for (const round of [0, 1, 2]) {
      expect(await guess(person, 4)).toEqual(times(4, 'invalid_second_factor'));
      expect((await logIn(person, round === 1 ? person.codes[0] : person.nextCode())).status).toBe(200);
    }
  });

  it('reach the check five times of a hundred at once, over every surface, session and network', async () => {
    const person = await enrolled(client);
    const { access_token: token, email, username, password } = person;
    const surfaces = Object.values(PASSWORD_LOGINS);
    const calls = Array.from({ length: 100 }, (_, index) => {
      const otp = person.wrongCode();
      if (index % 9 === 8) return client.post('/api/reauthenticate', { password, otp }, { token });
      return surfaces[index % surfaces.length]?.send(client, { email, username, password }, otp);
    });
    const answers = await Promise.all(calls);
    const checked = answers.filter((answer) =>
      /invalid_second_factor|Invalid second factor|invalid_grant|The code is wrong/.test(answer?.text ?? ''),
    );
    expect(checked).toHaveLength(5);
    expect(answers.filter((answer) => answer?.status === 429)).toHaveLength(95);
    const row = await env.DB.prepare('SELECT wrong_codes, tried_at FROM totp WHERE account_id = ?')
      .bind(person.id)
      .first();
    expect(row).toMatchObject({ wrong_codes: 5 });
    expect(JSON.parse(String(row?.tried_at))).toHaveLength(5);
  });

  it('count by account at a reauthentication, in whatever session', async () => {
    const person = await enrolled(client);
    const { username, password } = person;
    const sessionToken = async () =>
      (await client.post('/auth', { username, password, otp: person.nextCode() })).body.token;
    const [one, other] = [await sessionToken(), await sessionToken()];
    const again = async (token: string) =>
      codeOf(await client.post('/api/reauthenticate', { password, otp: person.wrongCode() }, { token }));
    const codes = [];
    for (const token of [one, other, other, one, other, other]) codes.push(await again(token));
    expect(codes).toEqual([...times(5, 'invalid_second_factor'), 'too_many_attempts']);
    expect(await guess(person, 1)).toEqual(['too_many_attempts']);
  });
});

describe('the right password without a code', () => {
  it('is asked for one, also while codes are locked', async () => {
    const person = await enrolled(client);
    await guess(person, 6);
    for (let round = 0; round < 12; round += 1)
      expect(codeOf(await logIn(person, undefined, 7))).toBe('second_factor_required');
  });

  it('counts as no guess and clears none', async () => {
    const person = await enrolled(client);
    const wrong = () => client.post('/api/login', { email: person.email, password: 'not it' });
    for (let round = 0; round < 9; round += 1) expect((await wrong()).status).toBe(401);
    for (let round = 0; round < 12; round += 1)
      expect(codeOf(await logIn(person, undefined))).toBe('second_factor_required');
    expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
  });

  it('locks nobody out at the guess that would have locked', async () => {
    const person = await enrolled(client);
    for (let round = 0; round < 9; round += 1)
      await client.post('/api/login', { email: person.email, password: 'not it' });
    const answers = await Promise.all(Array.from({ length: 3 }, () => logIn(person, undefined)));
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect((await logIn(person, person.nextCode())).status).toBe(200);
  });

  it('clears no wrong codes', async () => {
    const person = await enrolled(client);
    await guess(person, 4);
    await logIn(person, undefined);
    expect(await guess(person, 2)).toEqual(['invalid_second_factor', 'too_many_attempts']);
  });

  it('is recorded, since somebody knows the password', async () => {
    const person = await enrolled(client);
    await logIn(person, undefined);
    const detail = await env.DB.prepare(
      "SELECT detail FROM audit_events WHERE account_id = ? AND action = 'login.refused' ORDER BY id DESC",
    )
      .bind(person.id)
      .first<string>('detail');
    expect(JSON.parse(detail ?? '')).toEqual({ reason: 'second_factor_required' });
  });
});

describe('wrong codes and wrong passwords', () => {
  it('count for the same lock of a network', async () => {
    const person = await enrolled(client);
    for (let round = 0; round < 5; round += 1)
      expect(codeOf(await logIn(person, person.wrongCode(), 1))).toBe('invalid_second_factor');
    const wrong = { email: person.email, password: 'not it' };
    const from = { headers: { 'CF-Connecting-IP': '192.0.2.1' } };
    for (let round = 0; round < 5; round += 1) expect((await client.post('/api/login', wrong, from)).status).toBe(401);
    expect((await client.post('/api/login', wrong, from)).status).toBe(429);
    expect(codeOf(await logIn(person, undefined, 1))).toBe('too_many_attempts');
    expect(codeOf(await logIn(person, undefined, 2))).toBe('second_factor_required');
  });

  it('are both cleared by a right password with a right code', async () => {
    const person = await enrolled(client);
    const wrong = () => client.post('/api/login', { email: person.email, password: 'not it' });
    for (let round = 0; round < 6; round += 1) await wrong();
    for (let round = 0; round < 3; round += 1) await logIn(person, person.wrongCode());
    expect((await logIn(person, person.nextCode())).status).toBe(200);
    for (let round = 0; round < 10; round += 1) expect((await wrong()).status).toBe(401);
  });
});

describe('fifty wrong codes in a row', () => {
  it('end the password, which their guesser knows, until it is reset', async () => {
    const mailing = newMailClient({ RATE_LIMITS: 'off' });
    const owner = await loggedIn(mailing);
    await mailing.post('/api/email/verify', { token: tokenMailedTo(mailing, owner.email) });
    const person = await enrolled(mailing, owner);
    for (let window = 0; window < 10; window += 1) {
      expect(await guess(person, 5, mailing)).toEqual(times(5, 'invalid_second_factor'));
      mailing.clock.advance(15 * MINUTE_MS);
    }
    expect(codeOf(await logIn(person, person.nextCode(), 200, mailing))).toBe('invalid_credentials');
    expect(codeOf(await logIn(person, undefined, 201, mailing))).toBe('invalid_credentials');
    expect(mailsTo(mailing, person.email)[0]?.subject).toContain('no longer works');
    // Each network was locked for its tenth wrong code; the account's password ended once.
    const ended = await env.DB.prepare(
      "SELECT count(*) AS n FROM audit_events WHERE account_id = ? AND action = 'account.locked' AND detail <> '{}'",
    )
      .bind(person.id)
      .first('n');
    expect(ended).toBe(1);

    await mailing.post('/api/password/forgot', { email: person.email });
    const reset = { token: tokenMailedTo(mailing, person.email), password: 'a new secret' };
    expect((await mailing.post('/api/password/reset', reset)).status).toBe(204);
    const renewed = { ...person, password: 'a new secret' };
    expect(codeOf(await logIn(renewed, undefined, 202, mailing))).toBe('second_factor_required');
    expect(codeOf(await logIn(renewed, person.wrongCode(), 202, mailing))).toBe('invalid_second_factor');
    expect((await logIn(renewed, person.nextCode(), 202, mailing)).status).toBe(200);
  });

  it('leave the sessions alone that were opened with both factors', async () => {
    const person = await enrolled(client);
    await env.DB.prepare('UPDATE totp SET wrong_codes = 49 WHERE account_id = ?').bind(person.id).run();
    expect(await guess(person, 1)).toEqual(['invalid_second_factor']);
    expect(codeOf(await logIn(person, person.nextCode()))).toBe('invalid_credentials');
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
  });

  it('are not reached where the fiftieth is right', async () => {
    const person = await enrolled(client);
    await env.DB.prepare('UPDATE totp SET wrong_codes = 49 WHERE account_id = ?').bind(person.id).run();
    expect((await logIn(person, person.nextCode())).status).toBe(200);
    expect(await guess(person, 1)).toEqual(['invalid_second_factor']);
    expect((await logIn(person, person.nextCode())).status).toBe(200);
  });
});
