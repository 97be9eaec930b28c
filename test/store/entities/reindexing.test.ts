// Entities that version 1 indexed with thousands of words: every write stays within its rows, no search is wrong, and a
// job leaves 250 words of each.
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signToken } from '../../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../../src/domain/tokens/keys.ts';
import { runJobs } from '../../../src/jobs.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { unique } from '../../support/things.ts';

const MOST_ROWS = 1200;
const WORDS = 5000;
const [OWNER, ADMIN, STRANGER] = [1, 2, 3];
const { DB, rows } = meteredD1(env.DB);
const client = newClient({ DB, RATE_LIMITS: 'off' });
const upgrade = env.TEST_MIGRATIONS.findIndex(({ name }) => name.includes('entity_limits'));

const keys = await importKeys(env.JWT_KEYS, env.SECRET_KEYS);
const tokenOf = (accountId: number) =>
  signToken({ name: env.ISSUER, keys }, { accountId, sessionId: 'none', use: 'access' }, 3600, client.clock());
const tokens = await Promise.all([OWNER, ADMIN, STRANGER].map(tokenOf));
const [token = '', adminToken = ''] = tokens;

/** As version 1 did it, whose triggers indexed every word. */
async function made(visibility: 'public' | 'private'): Promise<number> {
  const attributes = Array.from({ length: WORDS }, (_, index) => `${visibility}${index}`);
  const { meta } = await env.DB.prepare(
    `insert into "entities" ("id", "code", "type", "quantity", "attributes", "private", "owner_id", "version",
       "created_at", "updated_at", "words") values (null, ?, 'kind', 1, '{}', ?, ${OWNER}, 1, 1, 1, ?)`,
  )
    .bind(unique('code'), Number(visibility === 'private'), JSON.stringify({ code: [], type: ['kind'], attributes }))
    .run();
  return meta.last_row_id;
}

let ids = { public: 0, private: 0 };

beforeEach(async () => {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS.slice(0, upgrade));
  for (const id of [OWNER, ADMIN, STRANGER]) {
    await env.DB.prepare(
      `insert into accounts (id, password_hash, role, active, data, created_at, updated_at)
       values (?, '', ?, 1, '{}', 1, 1)`,
    )
      .bind(id, id === ADMIN ? 'admin' : 'user')
      .run();
  }
  ids = { public: await made('public'), private: await made('private') };
  expect(await indexed(ids.private)).toBe(2 * (WORDS + 1));
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});

const indexed = (id: number) =>
  env.DB.prepare('SELECT count(*) AS n FROM entity_words WHERE entity_id = ?').bind(id).first<number>('n');

/** Which of the readers (the owner, an admin, a stranger, nobody) find something by a word. */
async function finders(word: string): Promise<readonly boolean[]> {
  client.clock.advance(10_000); // past the edge cache
  const readers = [...tokens.map((token) => ({ token })), {}];
  const answers = await Promise.all(readers.map((reader) => client.get(`/entities?q=${word}`, reader)));
  return answers.map(({ body }) => body.entities.length > 0);
}
const NOBODY = [false, false, false, false];
const EVERYBODY = [true, true, true, true];
const ALLOWED = [true, true, false, false];

/** Runs the job until nothing is left. */
async function reindexed(): Promise<void> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  for (let run = 0; run < 20; run += 1) {
    rows();
    await runJobs({ ...env, DB }, client.clock);
    const line = log.mock.calls.map(([it]) => it).findLast((it) => it.job === 'reindexing');
    expect(line.failed).toBeUndefined();
    if (!line.behind) return;
  }
  throw new Error('the job does not come to an end');
}

const text = Array.from({ length: 2000 }, (_, index) => `new${index}`).join(' ');

const WRITES: Record<string, (id: number) => Promise<Answer>> = {
  'a change of visibility to public': (id) => client.patch(`/entities/${id}`, { visibility: 'public' }, { token }),
  'a change of visibility to private': (id) => client.patch(`/entities/${id}`, { visibility: 'private' }, { token }),
  'a replacement': (id) =>
    client.put(`/entities/${id}`, { code: unique('code'), type: 't', quantity: 9, attributes: { text } }, { token }),
  'a change of attributes': (id) => client.patch(`/entities/${id}`, { attributes: { text } }, { token }),
  'a change of the type': (id) => client.patch(`/entities/${id}`, { type: 'other' }, { token: adminToken }),
  'a deletion': (id) => client.delete(`/entities/${id}`, { token }),
  'the deletion of its account': () => client.delete('/api/me', { token }),
};

describe.each(['public', 'private'] as const)('of a %s entity of version 1 with 5000 words', (visibility) => {
  it.each(Object.keys(WRITES))('%s stays within its rows, and the job puts the words in order', async (name) => {
    rows();
    const { status } = (await WRITES[name]?.(ids[visibility])) ?? {};
    expect([200, 204]).toContain(status);
    expect(rows().written).toBeLessThanOrEqual(MOST_ROWS);
    await reindexed();
    const { results } = await env.DB.prepare(
      `SELECT id, private, (SELECT count(*) FROM entity_words WHERE entity_id = id) AS words,
         (SELECT count(DISTINCT shelf) FROM entity_words WHERE entity_id = id) AS audiences FROM entities`,
    ).all<{ private: number; words: number; audiences: number }>();
    for (const entity of results)
      expect(entity).toMatchObject({ words: entity.private ? 500 : 250, audiences: entity.private ? 2 : 1 });
    const orphans = 'SELECT count(*) FROM entity_words WHERE entity_id NOT IN (SELECT id FROM entities)';
    expect(await env.DB.prepare(orphans).first('count(*)')).toBe(0);
    expect(await env.DB.prepare('SELECT count(*) FROM entities_to_reindex').first('count(*)')).toBe(0);
  });
});

it('is found by its permitted readers and no others, before and after the job', async () => {
  expect([await finders('public4999'), await finders('private4999')]).toEqual([EVERYBODY, ALLOWED]);
  await client.patch(`/entities/${ids.public}`, { visibility: 'private' }, { token });
  await client.patch(`/entities/${ids.private}`, { visibility: 'public', attributes: { word: 'fresh' } }, { token });
  for (const word of ['public1', 'public4999', 'private1', 'fresh', 'public1%20kind', 'fresh%20kind'])
    expect(await finders(word), word).toEqual(NOBODY);
  // A second write changes nothing that the first left to the job.
  await client.patch(`/entities/${ids.public}`, { type: 'sort' }, { token });
  await reindexed();
  expect([await finders('public1'), await finders('public1%20sort')]).toEqual([ALLOWED, ALLOWED]);
  expect([await finders('public4999'), await finders('private1'), await finders('kind')]).toEqual([
    NOBODY,
    NOBODY,
    EVERYBODY,
  ]);
  expect(await finders('fresh')).toEqual(EVERYBODY);
});

it('leaves unwritten entities findable until the job comes to them', async () => {
  await client.patch(`/entities/${ids.public}`, { quantity: 5 }, { token });
  expect(await finders('public4999')).toEqual(EVERYBODY);
  await reindexed();
  expect([await finders('public200'), await finders('public4999')]).toEqual([EVERYBODY, NOBODY]);
});
