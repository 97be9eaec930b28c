// The deletion of a large account: it is hidden at once, and its rows are removed by bounded writes.
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entityRows } from '../../../scripts/entity-rows.ts';
import { runJobs } from '../../../src/jobs.ts';
import { newClient } from '../../support/client.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, loggedIn, type Pair, type Person } from '../../support/people.ts';
import { thing, unique } from '../../support/things.ts';

const MOST_ROWS = 1200;
/** More than the request and its deferred work remove. */
const ENTITIES = 6000;
const { DB, calls } = meteredD1(env.DB);
const client = newClient({ DB, RATE_LIMITS: 'off' });

let person: Person & Pair;
let secret: { id: number; code: string };

const left = (table: string, column = 'account_id') =>
  env.DB.prepare(`SELECT count(*) FROM ${table} WHERE ${column} = ?`).bind(person.id).first<number>('count(*)');

const TABLES = [
  'sessions',
  'known_networks',
  'idempotency_keys',
  'password_credentials',
  'one_time_tokens',
  'passkeys',
];

/** Rows of the person, from SQL over a series of 1 … count. */
const fill = (table: string, columns: string, values: string, count: number) =>
  env.DB.prepare(
    `INSERT INTO ${table} (account_id, ${columns})
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT ?, ${values} FROM n`,
  )
    .bind(person.id)
    .run();

async function large(): Promise<void> {
  person = await loggedIn(client);
  secret = await thing(client, person.access_token, { visibility: 'private', code: unique('secret') });
  const now = client.clock();
  const seeding = { owners: [person.id], highestId: 1_000_000 + person.id * ENTITIES, startMs: now, endMs: now };
  for (let from = 0; from < ENTITIES; from += 1000)
    await env.DB.prepare(entityRows({ ...seeding, count: ENTITIES }, from, from + 1000)).run();
  // More private ones than the request and its deferred work remove, too.
  await env.DB.prepare('UPDATE entities SET private = 1 WHERE owner_id = ? AND id % 3 = 0').bind(person.id).run();
  await fill('known_networks', 'network, last_at', `'network ' || i` + ', 1', 300);
  await fill('idempotency_keys', 'key_hash, request_hash, entity_id, created_at', `'key ' || i, '', 1, ${now}`, 300);
  const token = `${person.id} || ' token ' || i, 'undo_email', '', 'old' || i || '@example.com', 0, 1, ${now + 1e9}`;
  await fill('one_time_tokens', 'id, purpose, email, email_key, requested, created_at, expires_at', token, 100);
  const passkey = `${person.id} || ' key ' || i, ${person.id} || ' ' || i, '', 0, '[]', '', 0, 0, '', 1`;
  await fill(
    'passkeys',
    'id, credential_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, name, created_at',
    passkey,
    100,
  );
  const session = `${person.id} || ' ' || i, 'session', 1, 1, ${now + 1e9}`;
  await fill('sessions', 'id, kind, created_at, last_used_at, expires_at', session, 300);
}

/** Runs the jobs until nothing is left, and returns how often. */
async function purged(): Promise<number> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  for (let run = 1; run < 60; run += 1) {
    await runJobs({ ...env, DB }, client.clock);
    const line = log.mock.calls.map(([it]) => it).findLast((it) => it.job === 'purging');
    expect(line).not.toHaveProperty('failed');
    if (!line.behind) return run;
  }
  throw new Error('the job does not come to an end');
}

beforeEach(large);
afterEach(() => vi.restoreAllMocks());

describe('a large account that is deleted', () => {
  it('writes a bounded number of rows at a time, until nothing of it is left', async () => {
    calls();
    expect((await client.delete('/api/me', { token: person.access_token })).status).toBe(204);
    expect(await left('entities', 'owner_id')).toBeGreaterThan(0);
    await purged();
    const written = calls().map((call) => call.written);
    expect(Math.max(...written)).toBeLessThanOrEqual(MOST_ROWS);
    for (const table of TABLES) expect(await left(table), table).toBe(0);
    expect(await left('entities', 'owner_id')).toBe(0);
    expect(await left('accounts', 'id')).toBe(0);
    const orphans = 'SELECT count(*) FROM entity_words WHERE entity_id NOT IN (SELECT id FROM entities)';
    expect(await env.DB.prepare(orphans).first('count(*)')).toBe(0);
    const codes = `'SEED-%'`;
    const kept = `SELECT count(*) FROM entities WHERE owner_id IS NULL AND private = 0 AND code LIKE ${codes}`;
    expect(await env.DB.prepare(kept).first<number>('count(*)')).toBeGreaterThan(ENTITIES * 0.6);
  });

  it('is hidden before its rows are removed, and so are its private entities', async () => {
    const { access_token: token } = await admin(client);
    expect((await client.delete('/api/me', { token: person.access_token })).status).toBe(204);
    expect(await left('accounts', 'id')).toBe(1);
    // Skips the private ones that the first rounds removed.
    const { results } = await env.DB.prepare('SELECT id, code FROM entities WHERE owner_id = ? AND private = 1')
      .bind(person.id)
      .all<{ id: number; code: string }>();
    expect(results).not.toEqual([]);
    for (const { id, code } of [secret, ...results.slice(-1)]) {
      expect((await client.get(`/entities/${id}`, { token })).status).toBe(404);
      expect((await client.patch(`/entities/${id}`, { quantity: 2 }, { token })).status).toBe(404);
      expect((await client.delete(`/entities/${id}`, { token })).status).toBe(404);
      expect((await client.get(`/entities?code=${code}`, { token })).body.entities).toEqual([]);
      expect((await client.get(`/entities?q=${code.toLowerCase()}`, { token })).body.entities).toEqual([]);
    }
    for (const query of ['sort=-id', `owner=${person.id}&sort=-id`, 'type=shoe&sort=-code', 'q=seed&sort=-id']) {
      const { body } = await client.get(`/entities?${query}&limit=100`, { token });
      expect(body.entities.length, query).toBeGreaterThan(0);
      for (const { owner_id, visibility } of body.entities)
        expect(owner_id === person.id && visibility === 'private', query).toBe(false);
    }
    for (const path of ['', '/sessions'])
      expect((await client.get(`/api/admin/users/${person.id}${path}`, { token })).status).toBe(404);
    const change = await client.patch(`/api/admin/users/${person.id}`, { active: true }, { token });
    expect(change.status).toBe(404);
    const listed = await client.get('/api/admin/users?active=false', { token });
    expect(listed.body.users.map(({ id }: { id: number }) => id)).not.toContain(person.id);
  });

  it('frees its names, keeps its event, and ends its tokens', async () => {
    const { access_token: token } = await admin(client);
    expect((await client.delete('/api/me', { token: person.access_token })).status).toBe(204);
    expect((await client.get('/api/me', { token: person.access_token })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    expect((await client.post('/api/login', person)).status).toBe(401);
    const { email, username, password } = person;
    const again = await client.post('/api/register', { email, username, password });
    expect(again.status).toBe(201);
    expect(again.body.id).toBeGreaterThan(person.id);
    const { body } = await client.get(`/api/admin/audit?user_id=${person.id}&action=account.deleted`, { token });
    expect(body.events).toMatchObject([{ user_id: person.id, actor_id: person.id }]);
  });
});
