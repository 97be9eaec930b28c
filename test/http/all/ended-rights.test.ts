// A right that ends during a request has no effect: while the body is held open, and before each call to D1. Every
// write of the OpenAPI document that asks for a right, and every form of the pages, is tried.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { Answer } from '../../support/client.ts';
import { openApi } from '../../support/document.ts';
import { heldBody } from '../../support/held-body.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { newMailClient } from '../../support/mailbox.ts';
import { stored } from '../../support/stored.ts';
import { type Credential, type Try, triesBy } from '../../support/tries.ts';
import { FORMS, WRITES, type Write } from '../../support/writes.ts';

const held = heldD1(env.DB);
const client = newMailClient({ RATE_LIMITS: 'off', DB: held.DB, CONFIG: env.CONFIG });
const { prepared, send } = triesBy(client);

/** Operations that change nothing although they are called with POST. */
const WRITING_NOTHING = new Set([
  'POST /api/passkeys/options',
  'POST /api/reauthenticate/options',
  'POST /oauth/userinfo',
]);

/** Operations that change something although they are read with GET. */
const CHANGING_GETS = new Set(['GET /auth/logout']);

const secured = Object.entries((await openApi()).paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, { security }]) => security.some((scheme) => Object.keys(scheme).length > 0))
    .map(([method]) => `${method.toUpperCase()} ${path}`)
    .filter((name) => (!name.startsWith('GET ') || CHANGING_GETS.has(name)) && !WRITING_NOTHING.has(name)),
);
/** Forms for signed-out visitors. */
const OPEN_FORMS = new Set([
  '/id/sign-in',
  '/id/sign-in/passkey',
  '/id/second-factor',
  '/id/sign-up',
  '/id/forgot-password',
  '/id/reset-password',
  '/id/verify-email',
  '/id/undo-email',
]);
const forms = createApp()
  .routes.filter(({ path, method }) => method === 'POST' && /^\/(admin|id)\//.test(path) && !OPEN_FORMS.has(path))
  .map(({ path }) => `POST ${path}`);

it('every write that asks for a right has a valid example here, and there is no other', () => {
  expect(Object.keys(WRITES).toSorted()).toEqual(secured.toSorted());
  expect(Object.keys(FORMS).toSorted()).toEqual([...new Set(forms)].toSorted());
  expect(secured.length).toBeGreaterThan(20);
});

/** The ways in which a right ends, in SQL about the caller. */
const ENDINGS = {
  'its session is revoked': 'UPDATE sessions SET revoked_at = created_at WHERE account_id = ?',
  'its account is deactivated': 'UPDATE accounts SET active = 0 WHERE id = ?',
  'the admin is demoted': "UPDATE accounts SET role = 'user' WHERE id = ?",
} as const;
type Ending = keyof typeof ENDINGS;

/** An access token outlives its session by design. */
const endingsOf = (right: Write['right'], credential: Credential): readonly Ending[] => [
  ...(credential === 'access token' ? [] : (['its session is revoked'] as const)),
  'its account is deactivated',
  ...(right === 'admin' ? (['the admin is demoted'] as const) : []),
];

const end = ({ caller }: Try, ending: Ending) => env.DB.prepare(ENDINGS[ending]).bind(caller.id).run();

/** The answer is the refusal of its surface; the document says in which form. */
function expectRefused({ status, headers }: Answer, ending: Ending, credential: Credential): void {
  if (credential === 'cookie' && status === 303)
    expect(headers.get('Location')).toMatch(/^\/id\/sign-in\?(next|done=signed-out)/);
  else expect(status).toBe(ending === 'the admin is demoted' ? 403 : 401);
}

const tries = [...Object.entries(WRITES), ...Object.entries(FORMS)].flatMap(([name, writes]) =>
  writes.map((write) => [`${name}${write.variant ? ` ${write.variant}` : ''}`, name, write] as const),
);

describe.each(tries)('%s', (_, name, write) => {
  const credentials: readonly Credential[] = name in FORMS ? ['cookie'] : ['session token', 'access token'];
  const cases = credentials.flatMap((credential) =>
    endingsOf(write.right, credential).map((ending) => [ending, credential] as const),
  );

  it.each(credentials)('has an effect with a right that holds, by %s', async (credential) => {
    const made = await prepared(name, write, credential);
    const before = await stored();
    expect((await send(made, made.body)).status).toBeLessThan(400);
    expect(await stored()).not.toEqual(before);
  });

  it.each(cases)('has none where %s while its body is held, by %s', async (ending, credential) => {
    const made = await prepared(name, write, credential);
    if (made.body === undefined) return;
    const { stream, waiting, letGo } = heldBody(made.body);
    const answer = send(made, stream);
    await waiting;
    await end(made, ending);
    const before = await stored();
    letGo();
    expectRefused(await answer, ending, credential);
    expect(await stored()).toEqual(before);
  });

  // An access token's writes are the statements of a session token's, and ask for less.
  it.each(cases.filter(([, credential]) => credential !== 'access token'))(
    'has none where %s before a call to D1, by %s',
    async (ending, credential) => {
      for (let call = 0; ; call += 1) {
        const made = await prepared(name, write, credential);
        const start = await stored();
        const came = held.hold(call).then(() => 'came' as const);
        const answer = send(made, made.body);
        const reached = (await Promise.race([came, answer])) === 'came';
        const untouched = reached && JSON.stringify(await stored()) === JSON.stringify(start);
        if (untouched) await end(made, ending);
        const before = await stored();
        held.letGo();
        const answered = await answer;
        if (!untouched) {
          // Each call before this one was tried, and this one comes after the write, or there is none.
          expect(call).toBeGreaterThan(0);
          return;
        }
        expectRefused(answered, ending, credential);
        expect(await stored()).toEqual(before);
      }
    },
  );
});
