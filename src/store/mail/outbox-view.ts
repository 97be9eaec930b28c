// The outbox as admins see it.
import { asc, desc, isNotNull, isNull, sql } from 'drizzle-orm';
import type { MailKind } from '../../domain/mail/mail.ts';
import type { OutboxView } from '../../domain/mail/outbox.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { mails } from '../d1/schema/mail.ts';

const LISTED = {
  id: mails.id,
  // Only we write it.
  kind: sql<MailKind>`${mails.kind}`.as('kind'),
  accountId: mails.accountId,
  recipient: mails.recipient,
  createdAt: mails.createdAt,
  attempts: mails.attempts,
  dueAt: mails.dueAt,
  lastError: mails.lastError,
  givenUpAt: mails.givenUpAt,
};

export const outboxViewIn = (database: Database): OutboxView => ({
  async list(limit) {
    const db = database.primary;
    return batchOf(db, {
      givenUp: db
        .select(LISTED)
        .from(mails)
        .where(isNotNull(mails.givenUpAt))
        .orderBy(desc(mails.givenUpAt))
        .limit(limit),
      waiting: db.select(LISTED).from(mails).where(isNull(mails.givenUpAt)).orderBy(asc(mails.dueAt)).limit(limit),
    });
  },

  async makeDue(id, audit) {
    const db = database.primary;
    // A claim clears the error: a mail that is being sent is not made due.
    const failed = sql`${mails.id} = ${id} AND ${mails.lastError} IS NOT NULL`;
    const { authority, due } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      due: db
        .update(mails)
        .set({ dueAt: audit.now, givenUpAt: null })
        .where(sql`${failed} AND ${holds(audit.authority, audit.now)}`)
        .returning({ id: mails.id }),
    });
    if (due.length > 0) return 'due';
    return refuseEnded(authority) ?? refuse('not_found');
  },
});
