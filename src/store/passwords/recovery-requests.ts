// Asking for a link that sets a password: by anybody, with the same batch for every email, or by an admin.
import { sql } from 'drizzle-orm';
import type { PasswordRecovery } from '../../domain/passwords/recovery.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { isNamed } from '../accounts/names.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { mails } from '../d1/schema/mail.ts';
import { requestMail } from '../mail/queue.ts';
import { retryAfter } from '../one-time-tokens/conditions.ts';

export const recoveryRequestsIn = (database: Database): Pick<PasswordRecovery, 'request' | 'requestFor'> => ({
  async request(email, mail, audit) {
    const db = database.primary;
    const account = sql`(SELECT ${accounts.id} FROM ${accounts} WHERE ${isNamed({ email })})`;
    await batchOf(db, {
      // For every email, nobody's too: D1 answers a batch that writes nothing sooner than one that writes.
      event: auditEach(db, { action: 'password.reset_requested', from: sql`FROM (SELECT 1)`, account }, audit),
      ...requestMail(db, mail, sql`${isNamed({ email })} AND ${accounts.active} = 1`, audit),
    });
  },

  async requestFor(accountId, mail, audit) {
    const db = database.primary;
    const account = sql`${accounts.id} = ${accountId} AND ${accounts.active} = 1 AND ${accounts.email} IS NOT NULL`;
    const allowed = sql`${account} AND ${holds(audit.authority, audit.now)}`;
    const isQueued = sql`FROM ${mails} WHERE ${mails.id} = ${mail.id}`;
    const { authority, mailable, queued, wait } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      mailable: db.select({ id: accounts.id }).from(accounts).where(account),
      wait: db
        .select({ seconds: retryAfter('reset_password', audit.now) })
        .from(accounts)
        .where(account),
      ...requestMail(db, mail, allowed, audit),
      event: auditEach(
        db,
        { action: 'password.reset_requested', from: isQueued, account: sql`${mails.accountId}` },
        audit,
      ),
      queued: db.select({ id: mails.id }).from(mails).where(sql`${mails.id} = ${mail.id}`),
    });
    if (queued.length > 0) return 'queued';
    const ended = refuseEnded(authority);
    if (ended) return ended;
    if (mailable.length === 0) return refuse('no_email');
    return refuse('too_many_requests', { retryAfterSeconds: wait[0]?.seconds ?? 1 });
  },
});
