// The statements of an import that write: the accounts that its lines make or replace, and what comes with them.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { holds } from '../accounts/conditions.ts';
import type { Db, Statement } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { importedRefreshTokens } from '../d1/without-rowid.ts';
import { ONE_FACTOR } from '../sessions/authentication.ts';
import { ACCOUNT_OF_LINE, ownsNames, withEmail, withUsername } from './import-matches.ts';
import { type ImportRows, LINE, linesIn, TOKEN } from './import-rows.ts';

/** The key of the line's email where it is verified. */
const VERIFIED_KEY = sql`iif(${LINE.emailVerified}, ${LINE.emailKey}, NULL)`;

/** A FROM clause over the lines in a chunk and their accounts, of those that this import made. */
const madeFrom = (chunk: string, importId: string): SQL => sql`FROM ${linesIn(chunk)}
  INNER JOIN ${accounts} ON ${accounts.id} = ${ACCOUNT_OF_LINE} AND ${accounts.importId} = ${importId}`;

/** No refresh token of the line is that of another account. */
const ownsTokens = (tokens: readonly string[]): SQL => {
  const taken = (chunk: string): SQL => sql`${LINE.number} NOT IN (SELECT ${LINE.number} FROM ${linesIn(chunk)}
    WHERE ${ownerOf(sql`sessions`)} <> coalesce(${ACCOUNT_OF_LINE}, -1)
      OR ${ownerOf(sql`imported_refresh_tokens`)} <> coalesce(${ACCOUNT_OF_LINE}, -1))`;
  return sql.join([sql`1`, ...tokens.map(taken)], sql` AND `);
};

const ownerOf = (table: SQL): SQL => sql`(SELECT account_id FROM ${table} WHERE token_hash = ${TOKEN.hash})`;

/** Makes the accounts of lines whose names are nobody's. The columns come in the order of the schema. */
export const insertAccounts = (db: Db, chunk: string, { importId, tokens }: ImportRows, audit: AuthorizedContext) =>
  db
    .insert(accounts)
    .select(
      sql`SELECT NULL, ${LINE.username}, ${LINE.usernameKey}, ${LINE.email}, ${LINE.emailKey}, '', ${LINE.role},
        ${LINE.active}, ${VERIFIED_KEY}, ${LINE.emailVerified}, 0, 0, ${LINE.data}, ${LINE.createdAt}, ${audit.now},
        NULL, ${importId}, 0
        FROM ${linesIn(chunk)}
        WHERE ${holds(audit.authority, audit.now)} AND ${ACCOUNT_OF_LINE} IS NULL AND ${ownsNames(audit.now)}
          AND ${ownsTokens(tokens)}`,
    )
    .returning(MADE);

const MADE = { id: accounts.id, usernameKey: accounts.usernameKey, emailKey: accounts.emailKey };

/** Replaces the unused imported accounts of lines that fit no other account; of two lines for one, the first counts. */
export function replaceAccounts(db: Db, chunk: string, { importId, tokens }: ImportRows, audit: AuthorizedContext) {
  const fits = sql`FROM (SELECT line.value, ${withEmail} AS by_email, ${withUsername} AS by_username
    FROM ${linesIn(chunk)} WHERE ${ownsNames(audit.now)} AND ${ownsTokens(tokens)})
    WHERE coalesce(by_email = by_username, coalesce(by_email, by_username) IS NOT NULL)`;
  const target = sql`coalesce(by_email, by_username)`;
  const numbered = sql`SELECT value, ${target} AS target,
    row_number() OVER (PARTITION BY ${target} ORDER BY value ->> 0) AS nth ${fits}`;
  return db
    .update(accounts)
    .set({
      username: sql`${LINE.username}`,
      usernameKey: sql`${LINE.usernameKey}`,
      email: sql`${LINE.email}`,
      emailKey: sql`${LINE.emailKey}`,
      verifiedEmailKey: VERIFIED_KEY,
      everVerified: sql`${LINE.emailVerified}`,
      emailChanges: 0,
      emailChangesSince: 0,
      role: sql`${LINE.role}`,
      active: sql`${LINE.active}`,
      data: sql`${LINE.data}`,
      createdAt: sql`${LINE.createdAt}`,
      updatedAt: audit.now,
      importId,
      unusedImport: false,
    })
    .from(sql`(${numbered}) AS line`)
    .where(
      sql`${accounts.id} = line.target AND line.nth = 1 AND ${accounts.unusedImport} = 1
        AND ${holds(audit.authority, audit.now)}`,
    )
    .returning(MADE);
}

/** Removes the passwords, tokens and sessions of replaced accounts. */
export const removeReplaced = (db: Db, chunk: string, importId: string): readonly Statement[] => {
  const made = sql`(SELECT ${accounts.id} ${madeFrom(chunk, importId)})`;
  return [
    db.delete(passwordCredentials).where(sql`${passwordCredentials.accountId} IN ${made}`),
    db.delete(importedRefreshTokens).where(sql`${importedRefreshTokens.accountId} IN ${made}`),
    db.delete(sessions).where(sql`${sessions.accountId} IN ${made}`),
  ];
};

export const insertPasswords = (db: Db, chunk: string, importId: string) =>
  db.insert(passwordCredentials).select(
    sql`SELECT ${accounts.id}, ${LINE.passwordHash} ${madeFrom(chunk, importId)}
      WHERE ${LINE.passwordHash} IS NOT NULL`,
  );

/** A session for each refresh token, whose credentials were never proven here. */
export const insertSessions = (db: Db, chunk: string, importId: string, now: number): readonly Statement[] => [
  db.insert(sessions).select(
    sql`SELECT ${TOKEN.sessionId}, ${accounts.id}, 'refresh', ${TOKEN.hash}, NULL, NULL, ${now}, ${now},
      ${TOKEN.expiresAt}, NULL, NULL, NULL, 0, ${ONE_FACTOR}, NULL, NULL ${madeFrom(chunk, importId)}`,
  ),
  db
    .insert(importedRefreshTokens)
    .select(
      sql`SELECT ${accounts.id}, ${TOKEN.hash}, ${TOKEN.sessionId}, ${TOKEN.expiresAt} ${madeFrom(chunk, importId)}`,
    ),
];

/** From here on the triggers of drizzle/0011_imports.sql notice the use of an account. */
export const markUnused = (db: Db, chunk: string, importId: string) =>
  db
    .update(accounts)
    .set({ unusedImport: true })
    .where(sql`${accounts.id} IN (SELECT ${accounts.id} ${madeFrom(chunk, importId)})`);
