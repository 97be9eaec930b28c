// Undoing changes of email in D1: everything that a thief may have put in place ends in one transaction.
import { sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { EmailUndos } from '../../domain/email/undo.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { orNameTaken } from '../accounts/names.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { oneTimeTokens } from '../d1/schema/mail.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { deleteFactorsSince } from '../factors/removal.ts';
import { queueMail } from '../mail/queue.ts';
import { endToken, endTokens, ownerOf } from '../one-time-tokens/conditions.ts';
import { allOf, endAllSessions } from '../sessions/mass-ending.ts';
import { IS_VERIFIED } from './conditions.ts';

export const emailUndosIn = (database: Database): EmailUndos => ({
  async find(tokenId, now) {
    const [row] = await database.primary
      .select({ email: oneTimeTokens.email, username: accounts.username, changedAt: oneTimeTokens.createdAt })
      .from(oneTimeTokens)
      .innerJoin(accounts, sql`${accounts.id} = ${oneTimeTokens.accountId}`)
      .where(sql`${oneTimeTokens.id} = ${tokenId} AND ${accounts.id} IN (${ownerOf(tokenId, 'undo_email', now)})`);
    return row;
  },

  async undo(tokenId, notice, audit) {
    const written = await orNameTaken(
      batchOf(database.primary, undoStatements(database.primary, tokenId, notice, audit)),
    );
    return isRefusal(written) ? undefined : (written.undone[0]?.email ?? undefined);
  },
});

function undoStatements(db: Db, tokenId: string, notice: NewMail | undefined, audit: AuditContext) {
  const owner = ownerOf(tokenId, 'undo_email', audit.now);
  const from = sql`FROM ${accounts} WHERE ${accounts.id} IN (${owner})`;
  const id = sql`${accounts.id}`;
  const token = (column: 'email' | 'email_key' | 'created_at') =>
    sql`(SELECT ${sql.identifier(column)} FROM ${oneTimeTokens} AS used WHERE used.id = ${tokenId})`;
  const isReplaced = sql`${IS_VERIFIED} AND ${accounts.emailKey} IS NOT ${token('email_key')}`;
  return {
    event: auditEach(db, { action: 'email.undone', from, account: id, actor: id }, audit),
    ...queueMail(db, notice, { from: sql`${from} AND ${isReplaced}` }, audit),
    ...endAllSessions(db, { ...allOf(owner), reason: 'email_undone' }, audit),
    ...deleteFactorsSince(db, owner, token('created_at')),
    password: db.delete(passwordCredentials).where(sql`${passwordCredentials.accountId} IN (${owner})`),
    links: endTokens(db, owner, ['verify_email', 'reset_password'], null, audit.now),
    younger: db
      .update(oneTimeTokens)
      .set({ endedAt: audit.now })
      .where(
        sql`${oneTimeTokens.accountId} IN (${owner}) AND ${oneTimeTokens.purpose} = 'undo_email'
            AND ${oneTimeTokens.endedAt} IS NULL AND ${oneTimeTokens.id} <> ${tokenId}
            AND ${oneTimeTokens.createdAt} >= ${token('created_at')}`,
      ),
    undone: db
      .update(accounts)
      .set({
        email: token('email'),
        emailKey: token('email_key'),
        verifiedEmailKey: token('email_key'),
        everVerified: true,
        updatedAt: audit.now,
      })
      .where(sql`${accounts.id} IN (${owner})`)
      .returning({ email: accounts.email }),
    used: endToken(db, tokenId, audit.now),
  };
}
