// Lists of entities: every filter with every sort, page by page, for everybody who may ask.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { entityRows } from '../../../scripts/entity-rows.ts';
import { candidateLists, indexedLists } from '../../../scripts/offered-lists.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { admin, loggedIn, type Pair, type Person } from '../../support/people.ts';
import { thing, unique } from '../../support/things.ts';

type Entity = Answer['body'];

const client = newClient();
let owner: Person & Pair;
let boss: Person & Pair;
let all: readonly Entity[] = [];

beforeAll(async () => {
  owner = await loggedIn(client);
  boss = await admin(client);
  const now = Date.now();
  await env.DB.prepare(
    entityRows({ owners: [owner.id, boss.id], highestId: 0, startMs: now - 1e6, endMs: now, count: 300 }, 0, 300),
  ).run();
  // Many of one quantity, and pages that end among them.
  await env.DB.prepare('UPDATE entities SET quantity = 500, updated_at = 1e12 WHERE id % 3 = 0').run();
  all = await walk('', { token: boss.access_token });
});

/** Every page of a list; each but the last is full where that can be told. */
async function walk(query: string, who: { readonly token?: string }, limit = 37): Promise<readonly Entity[]> {
  const found: Entity[] = [];
  let cursor = '';
  do {
    const { status, body } = await client.get(`/entities?${query}&limit=${limit}${cursor}`, who);
    expect(status).toBe(200);
    if (body.next_cursor !== null && !query.includes('q=')) expect(body.entities).toHaveLength(limit);
    found.push(...body.entities);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  return found;
}

/** The expected list, computed from all entities. */
function expected(query: string, readerId: number | undefined): readonly number[] {
  const asked = new URLSearchParams(query);
  const sort = asked.get('sort') ?? 'id';
  const key = sort.replace('-', '');
  const words = asked.get('q')?.split(' ') ?? [];
  const shown = all
    .filter((entity) => entity.visibility === 'public' || readerId === boss.id || entity.owner_id === readerId)
    .filter((entity) => !asked.has('type') || entity.type === asked.get('type'))
    .filter((entity) => !asked.has('owner') || String(entity.owner_id) === asked.get('owner'))
    .filter((entity) => entity.quantity >= Number(asked.get('min_quantity') ?? 0))
    .filter((entity) => entity.quantity <= Number(asked.get('max_quantity') ?? Number.POSITIVE_INFINITY))
    .filter((entity) => words.every((word) => JSON.stringify(entity).toLowerCase().includes(`"${word}"`)))
    .toSorted((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.id - b.id));
  return (sort.startsWith('-') ? shown.toReversed() : shown).map(({ id }) => id);
}

describe.each([...indexedLists(1), ...candidateLists(1)])('%s', (query) => {
  it('lists the public ones, those of the caller, and all of them for an admin', async () => {
    expect(owner.id).toBe(1);
    const other = await loggedIn(client);
    for (const reader of [owner, boss, other, undefined]) {
      const found = await walk(query, reader ? { token: reader.access_token } : {});
      expect(found.map(({ id }) => id)).toEqual(expected(query, reader?.id));
    }
  });
});

it.each([
  'q=red&type=hat',
  'q=wool&min_quantity=500&sort=-id',
  'q=red shoe silk&owner=1&sort=-created_at',
  'q=red blue',
])('searches with %s', async (query) => {
  for (const reader of [owner, boss, undefined]) {
    const found = await walk(query, reader ? { token: reader.access_token } : {}, 5);
    expect(found.map(({ id }) => id)).toEqual(expected(query, reader?.id));
  }
});

it('finds a code with whatever else is asked, and lists the caller’s for `me`', async () => {
  const [first] = all;
  const find = async (query: string) =>
    (await client.get(`/entities?code=${first.code}${query}`, { token: boss.access_token })).body.entities;
  expect(await find('')).toEqual([first]);
  expect(
    await find(
      `&type=${first.type}&owner=${first.owner_id}&sort=-updated_at&q=${first.attributes.color}&min_quantity=0`,
    ),
  ).toEqual([first]);
  expect(await find('&type=other')).toEqual([]);
  expect(await find('&q=nowhere')).toEqual([]);
  expect(await walk('owner=me', { token: owner.access_token })).toEqual(
    all.filter(({ owner_id }) => owner_id === owner.id),
  );
  expect((await client.get('/entities?owner=me')).body.code).toBe('token_required');
});

it('sorts by quantity where only a range of it is asked for', async () => {
  const { body } = await client.get('/entities?min_quantity=400&max_quantity=700');
  const quantities = body.entities.map(({ quantity }: Entity) => quantity);
  expect(quantities).toEqual(quantities.toSorted((a: number, b: number) => a - b));
});

it('keeps its place while entities are made and deleted', async () => {
  const { access_token: token } = owner;
  const type = unique('type');
  const made: Entity[] = [];
  for (let quantity = 0; quantity < 6; quantity += 1) made.push(await thing(client, token, { type, quantity }));
  const list = (cursor = '') => client.get(`/entities?type=${type}&sort=-quantity&limit=2${cursor}`, { token });
  const first = await list();
  await client.delete(`/entities/${made[4].id}`, { token });
  await client.delete(`/entities/${made[3].id}`, { token });
  await thing(client, token, { type, quantity: 9 });
  const late = await thing(client, token, { type, quantity: 2 });
  const second = await list(`&cursor=${first.body.next_cursor}`);
  const third = await list(`&cursor=${second.body.next_cursor}`);
  expect(first.body.entities).toEqual([made[5], made[4]]);
  expect(second.body.entities).toEqual([late, made[2]]);
  expect(third.body.entities).toEqual([made[1], made[0]]);
  expect(third.body.next_cursor).toBeNull();
});

describe('refuses', () => {
  it.each([
    ['sort=name', 'invalid_query'],
    ['sort=--id', 'invalid_query'],
    ['sort=id;drop', 'invalid_query'],
    ['limit=0', 'invalid_query'],
    ['limit=101', 'invalid_query'],
    ['limit=x', 'invalid_query'],
    ['owner=you', 'invalid_query'],
    ['owner=0', 'invalid_query'],
    ['min_quantity=-1', 'invalid_query'],
    ['max_quantity=1.5', 'invalid_query'],
    ['max_quantity=9007199254740993', 'invalid_query'],
    ['type=', 'invalid_query'],
    ['code=%00', 'invalid_query'],
    ['q=', 'invalid_query'],
    ['q=%20%20', 'invalid_query'],
    ['q=1+2+3+4+5+6+7+8+9', 'invalid_query'],
    [`q=${'x'.repeat(257)}`, 'invalid_query'],
  ])('%s', async (query, code) => {
    const { status, body } = await client.get(`/entities?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 400, code });
    expect(body.errors.length).toBeGreaterThan(0);
  });

  it('a cursor that is forged, malformed, or of another query or caller', async () => {
    const first = await client.get('/entities?sort=id&limit=3', { token: owner.access_token });
    const cursor: string = first.body.next_cursor;
    const [position = '', mac = ''] = cursor.split('.');
    const list = (query: string, who: object = { token: owner.access_token }) => client.get(`/entities?${query}`, who);
    expect((await list(`sort=id&cursor=${cursor}`)).status).toBe(200);
    const forged = btoa('999').replaceAll('=', '');
    const tries = [
      list(`sort=-id&cursor=${cursor}`),
      list(`sort=quantity&cursor=${cursor}`),
      list(`sort=id&type=shoe&cursor=${cursor}`),
      list(`sort=id&q=red&cursor=${cursor}`),
      list(`sort=id&cursor=${cursor}`, {}),
      list(`sort=id&cursor=${cursor}`, { token: boss.access_token }),
      list(`sort=id&cursor=${forged}.${mac}`),
      list(`sort=id&cursor=${position}.${mac.replace(/.$/, mac.endsWith('A') ? 'B' : 'A').replace(/^./, 'z')}`),
      ...['', '.', 'x', position, `${position}.`, `${cursor}x`, '%00', "'"].map((text) =>
        list(`sort=id&cursor=${text}`),
      ),
    ];
    for (const { status, body } of await Promise.all(tries))
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_cursor' });
  });
});

it('takes a cursor with another limit', async () => {
  const first = await client.get('/entities?limit=3', { token: owner.access_token });
  const rest = await client.get(`/entities?limit=5&cursor=${first.body.next_cursor}`, { token: owner.access_token });
  expect(rest.body.entities).toHaveLength(5);
});
