// Where ADMIN_SECOND_FACTOR_REQUIRED is on, an admin whose session proved one factor has a user's rights, over others'
// resources too.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { enrol } from '../../support/authenticator-app.ts';
import type { Answer } from '../../support/client.ts';
import { openApi } from '../../support/document.ts';
import { newMailClient } from '../../support/mailbox.ts';
import { admin, loggedIn, sessionToken } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { stored } from '../../support/stored.ts';
import { newThing } from '../../support/things.ts';
import { triesBy } from '../../support/tries.ts';
import { FORMS, WRITES, type Write } from '../../support/writes.ts';

const client = newMailClient({ RATE_LIMITS: 'off', CONFIG: env.CONFIG });
const REQUIRED = { ADMIN_SECOND_FACTOR_REQUIRED: 'true' };
await env.CONFIG.put('ADMIN_SECOND_FACTOR_REQUIRED', 'true');

/** A private entity and a game of another person. */
async function belongings() {
  const { access_token: token } = await loggedIn(client);
  const thing = { ...newThing(), visibility: 'private' };
  const entity = await client.post('/entities', thing, { token });
  const stamps = [
    { offset: 0, score: { home: 0, away: 0 } },
    { offset: 5, score: { home: 1, away: 0 } },
  ];
  const game = await client.post('/games', { stamps }, { token });
  expect([entity.status, game.status]).toEqual([201, 201]);
  return { id: entity.body.id as number, code: thing.code, game: game.body.id as string };
}

describe.each(['access', 'session'] as const)('with an %s token', (use) => {
  it('they see, change and delete nothing of others', async () => {
    const { id, code, game } = await belongings();
    const boss = await admin(client);
    const token = use === 'access' ? boss.access_token : await sessionToken(client, boss);
    expect((await client.get(`/entities/${id}`, { token })).status).toBe(404);
    expect((await client.get(`/entities?q=${code}`, { token })).body.entities).toEqual([]);
    expect((await client.put(`/entities/${id}`, newThing(), { token })).status).toBe(404);
    expect((await client.patch(`/entities/${id}`, { quantity: 9 }, { token })).status).toBe(404);
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(404);
    expect((await client.delete(`/games/${game}`, { token })).status).toBe(403);
    expect((await client.send('PUT', '/auth/inventory', { json: { code, quantity: 8 }, token })).status).toBe(404);
    expect((await client.get(`/games/${game}`)).status).toBe(200);
  });

  it('they do so once their session proved two', async () => {
    const { id, game } = await belongings();
    const boss = await admin(client);
    const first = use === 'access' ? boss.access_token : await sessionToken(client, boss);
    await enrol(client, first);
    const refreshed = await client.post('/api/refresh', { refresh_token: boss.refresh_token });
    const token = use === 'access' ? refreshed.body.access_token : first;
    expect((await client.get(`/entities/${id}`, { token })).status).toBe(200);
    expect((await client.patch(`/entities/${id}`, { quantity: 9 }, { token })).status).toBe(200);
    expect((await client.delete(`/games/${game}`, { token })).status).toBe(204);
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(204);
  });
});

const { prepared, send } = triesBy(client);

const asAdmin = [WRITES, FORMS].flatMap((some) =>
  Object.entries(some).flatMap(([name, writes]) =>
    writes
      .filter(({ right }) => right === 'admin')
      .map((write) => ({ name, title: `${name} ${write.variant ?? ''}`.trim(), write })),
  ),
);

const isRefused = ({ status, headers }: Answer): boolean =>
  status === 403 || status === 404 || (headers.get('Location') ?? '').startsWith('/id/reauthenticate?');

/** The answer to an admin whose session proved these methods, and whether anything but the trail changed. */
async function tried(name: string, write: Write, amr: string) {
  const credential = /^POST \/(id|admin)\//.test(name) ? 'cookie' : 'session token';
  const made = await prepared(name, write, credential, REQUIRED);
  await env.DB.prepare('UPDATE sessions SET amr = ? WHERE account_id = ?').bind(amr, made.caller.id).run();
  const before = await unrecorded();
  const answer = await send(made, made.body);
  return { answer, isChanged: JSON.stringify(await unrecorded()) !== JSON.stringify(before) };
}

/** Everything that is stored, except the audit trail. */
async function unrecorded() {
  const { audit_events: _, ...rest } = (await stored()) as Record<string, unknown>;
  return rest;
}

describe.each(asAdmin)('$title', ({ name, write }) => {
  it('has no effect for an admin whose session proved one factor, and has it where it proved two', async () => {
    const one = await tried(name, write, 'pwd');
    expect(isRefused(one.answer), one.answer.text).toBe(true);
    expect(one.isChanged).toBe(false);
    const two = await tried(name, write, 'pwd otp mfa');
    expect(isRefused(two.answer), two.answer.text).toBe(false);
    expect(two.answer.status, two.answer.text).toBeLessThan(400);
  });
});

it('every read under /api/admin is refused with the missing proof', async () => {
  await configure(client, REQUIRED);
  const boss = await admin(client);
  const token = boss.access_token;
  const { paths } = await openApi();
  const reads = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/api/admin/') && 'get' in methods ? [path] : [],
  );
  expect(reads.length).toBeGreaterThan(5);
  const codes = async () =>
    new Set(
      await Promise.all(
        reads.map(async (path) => {
          const concrete = path.replace('{id}', path.includes('/clients/') ? crypto.randomUUID() : String(boss.id));
          return (await client.get(concrete, { token })).body.code;
        }),
      ),
    );
  expect(await codes()).toEqual(new Set(['second_factor_enrollment_required']));
  const { body: other } = await client.post('/api/login', { email: boss.email, password: boss.password });
  await enrol(client, other.access_token);
  expect(await codes()).toEqual(new Set(['reauthentication_required']));
});
