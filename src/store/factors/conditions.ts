// Conditions on factors, for the WHERE of every write that they decide.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { accounts } from '../d1/schema/accounts.ts';
import { totp } from '../d1/schema/factors.ts';
import { passkeys } from '../d1/schema/passkeys.ts';

/** The row of an account's confirmed authenticator app. */
export const isConfirmed = (accountId: number | SQLWrapper): SQL =>
  sql`${totp.accountId} = ${accountId} AND ${totp.confirmedAt} IS NOT NULL`;

/** Whether an account has a confirmed authenticator app. */
export const hasTotp = (accountId: number | SQLWrapper): SQL =>
  sql`EXISTS (SELECT 1 FROM ${totp} WHERE ${isConfirmed(accountId)})`;

/** Whether an account has a factor beside its password. */
export const hasFactor = (accountId: number | SQLWrapper): SQL =>
  sql`(${hasTotp(accountId)} OR EXISTS (SELECT 1 FROM ${passkeys} WHERE ${passkeys.accountId} = ${accountId}))`;

/** A FROM clause that finds the owner of a factor, who is notified of a change, where a condition holds. */
export const ownerWhere = (accountId: number, condition: SQL): SQL =>
  sql`FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${condition}`;
