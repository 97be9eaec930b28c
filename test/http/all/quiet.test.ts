// No answer tells whether an account exists: the answer for a known one equals that for an unknown one, except for the
// request's id.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { type MailClient, newMailClient } from '../../support/mailbox.ts';
import { loggedIn, registered, stranger } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });

/** An answer without the parts that differ between any two answers. */
function told({ status, headers, text }: Answer, ...names: string[]): unknown {
  const [id = ''] = [headers.get('X-Request-Id') ?? ''];
  const own = [...headers].filter(([name]) => !['x-request-id', 'x-d1-bookmark', 'server-timing'].includes(name));
  const blanked = names.reduce((sum, name) => sum.replaceAll(name, 'NAME'), text.replaceAll(id, 'ID'));
  return {
    status,
    headers: own,
    text: blanked.replaceAll(/value="[\w-]{40,}"|data-options="[^"]*"/g, 'value="TOKEN"'),
  };
}

type Names = { readonly email: string; readonly username: string };

/** Every way to log in with a password; `ask` does it for a name. */
const logins: Record<string, (names: Names, password: string) => Promise<Answer>> = {
  'POST /api/login by email': ({ email }, password) => client.post('/api/login', { email, password }),
  'POST /api/login by username': ({ username }, password) => client.post('/api/login', { username, password }),
  'POST /auth/login': ({ email }, password) => client.post('/auth/login', { email, password }),
  'POST /auth': ({ username }, password) => client.post('/auth', { username, password }),
  'POST /auth as a form': ({ username }, password) => client.send('POST', '/auth', { form: { username, password } }),
  'POST /token': ({ email }, password) => client.post('/token', { email, password }),
  'POST /token as a form': ({ username }, password) =>
    client.send('POST', '/token', { form: { grant_type: 'password', username, password } }),
  'POST /id/sign-in': ({ email: name }, password) =>
    client.send('POST', '/id/sign-in', {
      form: { name, password },
      headers: { Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' },
    }),
};

describe.each(Object.entries(logins))('%s', (_, ask) => {
  it('says the same of a known and an unknown account', async () => {
    const [known, unknown] = [await registered(client), stranger()];
    for (const password of ['not it', '', 'x'.repeat(5000), 'a\0b', '\ud800']) {
      const answers = [
        told(await ask(known, password), known.email, known.username),
        told(await ask(unknown, password), unknown.email, unknown.username),
      ];
      expect(answers[0]).toEqual(answers[1]);
    }
  });

  it('says the same of a deactivated account, unless the password is right', async () => {
    const [known, unknown] = [await registered(client), stranger()];
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(known.id).run();
    const answers = [
      told(await ask(known, 'not it'), known.email, known.username),
      told(await ask(unknown, 'not it'), unknown.email, unknown.username),
    ];
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('%s /user/{username}', (method) => {
  it('says the same of a known and an unknown account, to strangers and to nobody', async () => {
    const { access_token } = await loggedIn(client);
    const [known, unknown] = [await registered(client), stranger()];
    const body = method === 'PUT' || method === 'PATCH' ? { json: { a: 1 } } : {};
    for (const sender of [{}, { token: access_token }, { token: 'garbage' }]) {
      const of = async ({ username }: Names) =>
        told(await client.send(method, `/user/${username}`, { ...sender, ...body }), username);
      expect(await of(known)).toEqual(await of(unknown));
    }
  });
});

describe("another's session", () => {
  it('is not found, and neither is one that does not exist', async () => {
    const [mine, theirs] = [await loggedIn(client), await loggedIn(client)];
    const { body } = await client.get('/api/sessions', { token: theirs.access_token });
    const of = async (id: string) => told(await client.delete(`/api/sessions/${id}`, { token: mine.access_token }), id);
    expect(await of(body.sessions[0].id)).toEqual(await of(crypto.randomUUID()));
  });
});

describe('a refresh token', () => {
  it('that was rotated, has ended or is made up is refused in the same words', async () => {
    const [rotated, ended] = [await loggedIn(client), await loggedIn(client)];
    await client.post('/api/refresh', { refresh_token: rotated.refresh_token });
    await client.post('/api/logout', { refresh_token: ended.refresh_token });
    const tokens = [rotated.refresh_token, ended.refresh_token, crypto.randomUUID(), 'x'];
    for (const path of ['/api/refresh', '/api/logout']) {
      const answers = await Promise.all(
        tokens.map(async (refresh_token) => JSON.stringify(told(await client.post(path, { refresh_token })))),
      );
      expect(new Set(answers).size).toBe(1);
    }
  });
});

/** Asks for a link; returns the answer, and the calls to the stores until then: mails are sent afterwards. */
async function forget(client: MailClient, email: string | undefined) {
  const { env, calls } = counted(client.env);
  const context = createExecutionContext();
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email }) };
  const app = createApp({ clock: client.clock, hashing: cheapHashing });
  const response = await app.fetch(
    new Request('http://localhost/api/password/forgot', init),
    { ...client.env, ...env },
    context,
  );
  const until = { ...calls };
  const { status, headers } = response;
  const text = await response.text();
  await waitOnExecutionContext(context);
  return { told: told({ status, headers, text, body: undefined }), calls: until };
}

describe('POST /api/password/forgot', () => {
  it('answers the same with the same calls to D1, for an email of any account or of none', async () => {
    const mailed = newMailClient({ RATE_LIMITS: 'off' });
    const people = [];
    for (let number = 0; number < 4; number += 1) people.push(await registered(mailed));
    const [known, off, passwordless, impatient] = people.map(({ email }) => email);
    const db = mailed.env.DB;
    await db.prepare('UPDATE accounts SET active = 0 WHERE email = ?').bind(off).run();
    const account = '(SELECT id FROM accounts WHERE email = ?)';
    await db.prepare(`DELETE FROM password_credentials WHERE account_id = ${account}`).bind(passwordless).run();
    await mailed.post('/api/password/forgot', { email: impatient });
    const answers = [];
    for (const email of [known, stranger().email, off, passwordless, impatient])
      answers.push(await forget(mailed, email));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ told: { status: 202, text: '{}' }, calls: { d1: 1 } });
  });
});
