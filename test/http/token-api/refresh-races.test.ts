// A refresh that races the end of its session leaves no live token, whichever call wins.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Answer, type Client, newClient } from '../../support/client.ts';
import { loggedIn, logIn, type Pair, type Person } from '../../support/people.ts';
import { RACE_TIMEOUT_MS } from '../../support/race.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const ROUNDS = Number(env.RACE_ROUNDS || 8);
const timeout = RACE_TIMEOUT_MS;

type Ender = (client: Client, person: Person & Pair, other: Pair) => Promise<Answer>;

const enders: Record<string, Ender> = {
  'a logout': (it, { refresh_token }) => it.post('/api/logout', { refresh_token }),
  'a password change elsewhere': (it, { password }, { access_token }) =>
    it.post('/api/password', { current_password: password, new_password: 'another secret' }, { token: access_token }),
  'the end of all other sessions': (it, _, { access_token }) => it.delete('/api/sessions', { token: access_token }),
  'the deletion of the account': (it, _, { access_token }) => it.delete('/api/me', { token: access_token }),
  'a deactivation': async (it, { id }) => {
    const { DB } = it.env;
    await DB.batch([
      DB.prepare('UPDATE sessions SET revoked_at = ? WHERE account_id = ?').bind(it.clock(), id),
      DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id),
    ]);
    return { status: 204, headers: new Headers(), text: '', body: undefined };
  },
};

describe.each(Object.entries(enders))('a refresh racing %s', (_, end) => {
  it(`leaves no live token in ${ROUNDS} rounds`, { timeout }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const person = await loggedIn(client);
      const other = await logIn(client, person);
      const refresh = () => client.post('/api/refresh', { refresh_token: person.refresh_token });
      const calls = [refresh, () => end(client, person, other)];
      const answers = await Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call()));
      const successors = answers.map(({ body }) => body?.refresh_token).filter(Boolean);
      for (const token of [...successors, person.refresh_token]) {
        expect((await client.post('/api/refresh', { refresh_token: token })).status).toBe(401);
      }
    }
  });
});

describe('two changes at once', () => {
  it('gives a free username to one of many', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => loggedIn(client)));
    const username = `wanted-${crypto.randomUUID()}`;
    const answers = await Promise.all(
      people.map(({ access_token }) => client.patch('/api/me', { username }, { token: access_token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it('never leaves an account without a name', async () => {
    const person = await loggedIn(client);
    const token = person.access_token;
    await Promise.all([
      client.patch('/api/me', { username: null }, { token }),
      client.patch('/api/me', { email: null }, { token }),
    ]);
    const { body } = await client.get('/api/me', { token });
    expect([body.username, body.email].filter(Boolean)).toHaveLength(1);
  });

  it('changes a password once when two try with the same old one', async () => {
    const { password, access_token: token } = await loggedIn(client);
    const change = (new_password: string) =>
      client.post('/api/password', { current_password: password, new_password }, { token });
    const answers = await Promise.all([change('first secret'), change('second secret')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  });
});
