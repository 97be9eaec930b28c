// The rows that each list of entities reads in the local database, as the tables of docs/entities.md: `node
// scripts/rows-read.ts`, after a seed.
import { drizzle } from 'drizzle-orm/d1';
import { getPlatformProxy } from 'wrangler';
import type { EntityQuery } from '../src/domain/entities/query.ts';
import { isRefusal } from '../src/domain/refusal.ts';
import { importKeys } from '../src/domain/tokens/keys.ts';
import { EntitiesQuery, listRequest } from '../src/http/resource-api/list-query.ts';
import { listEntities } from '../src/store/entities/lists.ts';
import { newSecrets } from './key-set.ts';
import { candidateLists, indexedLists } from './offered-lists.ts';
import { root } from './wrangler.ts';

process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
  configPath: `${root}wrangler.toml`,
  persist: { path: `${root}.wrangler/state/v3` },
});
const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
const keys = await importKeys(JWT_KEYS, SECRET_KEYS);

let rowsRead = 0;
/** The one method of D1 that lists use. */
const counting = {
  prepare: (sql: string) => ({
    bind: (...values: unknown[]) => ({
      all: async () => {
        const result = await env.DB.prepare(sql)
          .bind(...values)
          .all();
        rowsRead += result.meta.rows_read;
        return result;
      },
    }),
  }),
};
const db = drizzle(counting as unknown as D1Database); // the only part that is used here

interface Reader {
  readonly name: string;
  readonly id: number | undefined;
}

async function readers(): Promise<readonly Reader[]> {
  const idOf = async (role: string) =>
    (
      await env.DB.prepare('SELECT min(id) AS id FROM accounts WHERE role = ? AND active = 1')
        .bind(role)
        .first<{ id: number }>()
    )?.id;
  return [
    { name: 'anybody', id: undefined },
    { name: 'a user', id: await idOf('user') },
    { name: 'an admin', id: await idOf('admin') },
  ];
}

async function queryOf(text: string, readerId: number | undefined): Promise<EntityQuery> {
  const asked = await listRequest(EntitiesQuery().parse(Object.fromEntries(new URLSearchParams(text))), readerId, keys);
  if (isRefusal(asked)) throw new Error(`${text}: ${asked.refused}`);
  return asked.query;
}

/** `answered/read`, and in how many milliseconds. */
async function measured(query: EntityQuery, readerId: number | undefined): Promise<string> {
  rowsRead = 0;
  const startedAt = performance.now();
  const { items } = await listEntities(db, query, readerId === undefined ? undefined : { accountId: readerId });
  return `${items.length}/${rowsRead} in ${Math.round(performance.now() - startedAt)} ms`;
}

/** The position of a cursor after this many entities of a list, found page by page. */
async function positionAfter(query: EntityQuery, skipped: number): Promise<string | undefined> {
  let after: string | undefined;
  for (let left = skipped; left > 0; left -= 100) {
    after = (await listEntities(db, { ...query, after, limit: Math.min(100, left) }, undefined)).next;
    if (after === undefined) throw new Error('the list is too short');
  }
  return after;
}

const SEARCHES = [
  'q=red wool',
  'q=red blue',
  'q=red seed-0500000',
  'q=red&type=hat',
  'q=seed&min_quantity=999',
  'code=SEED-0500000&q=red&sort=-quantity',
];
const DEEP = [
  'sort=id',
  'sort=-quantity',
  'sort=updated_at',
  'sort=code',
  'min_quantity=100&sort=quantity',
  'q=red&sort=-id',
];

const everybody = await readers();
const row = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

/** One after the other: the rows are counted in one place. */
async function table(queries: readonly string[], skipped: number): Promise<void> {
  row(['query', ...everybody.map(({ name }) => name)]);
  row(['---', ...everybody.map(() => '---')]);
  for (const text of queries) {
    const after = await positionAfter(await queryOf(text, undefined), skipped);
    const cells: string[] = [];
    for (const { id } of everybody) cells.push(await measured({ ...(await queryOf(text, id)), after }, id));
    row([`\`${text}\``, ...cells]);
  }
}

const owner = everybody[1]?.id ?? 1;
await table(indexedLists(owner), 0);
await table(candidateLists(owner), 0);
await table(SEARCHES, 0);
await table(DEEP, 4999 * 20);
await dispose();
