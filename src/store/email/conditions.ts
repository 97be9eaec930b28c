// Conditions on the email of an account.
import { type SQL, sql } from 'drizzle-orm';
import { accounts } from '../d1/schema/accounts.ts';

/** Whether the account has an email, and it is verified. */
export const IS_VERIFIED: SQL = sql`${accounts.emailKey} IS NOT NULL
  AND ${accounts.verifiedEmailKey} IS ${accounts.emailKey}`;

/** Whether the account may sign in where emails must be verified: it has none, or it is verified. */
export const IS_VERIFIED_OR_NONE: SQL = sql`(${accounts.emailKey} IS NULL
  OR ${accounts.verifiedEmailKey} IS ${accounts.emailKey})`;
