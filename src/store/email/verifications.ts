// The verification of emails in D1. The token's row is a condition of the write that it allows.
import { sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { EmailVerifications } from '../../domain/email/verification.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { oneTimeTokens } from '../d1/schema/mail.ts';
import { requestMail } from '../mail/queue.ts';
import { endTokens, ownerOf, retryAfter } from '../one-time-tokens/conditions.ts';
import { IS_VERIFIED } from './conditions.ts';

export const emailVerificationsIn = (database: Database): EmailVerifications => ({
  request: (mail, audit) => request(database.primary, mail, audit),

  async find(tokenId, now) {
    const signUpDevice = sql<string | null>`(SELECT ${auditEvents.userAgent} FROM ${auditEvents}
      WHERE ${auditEvents.accountId} = ${accounts.id} AND ${auditEvents.action} = 'account.registered' LIMIT 1)`;
    const [row] = await database.primary
      .select({ ...ACCOUNT, signUpDevice: signUpDevice.as('sign_up_device') })
      .from(accounts)
      .where(sql`${accounts.id} IN (${ownerOf(tokenId, 'verify_email', now)})`);
    if (!row) return undefined;
    const { signUpDevice: userAgent, ...account } = row;
    return { account: accountFrom(account), userAgent };
  },

  async verify(tokenId, audit) {
    const db = database.primary;
    const owner = ownerOf(tokenId, 'verify_email', audit.now);
    const from = sql`FROM ${accounts} WHERE ${accounts.id} IN (${owner})`;
    const id = sql`${accounts.id}`;
    const { verified } = await batchOf(db, {
      event: auditEach(db, { action: 'email.verified', from, account: id, actor: id }, audit),
      verified: db
        .update(accounts)
        .set({ verifiedEmailKey: sql`${accounts.emailKey}`, everVerified: true, updatedAt: audit.now })
        .where(sql`${accounts.id} IN (${owner})`)
        .returning({ email: accounts.email }),
      ended: endTokens(db, owner, ['verify_email'], null, audit.now),
    });
    return verified[0]?.email ?? undefined;
  },
});

async function request(db: Db, mail: NewMail, audit: AuthorizedContext) {
  const acting = sql`${accounts.id} = ${audit.actorId} AND ${holds(audit.authority, audit.now)}`;
  const { account, queued } = await batchOf(db, {
    account: db
      .select({ ...ACCOUNT, retryAfter: retryAfter('verify_email', audit.now).as('retry_after') })
      .from(accounts)
      .where(acting),
    ...requestMail(db, mail, sql`${acting} AND NOT (${IS_VERIFIED})`, audit),
    queued: db
      .select({ id: oneTimeTokens.id })
      .from(oneTimeTokens)
      .where(sql`${oneTimeTokens.id} = ${mail.token?.id ?? ''}`),
  });
  if (queued.length > 0) return 'queued';
  const [row] = account;
  if (!row) return refuse('token_revoked');
  if (row.email === null) return refuse('no_email');
  if (accountFrom(row).emailVerified) return refuse('email_verified');
  return refuse('too_many_requests', { retryAfterSeconds: row.retryAfter });
}
