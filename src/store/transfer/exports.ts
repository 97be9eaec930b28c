// Exports of accounts in D1: the authority, the event and the page of accounts are one batch.
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { pageOf } from '../../domain/page.ts';
import type { AccountExports, ExportedAccount, ExportOptions } from '../../domain/transfer/export.ts';
import type { LineToken } from '../../domain/transfer/line-tokens.ts';
import { holds, isUnended, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { ACCOUNT, type AccountRow, accountFrom } from '../accounts/row.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { sessions } from '../d1/schema/sessions.ts';

/** At 16 KiB of data each, 8 MiB. */
const PAGE_ACCOUNTS = 500;

export const accountExportsIn = (database: Database): AccountExports => ({
  async page(after, { hashes, event }, audit) {
    const db = database.primary;
    const mayRead = holds(audit.authority, audit.now);
    const position = Number(after ?? 0);
    const isNext = sql`${accounts.id} > ${position} AND ${accounts.deletedAt} IS NULL`;
    const detail = sql`json_object('hashes', json(${hashes ? 'true' : 'false'}), 'after', ${position},
      'accounts', (SELECT count(*) FROM (SELECT 1 FROM ${accounts} WHERE ${isNext} LIMIT ${PAGE_ACCOUNTS})))`;
    const from = sql`WHERE ${mayRead}`;
    const exported = { action: 'accounts.exported', from, account: sql`NULL`, detail } as const;
    const { authority, page } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      event: event === 'recorded' ? auditEach(db, exported, audit) : undefined,
      page: db
        .select({ ...ACCOUNT, ...secretsOf(hashes, audit.now) })
        .from(accounts)
        .leftJoin(passwordCredentials, eq(passwordCredentials.accountId, accounts.id))
        .where(sql`${isNext} AND ${mayRead}`)
        .orderBy(asc(accounts.id))
        .limit(PAGE_ACCOUNTS + 1),
    });
    return refuseEnded(authority) ?? pageOf(page.map(exportedFrom), PAGE_ACCOUNTS, ({ account }) => String(account.id));
  },
});

/** The hash of the password, and the current refresh tokens of live sessions as JSON. */
function secretsOf(hashes: ExportOptions['hashes'], now: number) {
  const tokens = sql`(SELECT json_group_array(json_array(${sessions.tokenHash}, ${sessions.expiresAt})) FROM ${sessions}
    WHERE ${sessions.accountId} = ${accounts.id} AND ${sessions.tokenHash} IS NOT NULL AND ${isUnended(now)})`;
  const orNothing = (value: SQL): SQL => (hashes ? value : sql`NULL`);
  return {
    passwordHash: sql<string | null>`${orNothing(sql`${passwordCredentials.hash}`)}`.as('password_hash'),
    refreshTokens: sql<string | null>`${orNothing(tokens)}`.as('refresh_tokens'),
  };
}

interface ExportedRow extends AccountRow {
  readonly passwordHash: string | null;
  readonly refreshTokens: string | null;
}

const exportedFrom = ({ passwordHash, refreshTokens, ...row }: ExportedRow): ExportedAccount => ({
  account: accountFrom(row),
  passwordHash,
  refreshTokens: tokensIn(refreshTokens ?? '[]'),
});

/** SQLite wrote the JSON, of hashes and times. */
const tokensIn = (json: string): readonly LineToken[] =>
  (JSON.parse(json) as readonly (readonly [string, number])[]).map(([hash, expiresAt]) => ({ hash, expiresAt }));
