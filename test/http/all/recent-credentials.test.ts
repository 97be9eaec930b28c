// Every write and every export, by any credential: which require recent credentials always, which where
// REAUTHENTICATE_FOR_CHANGES is on, which never, and the age of REAUTHENTICATION_AGE to the second.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.ts';
import { newMailClient } from '../../support/mailbox.ts';
import { type Credential, triesBy } from '../../support/tries.ts';
import { FORMS, WRITES, type Write } from '../../support/writes.ts';

const client = newMailClient({ RATE_LIMITS: 'off', CONFIG: env.CONFIG });
const { prepared, send } = triesBy(client);

const ALWAYS = new Set([
  'POST /api/factors/totp',
  'DELETE /api/factors/totp',
  'POST /api/factors/recovery-codes',
  'DELETE /api/passkeys/{id}',
  'POST /id/authenticator',
  'POST /id/authenticator/remove',
  'POST /id/recovery-codes',
  'POST /id/passkeys/:id/remove',
  'POST /id/export',
  'GET /api/me/export',
  'GET /api/admin/users/export',
  'POST /api/passkeys/options',
]);

/** Of names, of one's account, of sessions; of others' roles, factors and passwords; of clients; imports. */
const FOR_CHANGES = new Set([
  'PUT /api/me',
  'PATCH /api/me',
  'DELETE /api/me',
  'DELETE /api/sessions',
  'DELETE /api/sessions/{id}',
  'PATCH /user/{username}',
  'DELETE /user/{username}',
  'POST /id/profile',
  'POST /id/sessions',
  'POST /id/delete',
  'PATCH /api/admin/users/{id}',
  'DELETE /api/admin/users/{id}/factors',
  'POST /api/admin/users/import',
  'POST /api/admin/clients',
  'PATCH /api/admin/clients/{id}',
  'DELETE /api/admin/clients/{id}',
  'POST /api/admin/clients/{id}/secret',
  'POST /admin/users/invite',
  'POST /admin/users/end-everybody',
  'POST /admin/users/:id/send-reset',
  'POST /admin/users/:id/delete',
  'POST /admin/users/:id/make-admin',
  'POST /admin/users/:id/demote',
  'POST /admin/users/:id/remove-factors',
  'POST /admin/clients/new',
  'POST /admin/clients/:client',
  'POST /admin/clients/:client/secret',
  'POST /admin/clients/:client/delete',
]);

/** Operations that write nothing and require them all the same; and some that do not. */
const READS: Readonly<Record<string, readonly Write[]>> = {
  'GET /api/me/export': [{ right: 'own', request: () => ({ path: '/api/me/export' }) }],
  'GET /api/admin/users/export': [{ right: 'admin', request: () => ({ path: '/api/admin/users/export' }) }],
  'POST /api/passkeys/options': [{ right: 'own', request: () => ({ path: '/api/passkeys/options' }) }],
  'GET /api/factors': [{ right: 'own', request: () => ({ path: '/api/factors' }) }],
  'GET /api/admin/users': [{ right: 'admin', request: () => ({ path: '/api/admin/users' }) }],
};

/** Other examples of the same operations, which change nothing of the kind. */
const HARMLESS = new Set(['deactivating']);

const isAsked = ({ status, body, headers }: Answer): boolean =>
  body?.code === 'reauthentication_required'
    ? status === 403
    : status === 303 && (headers.get('Location') ?? '').startsWith('/id/reauthenticate?');

const AGE_SECONDS = 600;

/** Whether a write is refused with credentials that are `ageSeconds` old. */
async function asks(
  name: string,
  write: Write,
  credential: Credential,
  settings: Record<string, string>,
  ageSeconds: number,
): Promise<boolean> {
  const tried = await prepared(name, write, credential, settings);
  await env.DB.prepare('UPDATE sessions SET authenticated_at = ? WHERE account_id = ?')
    .bind(client.clock() - ageSeconds * 1000, tried.caller.id)
    .run();
  const answer = await send(tried, tried.body);
  expect(answer.status, answer.text).toBeLessThan(500);
  expect(answer.status, answer.text).not.toBe(401);
  return isAsked(answer);
}

const cases = [WRITES, FORMS, READS].flatMap((some) =>
  Object.entries(some).flatMap(([name, writes]) =>
    writes.map((write) => ({ name, title: `${name} ${write.variant ?? ''}`.trim(), write })),
  ),
);

it('every write that is named here exists', () => {
  const names = new Set(cases.map(({ name }) => name));
  for (const name of [...ALWAYS, ...FOR_CHANGES]) expect(names).toContain(name);
});

const isForm = (name: string): boolean => /^POST \/(id|admin)\//.test(name);
const ON = { REAUTHENTICATE_FOR_CHANGES: 'true' };

describe.each(cases)('$title', ({ name, write }) => {
  const isAlways = ALWAYS.has(name);
  const isChange = FOR_CHANGES.has(name) && !HARMLESS.has(write.variant ?? '');

  if (!isAlways && !isChange) {
    it('never asks for recent credentials', async () => {
      const credential = isForm(name) ? 'cookie' : 'session token';
      expect(await asks(name, write, credential, ON, AGE_SECONDS + 1)).toBe(false);
    });
    return;
  }

  const credentials = isForm(name) ? (['cookie'] as const) : (['access token', 'session token'] as const);
  it.each(credentials)('asks for credentials as recent as the settings say, by %s', async (credential) => {
    expect(await asks(name, write, credential, {}, AGE_SECONDS + 1)).toBe(isAlways);
    expect(await asks(name, write, credential, ON, AGE_SECONDS + 1)).toBe(true);
    expect(await asks(name, write, credential, ON, AGE_SECONDS)).toBe(false);
    const longer = { ...ON, REAUTHENTICATION_AGE: String(2 * AGE_SECONDS) };
    expect(await asks(name, write, credential, longer, 2 * AGE_SECONDS)).toBe(false);
    expect(await asks(name, write, credential, longer, 2 * AGE_SECONDS + 1)).toBe(true);
  });
});
