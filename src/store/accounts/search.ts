// The search for accounts by the start of a name: a bounded number of names of each kind is read for a page.
import { type SQL, sql } from 'drizzle-orm';
import type { Account } from '../../domain/accounts/account.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { type Filter, matches } from './lists.ts';
import { ACCOUNT, accountFrom } from './row.ts';

/** The emails, and the usernames, that are read for one page. Where too few of them match, the page is short. */
const MAX_CANDIDATES = 500;

/**
 * Sorted by the matching name: the email, or else the username. Usernames have no `@`, so no two of them are equal. A
 * page that reaches its last candidate ends there, and the next page starts behind it.
 */
export async function search(
  db: Db,
  prefix: string,
  filter: Filter,
  after: string | undefined,
  limit: number,
): Promise<Page<Account>> {
  const rows = await db
    .select({ name: sql<string>`page.name`, ending: sql<string | null>`page.ending`, account: ACCOUNT })
    .from(sql`(${pageOfNames(prefix, filter, after, limit)}) AS page`)
    .leftJoin(accounts, sql`${accounts.id} = page.id`)
    .orderBy(sql`page.name`);
  const found = rows.flatMap(({ name, account }) => (account ? [{ name, account }] : []));
  const { items, next } = pageOf(found, limit, ({ name }) => name);
  return { items: items.map(({ account }) => accountFrom(account)), next: next ?? rows[0]?.ending ?? undefined };
}

/**
 * The ids of a page with their names, and the name that the page is `ending` with, if there may be more. Where nothing
 * matches, one row has the ending alone.
 */
function pageOfNames(prefix: string, filter: Filter, after: string | undefined, limit: number): SQL {
  const last = endOf(prefix);
  const from = after === undefined ? sql`>= ${prefix}` : sql`> ${after}`;
  const hasEmail = sql`coalesce(${accounts.emailKey} BETWEEN ${prefix} AND ${last}, 0)`;
  const emails = candidates(filter, 'email', sql`${from} AND ${accounts.emailKey} <= ${last}`);
  // Usernames behind the last email that was read are left to the next page.
  const upTo = sql`coalesce((SELECT name FROM emails_end), ${last})`;
  const usernames = candidates(filter, 'username', sql`${from} AND ${accounts.usernameKey} <= ${upTo}`);
  return sql`WITH emails AS MATERIALIZED (${firstOf(emails, matches(filter), limit)}),
    emails_end AS MATERIALIZED (${endOfFirst(sql`emails`, emails, limit)}),
    usernames AS MATERIALIZED (${firstOf(usernames, sql`NOT ${hasEmail} AND ${matches(filter)}`, limit)}),
    ends AS (SELECT name FROM emails_end UNION ALL ${endOfFirst(sql`usernames`, usernames, limit)}),
    page_end AS MATERIALIZED (SELECT min(name) AS ending FROM ends),
    found AS MATERIALIZED (SELECT * FROM emails UNION ALL SELECT * FROM usernames)
    SELECT ending, found.id, found.name FROM page_end LEFT JOIN found ON found.name <= coalesce(ending, ${last})
    ORDER BY found.name LIMIT ${limit + 1}`;
}

/** The end of the range of names with this prefix: no code point is higher. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`;

/** The next names of one kind, in their order. SQLite uses a partial index only where its condition is repeated. */
function candidates(filter: Filter, kind: 'email' | 'username', range: SQL): SQL {
  const key = kind === 'email' ? accounts.emailKey : accounts.usernameKey;
  const { index, among } = indexOf(filter, kind);
  return sql`SELECT id, email_key, role, active, deleted_at, ${key} AS name
    FROM ${accounts} INDEXED BY ${sql.raw(index)} WHERE ${among} AND ${key} ${range} ORDER BY ${key}`;
}

/** Admins and inactive accounts are few: among the names of all accounts, most candidates would not match. */
function indexOf(
  { role, active }: Filter,
  kind: 'email' | 'username',
): { readonly index: string; readonly among: SQL } {
  if (role === 'admin') return { index: `accounts_admins_by_${kind}`, among: sql`role = 'admin'` };
  if (active === false) return { index: `accounts_inactive_by_${kind}`, among: sql`active = 0` };
  return { index: `accounts_${kind}_key`, among: sql`1` };
}

/** As many matching candidates as show whether there is another page. */
const firstOf = (names: SQL, matching: SQL, limit: number): SQL =>
  sql`SELECT id, name FROM (${names} LIMIT ${MAX_CANDIDATES}) AS accounts WHERE ${matching}
    ORDER BY name LIMIT ${limit + 1}`;

/** The last name of those: of a full page, or else of the candidates. NULL where all candidates were read. */
const endOfFirst = (first: SQL, names: SQL, limit: number): SQL =>
  sql`SELECT coalesce((SELECT name FROM ${first} ORDER BY name LIMIT 1 OFFSET ${limit}),
    (SELECT name FROM (${names} LIMIT 1 OFFSET ${MAX_CANDIDATES - 1}))) AS name`;
