// Queueing mails: statements for the batch of the change that a mail reports.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import type { Db, Statement } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { mails, oneTimeTokens } from '../d1/schema/mail.ts';
import { endTokens, mayRequest } from '../one-time-tokens/conditions.ts';

interface Addressed {
  /** A FROM clause over accounts with its WHERE: a mail for the account that it finds. */
  readonly from: SQL;
  /** The address and its key; by default, the account's as it is when the statement runs. */
  readonly to?: { readonly email: SQL; readonly emailKey: SQL };
}

/**
 * The statements that queue a mail and make the row of its token. Where `from` repeats the condition of a write, they
 * must come before that write in the batch. An account without an email gets none.
 */
export function queueMail(
  db: Db,
  mail: NewMail | undefined,
  { from, to = OWN }: Addressed,
  audit: AuditContext,
): Readonly<Record<`mail.${string}`, Statement | undefined>> {
  if (!mail) return {};
  const { id, kind, token } = mail;
  const detail = JSON.stringify({ ...mail.detail, ip: audit.ip, userAgent: audit.userAgent });
  const found = sql`${from} AND ${to.email} IS NOT NULL`;
  return {
    // Before the token, which may count for the limit in `from`.
    [`mail.${id}`]: db.insert(mails).select(
      sql`SELECT ${id}, ${kind}, ${accounts.id}, ${to.email}, ${detail}, ${token?.id ?? null}, ${audit.now}, 0,
          ${audit.now}, NULL, NULL ${found}`,
    ),
    [`mail.${id}.token`]:
      token &&
      db.insert(oneTimeTokens).select(
        sql`SELECT ${token.id}, ${token.purpose}, ${accounts.id}, ${to.email}, ${to.emailKey},
            ${Number(token.requested)}, ${audit.now}, ${token.expiresAt}, NULL ${found}`,
      ),
  };
}

const OWN = { email: sql`${accounts.email}`, emailKey: sql`${accounts.emailKey}` };

/**
 * The same for a mail that somebody asked for, within the account's limit. The earlier link ends. `account` is a
 * condition on accounts.
 */
export function requestMail(
  db: Db,
  mail: NewMail | undefined,
  account: SQL,
  audit: AuditContext,
): Readonly<Record<`mail.${string}`, Statement | undefined>> {
  if (!mail?.token) return {};
  const { id, purpose } = mail.token;
  const from = sql`FROM ${accounts} WHERE ${account} AND ${mayRequest(purpose, audit.now)}`;
  const queued = sql`SELECT queued.account_id FROM ${oneTimeTokens} AS queued WHERE queued.id = ${id}`;
  return {
    ...queueMail(db, mail, { from }, audit),
    [`mail.${mail.id}.ended`]: endTokens(db, queued, [purpose], id, audit.now),
  };
}
