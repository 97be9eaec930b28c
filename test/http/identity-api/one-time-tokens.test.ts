// A mailed token has one effect, however many use it at once, and none for another purpose, account or time.
import { describe, expect, it, vi } from 'vitest';
import { type MailClient, mailsTo, newMailClient, runJobsFor, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { loggedIn, type Pair, type Person, stranger } from '../../support/people.ts';
import { stored } from '../../support/stored.ts';

const PASSWORD = 'a new secret';
const AT_ONCE = 20;

const client = newMailClient({ RATE_LIMITS: 'off' });

/** Mails a person a token for each purpose, and returns the newest. */
const MAILED: Readonly<Record<string, (person: Person & Pair, it: MailClient) => Promise<string>>> = {
  '/api/email/verify': async ({ email }, it) => tokenMailedTo(it, email),
  '/api/password/reset': async ({ email }, it) => {
    await it.post('/api/password/forgot', { email });
    return tokenMailedTo(it, email);
  },
  '/api/email/undo': async ({ email, access_token: token }, it) => {
    await verify(it, email);
    await it.patch('/api/me', { email: stranger().email }, { token });
    return tokenMailedTo(it, email);
  },
};
const PATHS = Object.keys(MAILED);
const ACTIONS: Readonly<Record<string, string>> = {
  '/api/email/verify': 'email.verified',
  '/api/password/reset': 'password.reset',
  '/api/email/undo': 'email.undone',
};

const mailed = async (path: string, person: Person & Pair, it = client) => (await MAILED[path]?.(person, it)) ?? '';
const use = (path: string, token: string, password = PASSWORD) => client.post(path, { token, password });
const refused = { status: 400, body: { code: 'invalid_one_time_token' } };

describe.each(PATHS)('%s', (path) => {
  it(`lets one of ${AT_ONCE} uses at once have an effect`, async () => {
    const person = await loggedIn(client);
    const token = await mailed(path, person);
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, number) => use(path, token, `secret number ${number}`)),
    );
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ body }) => body?.code === 'invalid_one_time_token')).toHaveLength(AT_ONCE - 1);
    const count = client.env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE account_id = ? AND action = ?');
    expect(await count.bind(person.id, ACTIONS[path]).first('n')).toBe(1);
    if (path !== '/api/password/reset') return;
    const winner = answers.findIndex(({ status }) => status === 204);
    for (const [number, status] of [
      [winner, 200],
      [(winner + 1) % AT_ONCE, 401],
    ]) {
      const login = await client.post('/api/login', { email: person.email, password: `secret number ${number}` });
      expect(login.status).toBe(status);
    }
  });

  it('refuses tokens for other purposes, changed ones, and no token, and changes nothing', async () => {
    const others = [];
    for (const other of PATHS.filter((each) => each !== path)) others.push(await mailed(other, await loggedIn(client)));
    const token = await mailed(path, await loggedIn(client));
    const changed = [0, 20, 40, 63].map(
      (at) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );
    const before = await stored();
    for (const wrong of [...others, ...changed, token.slice(1), `${token}A`, token.toLowerCase(), '', 'null'])
      expect(await use(path, wrong)).toMatchObject(refused);
    expect(await stored()).toEqual(before);
    expect((await use(path, token)).status).toBeLessThan(300);
  });

  it('refuses the token of an account that is deactivated or deleted since', async () => {
    const [off, gone] = [await loggedIn(client), await loggedIn(client)];
    const tokens = [await mailed(path, off), await mailed(path, gone)];
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(off.id).run();
    const deleted = await client.delete('/api/me', { token: gone.access_token });
    expect(deleted.status).toBe(204);
    for (const token of tokens) expect(await use(path, token)).toMatchObject(refused);
  });
});

describe('a mailed token', () => {
  it('is nowhere in D1, KV, logs or the audit trail, before or after its use', async () => {
    const said: unknown[] = [];
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, level).mockImplementation((...words) => said.push(words));
    const tokens: string[] = [];
    const seen: string[] = [];
    for (const path of PATHS) {
      const person = await loggedIn(client);
      const token = await mailed(path, person);
      tokens.push(token);
      seen.push(JSON.stringify(await stored()));
      await client.get(`/id/verify-email?token=${token}`);
      await use(path, token);
      await use(path, token);
    }
    // Mails that wait, and their reasons.
    client.before = () => {
      throw new Error(`no: ${tokens.join()}`);
    };
    const late = await loggedIn(client);
    await client.post('/api/password/forgot', { email: late.email });
    await runJobsFor(client, 2);
    client.before = () => {};
    seen.push(JSON.stringify(await stored()), JSON.stringify(said));
    await runJobsFor(client, 10);
    tokens.push(tokenMailedTo(client, late.email));
    seen.push(JSON.stringify(await stored()), JSON.stringify(said));
    expect(said.length).toBeGreaterThan(10);
    expect(seen.join().length).toBeGreaterThan(1000);
    for (const token of tokens) {
      expect(token).toHaveLength(64);
      // Its first 22 characters are the id of its row; the rest is the MAC.
      expect(seen.some((text) => text.includes(token) || text.includes(token.slice(22)))).toBe(false);
    }
  });

  it('is the same one in every attempt to send it', async () => {
    const taken: string[] = [];
    client.after = ({ text }) => {
      taken.push(/token=([\w-]+)/.exec(text)?.[1] ?? '');
      if (taken.length < 3) throw new Error('the connection was lost');
    };
    const { email } = await loggedIn(client);
    await runJobsFor(client, 6);
    client.after = () => {};
    expect(taken).toHaveLength(3);
    expect(new Set(taken).size).toBe(1);
    expect(mailsTo(client, email)).toHaveLength(3);
    await verify(client, email);
  });
});
