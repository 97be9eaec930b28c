// The cost of a page of entities: a bounded number of rows read, for any reader, at the start of a list and deep
// inside.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { entityRows } from '../../../scripts/entity-rows.ts';
import { candidateLists, indexedLists, ROWS_FOR_EACH } from '../../../scripts/offered-lists.ts';
import { newClient } from '../../support/client.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, loggedIn } from '../../support/people.ts';

const ROWS = 5000;
/** The reader's account, and the rows that scans without a match read. */
const BESIDES = 5;

const { DB, rows } = meteredD1(env.DB);
const client = newClient({ DB });
const readers: Record<string, { readonly token?: string }> = { anybody: {} };
let owner = 0;

beforeAll(async () => {
  const [user, boss] = [await loggedIn(client), await admin(client)];
  owner = user.id;
  Object.assign(readers, { owner: { token: user.access_token }, admin: { token: boss.access_token } });
  const now = Date.now();
  await env.DB.prepare(
    entityRows({ owners: [user.id, boss.id], highestId: 0, startMs: now - 1e6, endMs: now, count: ROWS }, 0, ROWS),
  ).run();
});

// The owner's id is the first that the database gives.
describe.each(indexedLists(1))('%s', (query) => {
  it.each(['anybody', 'owner', 'admin'])('reads at most three rows for one answered to %s', async (reader) => {
    expect(owner).toBe(1);
    let cursor = '';
    for (const page of [1, 2]) {
      rows();
      const { status, body } = await client.get(`/entities?${query}${cursor}`, readers[reader]);
      expect(status).toBe(200);
      expect(rows().read, `page ${page}`).toBeLessThanOrEqual(ROWS_FOR_EACH * body.entities.length + BESIDES);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
  });
});

it.each(['anybody', 'owner', 'admin'])('reads one entity with at most three rows for %s', async (reader) => {
  rows();
  for (const path of [
    '/entities/77',
    '/entities?code=SEED-0000099',
    '/entities?code=SEED-0000098&type=hat&sort=-quantity&q=red',
  ]) {
    expect((await client.get(path, readers[reader])).status).toBe(200);
    const { read } = rows();
    expect(read, path).toBeGreaterThan(0);
    expect(read, path).toBeLessThanOrEqual(6);
  }
});

/** The rows of a page that reads as many candidates as it may, and then finds that there are not few of any filter. */
const MOST_FOR_A_PAGE = 8000;

/** The ids of a list, read at once by a query of its own. */
async function all(query: string, readerId: number | undefined, isAdmin: boolean): Promise<readonly number[]> {
  const asked = new URLSearchParams(query);
  const sort = asked.get('sort') ?? 'id';
  const column = sort.replace('-', '').replace('created_at', 'id');
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC';
  const words = asked.get('q')?.split(' ') ?? [];
  const { results } = await env.DB.prepare(
    `SELECT id FROM entities WHERE type = coalesce(?1, type) AND coalesce(owner_id = ?2, 1)
       AND quantity BETWEEN ?3 AND ?4 AND (private = 0 OR owner_id = ?5 OR ?6) AND NOT EXISTS (
         SELECT 1 FROM json_each(?7)
         WHERE NOT EXISTS (SELECT 1 FROM entity_words WHERE entity_id = entities.id AND word = value))
     ORDER BY ${column} ${direction}, id ${direction}`,
  )
    .bind(
      asked.get('type'),
      asked.has('owner') ? Number(asked.get('owner')) : null,
      Number(asked.get('min_quantity') ?? 0),
      Number(asked.get('max_quantity') ?? 1e9),
      readerId ?? null,
      Number(isAdmin),
      JSON.stringify(words),
    )
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

describe.each([
  ...candidateLists(1),
  'q=red blue&sort=id',
  'q=red wool shoe seed&sort=code',
  'q=seed&min_quantity=999&sort=-id',
  'q=seed-0000100&sort=quantity',
  'min_quantity=999&sort=-updated_at',
  'min_quantity=990&max_quantity=1000&type=hat&owner=1&sort=code',
  'type=none&owner=1&sort=code',
])('%s', (query) => {
  // An anonymous reader sees a part of what the owner sees.
  it.each(['owner', 'admin'])('reads a bounded number of rows a page, and all in the end, to %s', async (reader) => {
    const found: number[] = [];
    let cursor = '';
    do {
      rows();
      const { status, body } = await client.get(`/entities?${query}&limit=100${cursor}`, readers[reader]);
      expect(status).toBe(200);
      expect(rows().read).toBeLessThan(MOST_FOR_A_PAGE);
      found.push(...body.entities.map(({ id }: { id: number }) => id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    expect(found).toEqual(await all(query, reader === 'owner' ? owner : undefined, reader === 'admin'));
  });
});

it.each([
  'owner=1&type=shoe&sort=code',
  'min_quantity=999&sort=code',
  'max_quantity=2&sort=-updated_at',
  'q=seed-0000100&sort=quantity',
])('answers a full page where few match or many do: %s', async (query) => {
  for (const reader of ['anybody', 'owner', 'admin']) {
    const { body } = await client.get(`/entities?${query}&limit=5`, readers[reader]);
    expect(body.entities.length === 5 || body.next_cursor === null, reader).toBe(true);
  }
});
