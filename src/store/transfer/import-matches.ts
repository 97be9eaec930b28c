// The accounts that have the names of an import's lines, and the results of the lines, in D1.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { holds } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { isReserved } from '../one-time-tokens/conditions.ts';
import { type ImportRows, LINE, linesIn } from './import-rows.ts';

export const withEmail = sql`(SELECT id FROM accounts WHERE email_key = ${LINE.emailKey})`;
export const withUsername = sql`(SELECT id FROM accounts WHERE username_key = ${LINE.usernameKey})`;
/** The account of a line: the one with its email, or else the one with its username. */
export const ACCOUNT_OF_LINE = sql`coalesce(${withEmail}, ${withUsername})`;

/** The accounts that had the names of a chunk's lines. */
export const selectMatches = (db: Db, chunk: string, now: number) =>
  db
    .select({
      line: sql<number>`${LINE.number}`.as('line'),
      emailId: sql<number | null>`by_email.id`.as('email_id'),
      emailImported: sql<number>`by_email.import_id IS NOT NULL`.as('email_imported'),
      usernameId: sql<number | null>`by_username.id`.as('username_id'),
      usernameImported: sql<number>`by_username.import_id IS NOT NULL`.as('username_imported'),
      reserved: sql<number>`${isReserved(LINE.emailKey, ACCOUNT_OF_LINE, now)}`.as('reserved'),
    })
    .from(
      sql`${linesIn(chunk)} LEFT JOIN accounts AS by_email ON by_email.email_key = ${LINE.emailKey}
        LEFT JOIN accounts AS by_username ON by_username.username_key = ${LINE.usernameKey}`,
    );

/** No other account may still take the line's email back. */
export const ownsNames = (now: number): SQL => sql`NOT ${isReserved(LINE.emailKey, ACCOUNT_OF_LINE, now)}`;

/** The event, with the number of lines of each result. `refused` counts the invalid lines. */
export function importEvent(db: Db, rows: ImportRows, refused: number, audit: AuthorizedContext) {
  const { importId, keys } = rows;
  const all = keys.map(
    (chunk) => sql`SELECT ${withEmail} AS by_email, ${withUsername} AS by_username
    FROM ${linesIn(chunk)}`,
  );
  const lines =
    all.length === 0 ? sql`SELECT NULL AS by_email, NULL AS by_username WHERE 0` : sql.join(all, sql` UNION ALL `);
  const account = sql`coalesce(by_email, by_username)`;
  const from = sql`FROM (SELECT count(*) AS valid,
      count(DISTINCT iif(made.import_id = ${importId}, made.id, NULL)) AS imported,
      count(*) FILTER (WHERE ${account} IS NULL OR by_email <> by_username) AS unfit
    FROM (${lines}) LEFT JOIN accounts AS made ON made.id = ${account}) AS counts
    WHERE ${holds(audit.authority, audit.now)}`;
  const detail = sql`json_object('import_id', ${importId}, 'imported', imported,
    'existing', valid - imported - unfit, 'refused', unfit + ${refused})`;
  return auditEach(db, { action: 'accounts.imported', from, account: sql`NULL`, detail }, audit);
}
