// What a page of entities costs: a bounded number of rows read, whoever asks, at the start of a list and deep inside.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { entityRows } from '../../../scripts/entity-rows.ts';
import { offeredLists } from '../../../scripts/offered-lists.ts';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { watched } from '../../support/rows-read.ts';

const ROWS = 5000;
/** The reader's account, and what the scans that find nothing read. */
const BESIDES = 5;

const { DB, rowsRead } = watched(env.DB);
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
describe.each(offeredLists(1).map(({ query, ratio }) => [query, ratio] as const))('%s', (query, ratio) => {
  it.each(['anybody', 'owner', 'admin'])('reads at most so many rows for one answered to %s', async (reader) => {
    expect(owner).toBe(1);
    let cursor = '';
    for (const page of [1, 2, 3, 4]) {
      await rowsRead();
      const { status, body } = await client.get(`/entities?${query}${cursor}`, readers[reader]);
      expect(status).toBe(200);
      expect(await rowsRead(), `page ${page}`).toBeLessThanOrEqual(ratio * body.entities.length + BESIDES);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
  });
});

it.each(['anybody', 'owner', 'admin'])('reads one entity with at most three rows for %s', async (reader) => {
  await rowsRead();
  for (const path of [
    '/entities/77',
    '/entities?code=SEED-0000099',
    '/entities?code=SEED-0000098&type=hat&sort=-quantity&q=red',
  ]) {
    expect((await client.get(path, readers[reader])).status).toBe(200);
    expect(await rowsRead(), path).toBeLessThanOrEqual(6);
  }
});

it.each([
  'q=red%20blue',
  'q=red%20wool%20shoe%20seed',
  'q=red&type=hat',
  'q=seed&min_quantity=999',
  'q=red%20seed-0000100&sort=-id',
])('bounds a search that has to look around: %s', async (query) => {
  for (const reader of ['anybody', 'owner', 'admin']) {
    await rowsRead();
    const { status } = await client.get(`/entities?${query}`, readers[reader]);
    expect(status).toBe(200);
    expect(await rowsRead(), reader).toBeLessThan(8000);
  }
});
