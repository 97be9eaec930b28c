// A change of an email as part of a write: its limit, its effects on verification and links, its mails.
import { type SQL, sql } from 'drizzle-orm';
import { foldKey } from '../../domain/accounts/names.ts';
import type { AuditContext } from '../../domain/audit-context.ts';
import { EMAIL_CHANGES_WINDOW_MS, type EmailChangeMails, MAX_EMAIL_CHANGES } from '../../domain/email/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { queueMail } from '../mail/queue.ts';
import { endTokens, isReserved } from '../one-time-tokens/conditions.ts';
import { IS_VERIFIED } from './conditions.ts';

/**
 * The parts of a write that sets the email: the condition to add to its WHERE, the columns to add to its SET, and the
 * statements to run before it. `target` is the write's own condition on accounts.
 */
export function emailChange(
  db: Db,
  email: string | null,
  { notice, verification }: EmailChangeMails,
  target: SQL,
  audit: AuditContext,
) {
  const emailKey = email === null ? null : foldKey(email);
  const changes = sql`${accounts.emailKey} IS NOT ${emailKey}`;
  const inWindow = sql`(${accounts.emailChangesSince} > ${audit.now - EMAIL_CHANGES_WINDOW_MS})`;
  const tooMany = sql`(${inWindow} AND ${accounts.emailChanges} >= ${MAX_EMAIL_CHANGES})`;
  const reserved = isReserved(emailKey, sql`${accounts.id}`, audit.now);
  const allowed = sql`NOT (${changes} AND (${tooMany} OR ${reserved}))`;
  const changed = sql`${target} AND ${allowed} AND ${changes}`;
  const from = sql`FROM ${accounts} WHERE ${changed}`;
  const account = sql`${accounts.id}`;
  return {
    allowed,
    columns: {
      verifiedEmailKey: sql`iif(${changes}, NULL, ${accounts.verifiedEmailKey})`,
      emailChanges: sql`${accounts.emailChanges} * ${inWindow} + (${changes})`,
      emailChangesSince: sql`iif(${inWindow}, ${accounts.emailChangesSince}, ${audit.now})`,
    },
    statements: {
      blocked: db
        .select({
          reserved: sql<number>`${reserved}`.as('reserved'),
          windowEnd: sql<number>`${accounts.emailChangesSince} + ${EMAIL_CHANGES_WINDOW_MS}`.as('window_end'),
        })
        .from(accounts)
        .where(sql`${target} AND NOT ${allowed}`),
      emailEvent: auditEach(db, { action: 'email.changed', from, account }, audit),
      tokens: endTokens(db, sql`SELECT id ${from}`, ['verify_email', 'reset_password'], null, audit.now),
      ...queueMail(db, notice, { from: sql`${from} AND ${IS_VERIFIED}` }, audit),
      ...queueMail(db, verification, { from, to: { email: sql`${email}`, emailKey: sql`${emailKey}` } }, audit),
    },
  };
}

type BlockedRow = { readonly reserved: number; readonly windowEnd: number };

/** Why an email was not changed; undefined where there is no such reason. */
export function refuseBlocked(
  [row]: readonly BlockedRow[],
  now: number,
): Refusal<'email_taken' | 'too_many_requests'> | undefined {
  if (!row) return undefined;
  if (row.reserved) return refuse('email_taken');
  return refuse('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil((row.windowEnd - now) / 1000)) });
}
