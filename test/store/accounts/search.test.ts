// The cost of a search for accounts: a bounded number of rows read a page, whatever the filter, and every match in the
// end.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AccountFilter } from '../../../src/domain/accounts/administration.ts';
import { administrationIn } from '../../../src/store/accounts/administration.ts';
import { openDatabase } from '../../../src/store/d1/database.ts';
import { fill } from '../../support/series.ts';

let rowsRead = 0;
const administration = administrationIn(
  openDatabase(env.DB, undefined, {
    timed: (call) => call,
    count: ({ rows_read }) => {
      rowsRead += rows_read;
    },
  }),
);

const addAccounts = (username: string, email: string, role: string, active: string, count: number) =>
  fill(
    'accounts',
    'username, username_key, email, email_key, role, active, password_hash, data, created_at, updated_at',
    `${username}, ${username}, ${email}, ${email}, ${role}, ${active}, '', '{}', 0, 0`,
    count,
  );

const FEW_ADMINS = `iif(i % 100 = 1, 'admin', 'user')`;
const FEW_INACTIVE = 'i % 40 <> 0';

const FILTERS: readonly Omit<AccountFilter, 'q'>[] = [
  {},
  { role: 'user' },
  { role: 'admin' },
  { active: true },
  { active: false },
  { role: 'user', active: true },
  { role: 'user', active: false },
  { role: 'admin', active: true },
  { role: 'admin', active: false },
];

/** Each page of a search: its ids, and the rows that it read. */
async function pagesOf(filter: AccountFilter, limit: number) {
  const pages: { readonly ids: readonly number[]; readonly read: number }[] = [];
  let after: string | undefined;
  do {
    rowsRead = 0;
    const { items, next } = await administration.list(filter, after, limit);
    expect(items.length).toBeLessThanOrEqual(limit);
    pages.push({ ids: items.map(({ id }) => id), read: rowsRead });
    after = next;
  } while (after !== undefined);
  return pages;
}

/** The ids of a search, read at once by a query of its own. */
async function all({ q = '', role, active }: AccountFilter): Promise<readonly number[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, CASE WHEN instr(email_key, ?1) = 1 THEN email_key WHEN instr(username_key, ?1) = 1 THEN username_key END
       AS name FROM accounts WHERE name IS NOT NULL AND role = coalesce(?2, role) AND active = coalesce(?3, active)
     ORDER BY name`,
  )
    .bind(q, role ?? null, active === undefined ? null : Number(active))
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

describe('where every username begins as the email of its account does', () => {
  beforeAll(async () => {
    await addAccounts(`'crowd' || i`, `'crowd' || i || '@example.com'`, FEW_ADMINS, FEW_INACTIVE, 4000);
  });

  it.each(FILTERS)('a full page reads about as many rows as it shows, of %o', async (filter) => {
    const limit = 20;
    const pages = await pagesOf({ q: 'crowd', ...filter }, limit);
    expect(Math.max(...pages.map(({ read }) => read))).toBeLessThan(15 * limit);
    expect(pages.slice(0, -1).every(({ ids }) => ids.length === limit)).toBe(true);
  });
});

/** The rows of a page that reads as many candidates as it may of emails and of usernames, and then finds none. */
const MOST_FOR_A_PAGE = 3200;

describe('where names match in every way', () => {
  beforeAll(async () => {
    // Of each kind two neighbours, so that pages end between them: an email, a username, both, neither.
    await addAccounts(
      `iif(i % 8 IN (0, 1, 4, 5), NULL, 'mix' || (i % 7) || '-' || i)`,
      `CASE WHEN i % 8 < 2 THEN 'mix' || (i % 5) || '.' WHEN i % 8 < 4 THEN 'other'
        WHEN i % 8 < 6 THEN 'mix' ELSE 'none' END || i || '@example.com'`,
      FEW_ADMINS,
      FEW_INACTIVE,
      1000,
    );
    await addAccounts(`'other-' || i`, `'other-' || i || '@example.com'`, FEW_ADMINS, FEW_INACTIVE, 100);
    // Longer runs than a page may read: usernames whose emails come later, and one without; inactive accounts; and
    // usernames whose emails come before.
    await addAccounts(`'mix+' || i`, `'mix-plus' || i || '@example.com'`, `'user'`, '1', 600);
    await addAccounts(`'mix+up'`, 'NULL', `'user'`, '1', 1);
    await addAccounts(`'mixed-' || i`, `'mixed' || i || '@example.com'`, `'user'`, '0', 1200);
    await addAccounts(`'mixture-' || i`, `'mix-' || i || '@example.com'`, `'user'`, '1', 1200);
    await addAccounts(`'mixup'`, 'NULL', `'user'`, '1', 1);
  });

  it.each(FILTERS.flatMap((filter) => [100, 37].map((limit) => ({ limit, filter }))))(
    'the pages together are the whole list, and each reads a bounded number of rows: %o',
    async ({ limit, filter }) => {
      const pages = await pagesOf({ q: 'mix', ...filter }, limit);
      expect(pages.flatMap(({ ids }) => ids)).toEqual(await all({ q: 'mix', ...filter }));
      expect(Math.max(...pages.map(({ read }) => read))).toBeLessThan(MOST_FOR_A_PAGE);
    },
  );

  it('a page without a match among its candidates is empty, and the next one continues behind them', async () => {
    const sizes = (await pagesOf({ q: 'mix', active: true }, 100)).map(({ ids }) => ids.length);
    expect(sizes.slice(-2)).toEqual([0, 1]);
  });
});
