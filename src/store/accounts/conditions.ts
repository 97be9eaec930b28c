// Conditions on accounts and on authorities, for the WHERE of every write: the only place that spells them.
import { type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Authority, SessionProof } from '../../domain/audit-context.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { sessionEndings, sessions } from '../d1/schema/sessions.ts';

/** A number, or an SQL expression for one. */
export type Value = number | Placeholder | SQLWrapper;

/** Whether there is an active account with this id. */
export const isActive = (id: Value): SQL => accountExists(id, sql`1`);

/** Whether there is an active admin with this id. */
export const isActiveAdmin = (id: Value): SQL => accountExists(id, sql`acting.role = 'admin'`);

/** Whether the id is that of an active account and equals `owner`, a column. */
const isActiveOwner = (id: Value, owner: SQLWrapper): SQL => accountExists(id, sql`acting.id = ${owner}`);

/** An account that acts, with the rights of its role or of a user at most. */
interface Acting {
  readonly accountId: Value;
  readonly atMost?: 'user';
}

/** The same, or whether it is that of an active admin who acts as one. */
export const isActiveOwnerOrAdmin = ({ accountId, atMost }: Acting, owner: SQLWrapper): SQL =>
  atMost === 'user'
    ? isActiveOwner(accountId, owner)
    : accountExists(accountId, sql`(acting.id = ${owner} OR acting.role = 'admin')`);

/** Whether an active admin acts as one. */
export const actsAsAdmin = ({ accountId, atMost }: Acting): SQL =>
  atMost === 'user' ? sql`0` : isActiveAdmin(accountId);

/** Whether the id is that of an account that was deleted and whose rows are still being removed. */
export const isBeingDeleted = (id: Value): SQL =>
  sql`EXISTS (SELECT 1 FROM ${accounts} AS former WHERE former.id = ${id} AND former.deleted_at IS NOT NULL)`;

const accountExists = (id: Value, condition: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM ${accounts} AS acting WHERE acting.id = ${id} AND acting.active = 1 AND ${condition})`;

/** Not revoked, alone or with all sessions of its account, and not expired. */
export const isUnended = (now: Value): SQL => sql`${sessions.revokedAt} IS NULL AND ${sessions.expiresAt} > ${now}
  AND NOT EXISTS (SELECT 1 FROM ${sessionEndings} AS ending WHERE ending.account_id = ${sessions.accountId}
    AND ending.up_to >= ${sessions}.rowid AND ending.except_id IS NOT ${sessions.id})`;

/** Not revoked, not expired, and of an active account. */
export const isLive = (now: Value): SQL => sql`${isUnended(now)} AND ${isActive(sessions.accountId)}`;

/** An authority, whose values may be placeholders. */
export interface AnyAuthority extends Omit<Authority, 'accountId' | 'sessionId' | 'proven'> {
  readonly accountId: Value;
  readonly sessionId: string | Placeholder | null;
  readonly proven?: Omit<SessionProof, 'since'> & { readonly since?: Value };
}

/** Whether the authority still holds: its account is active and has the role, its session is live and proved enough. */
export function holds({ accountId, sessionId, role, atMost, proven }: AnyAuthority, now: Value): SQL {
  if (role === 'admin' && atMost === 'user') return sql`0`;
  const account = role === 'admin' ? isActiveAdmin(accountId) : isActive(accountId);
  if (sessionId === null) return account;
  return sql`${account} AND EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions.id} = ${sessionId}
    AND ${sessions.accountId} = ${accountId} AND ${isUnended(now)} AND ${hasProven(proven)})`;
}

/** When the credentials behind a session were proven last. Rows of version 1 were opened by a password. */
const AUTHENTICATED_AT = sql`coalesce(${sessions.authenticatedAt}, ${sessions.createdAt})`;

function hasProven({ since, factors }: NonNullable<AnyAuthority['proven']> = {}): SQL {
  const isRecent = since === undefined ? sql`1` : sql`${AUTHENTICATED_AT} >= ${since}`;
  return factors === 2 ? sql`${isRecent} AND ${sessions.amr} LIKE '%mfa%'` : isRecent;
}

/** Selects which parts of an authority hold, for the batch of a write that may do nothing. */
export const selectAuthority = (db: Db, authority: Authority, now: number) =>
  db
    .select({
      present: sql<number>`${holds({ ...authority, role: null, proven: {} }, now)}`.as('present'),
      holds: sql<number>`${holds(authority, now)}`.as('holds'),
    })
    .from(sql`(SELECT 1)`);

type AuthorityRow = { readonly present: number; readonly holds: number };

/** Why an authority does not hold: its session or account has ended, or the role or a factor was taken away. */
export function refuseEnded([row]: readonly AuthorityRow[]): Refusal<'token_revoked' | 'forbidden'> | undefined {
  if (!row?.present) return refuse('token_revoked');
  return row.holds ? undefined : refuse('forbidden');
}
