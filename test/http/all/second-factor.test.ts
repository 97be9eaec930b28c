// No route lets an account with an authenticator app in without a code, or reveals the app without the password.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Enrolled, enrolled } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { openApi } from '../../support/document.ts';
import { PASSWORD_LOGINS } from '../../support/password-logins.ts';
import { admin, registered } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });

/** The admin pages let only an admin in. */
const owner = async (): Promise<Enrolled> => enrolled(client, await admin(client));

const sessionsOf = (id: number) =>
  env.DB.prepare('SELECT count(*) AS n FROM sessions WHERE account_id = ?').bind(id).first<number>('n');

function expectAnswer(answer: Answer, expected: object): void {
  const { text, ...rest } = expected as { text?: RegExp };
  expect(answer).toMatchObject(rest);
  if (text) expect(answer.text).toMatch(text);
  expect(answer.headers.get('Set-Cookie')).toBeNull();
}

describe.each(Object.entries(PASSWORD_LOGINS))('%s', (_, { send, missing, wrong, isIn }) => {
  it('asks for a code after the right password, and lets nobody in without it', async () => {
    const person = await owner();
    expectAnswer(await send(client, person), missing);
    expectAnswer(await send(client, person, ''), missing);
    expect(await sessionsOf(person.id)).toBe(1);
  });

  it('refuses a wrong code, and a recovery code that is none', async () => {
    const person = await owner();
    for (const otp of [person.wrongCode(), 'abcd-efgh-ijkl-mnop', 'x'.repeat(3000), '１２３４５６'])
      expectAnswer(await send(client, person, otp), wrong);
    expect(await sessionsOf(person.id)).toBe(1);
  });

  it('takes a code, or a recovery code', async () => {
    const person = await owner();
    expect(isIn(await send(client, person, person.nextCode()))).toBe(true);
    expect(isIn(await send(client, person, person.codes[0]))).toBe(true);
    expect(await sessionsOf(person.id)).toBe(3);
  });

  it('answers a wrong password as if there were no authenticator app, code or not', async () => {
    const [person, plain] = [await owner(), await registered(client)];
    const shape = ({ status, headers, text }: Answer, { email, username }: typeof plain) => ({
      status,
      challenge: headers.get('WWW-Authenticate'),
      text: text
        .replaceAll(email, '')
        .replaceAll(username, '')
        .replaceAll(headers.get('X-Request-Id') ?? '', '')
        // A challenge is another one on each page.
        .replace(/data-options="[^"]*"/, ''),
    });
    for (const otp of [undefined, '', person.nextCode(), person.codes[0], 'wrong']) {
      const answers = await Promise.all(
        [person, plain].map(async (whose) => shape(await send(client, { ...whose, password: 'not it' }, otp), whose)),
      );
      expect(answers[0]).toEqual(answers[1]);
    }
    expect(isIn(await send(client, person, person.codes[0]))).toBe(true);
  });

  it('asks for the code before it tells that the account is deactivated', async () => {
    const person = await owner();
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(person.id).run();
    expectAnswer(await send(client, person), missing);
    expectAnswer(await send(client, person, person.wrongCode()), wrong);
    const code = person.nextCode();
    const disabled = await send(client, person, code);
    expect(disabled.text).toMatch(/account_disabled|Account disabled|invalid_grant|has been deactivated/);
    expectAnswer(await send(client, person, code), wrong);
  });
});

/** The fields in which contracts answer tokens. */
const TOKEN_FIELDS = ['access_token', 'refresh_token', 'auth_token', 'token'];

/** Routes that answer tokens and take no password of an existing account, with what each takes instead. */
const WITHOUT_PASSWORD: Readonly<Record<string, string>> = {
  'POST /auth/register': 'a name that nobody has yet',
  'POST /api/refresh': 'a session that was opened before',
  'POST /api/login/passkey': 'a passkey, which is two factors',
  'POST /oauth/token': 'a code, which a signed-in browser was given, or an earlier token',
};

describe('every operation that answers a token', () => {
  it('is one of those that are tried here, or takes no password', async () => {
    const { paths, components } = (await openApi()) as Awaited<ReturnType<typeof openApi>> & {
      readonly components: { readonly schemas: Record<string, object> };
    };
    const resolved = (schema: object): string =>
      JSON.stringify(schema).replaceAll(/"#\/components\/schemas\/(\w+)"/g, (_, name: string) =>
        resolved(components.schemas[name] ?? {}),
      );
    const answering = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) => {
        const bodies = Object.entries(responses)
          .filter(([status]) => status.startsWith('2'))
          .flatMap(([, { content = {} }]) => Object.values(content).map(({ schema }) => resolved(schema)));
        const hasToken = bodies.some((body) =>
          TOKEN_FIELDS.some((field) => body.includes(`"${field}":{"type":"string"`)),
        );
        return hasToken ? [`${method.toUpperCase()} ${path}`] : [];
      }),
    );
    const tried = Object.values(PASSWORD_LOGINS).map(({ operation }) => operation);
    expect(answering.length).toBeGreaterThanOrEqual(7);
    expect(answering.filter((name) => !tried.includes(name) && !(name in WITHOUT_PASSWORD))).toEqual([]);
    for (const name of [...tried, ...Object.keys(WITHOUT_PASSWORD)])
      if (name !== undefined) expect(answering).toContain(name);
  });

  it('opens no session of an account with an authenticator app for its names and its password', async () => {
    const person = await owner();
    const { email, username, password } = person;
    for (const path of ['/auth/register', '/api/register', '/user'])
      expect((await client.post(path, { email, username, password })).status).toBeGreaterThanOrEqual(400);
    for (const { send } of Object.values(PASSWORD_LOGINS)) await send(client, person);
    expect(await sessionsOf(person.id)).toBe(1);
  });

  it('ends no session with an authenticator app that is enrolled: those go on by refreshing', async () => {
    const person = await owner();
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
  });
});
