// Ten wrong passwords in a row lock a login, known or not, with the same answers.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn, logIn, registered, stranger } from '../../support/people.ts';

const client = newClient();

const guess = (identifier: object, password = 'not it') => client.post('/api/login', { ...identifier, password });
const guesses = async (identifier: object, count: number) => {
  const statuses: number[] = [];
  for (let round = 0; round < count; round += 1) statuses.push((await guess(identifier)).status);
  return statuses;
};
const shape = ({ status, headers, body }: Awaited<ReturnType<typeof guess>>) => ({
  status,
  retryAfter: headers.get('Retry-After'),
  body: { ...body, request_id: '' },
});

describe('guessing at an account', () => {
  it('locks it after ten wrong passwords, by email and username together', async () => {
    const { email, username, password, id } = await registered(client);
    expect(await guesses({ email }, 5)).toEqual(Array(5).fill(401));
    expect(await guesses({ username }, 5)).toEqual(Array(5).fill(401));
    const [wrong, right] = [await guess({ email }), await guess({ username }, password)];
    expect(shape(right)).toEqual(shape(wrong));
    expect(shape(right)).toMatchObject({ status: 429, retryAfter: '60', body: { code: 'too_many_attempts' } });
    const { results } = await env.DB.prepare(
      "SELECT action FROM audit_events WHERE account_id = ? AND action = 'account.locked'",
    )
      .bind(id)
      .all();
    expect(results).toHaveLength(1);
  });

  it('unlocks after 60 seconds, and locks for twice as long at the next wrong password, up to 15 minutes', async () => {
    const { email, password } = await registered(client);
    await guesses({ email }, 10);
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      const refused = await guess({ email }, password);
      expect({ status: refused.status, retryAfter: refused.headers.get('Retry-After') }).toEqual({
        status: 429,
        retryAfter: String(seconds),
      });
      client.clock.advance(seconds * 1000);
      expect((await guess({ email })).status).toBe(401);
    }
    client.clock.advance(900 * 1000);
    await logIn(client, { email, password });
    expect(await guesses({ email }, 10)).toEqual(Array(10).fill(401));
  });

  it('is forgotten at a right password', async () => {
    const { email, password } = await registered(client);
    await guesses({ email }, 9);
    await logIn(client, { email, password });
    expect(await guesses({ email }, 10)).toEqual(Array(10).fill(401));
  });

  it('leaves existing sessions alone, the change of their password included', async () => {
    const { email, password, access_token: token, refresh_token } = await loggedIn(client);
    await guesses({ email }, 11);
    const change = { current_password: password, new_password: 'another secret' };
    expect((await client.post('/api/password', change, { token })).status).toBe(204);
    expect((await client.get('/api/me', { token })).status).toBe(200);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(200);
  });

  it('answers no more than ten of many concurrent guesses differently from a lock', async () => {
    const { email, password } = await registered(client);
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess({ email })));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect((await guess({ email }, password)).status).toBe(429);
  });
});

describe('guessing at an account that does not exist', () => {
  it('looks the same in every answer', async () => {
    const { email } = await registered(client);
    const nobody = stranger();
    for (let round = 0; round < 12; round += 1)
      expect(shape(await guess({ email: nobody.email }))).toEqual(shape(await guess({ email })));
  });

  it('stores no name that was tried', async () => {
    const { username } = stranger();
    await guess({ username });
    const { results } = await env.DB.prepare('SELECT * FROM password_guesses').all();
    expect(results.length).toBeGreaterThan(0);
    expect(JSON.stringify(results)).not.toContain(username);
  });
});
