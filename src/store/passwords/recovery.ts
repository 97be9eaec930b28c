// Recovering passwords in D1: a reset is one transaction.
import { sql } from 'drizzle-orm';
import type { PasswordRecovery } from '../../domain/passwords/recovery.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { passwordGuesses } from '../d1/without-rowid.ts';
import { deleteFactorsSince } from '../factors/removal.ts';
import { queueMail } from '../mail/queue.ts';
import { endTokens, ownerOf } from '../one-time-tokens/conditions.ts';
import { allOf, endAllSessions } from '../sessions/mass-ending.ts';
import { recoveryRequestsIn } from './recovery-requests.ts';

export const recoveryIn = (database: Database): PasswordRecovery => ({
  ...recoveryRequestsIn(database),

  async find(tokenId, now) {
    const [row] = await database.primary
      .select({ email: sql<string>`${accounts.email}`, username: accounts.username })
      .from(accounts)
      .where(sql`${accounts.id} IN (${ownerOf(tokenId, 'reset_password', now)})`);
    return row;
  },

  async reset(tokenId, newHash, notice, audit) {
    const db = database.primary;
    const owner = ownerOf(tokenId, 'reset_password', audit.now);
    const from = sql`FROM ${accounts} WHERE ${accounts.id} IN (${owner})`;
    const id = sql`${accounts.id}`;
    const { verified } = await batchOf(db, {
      event: auditEach(db, { action: 'password.reset', from, account: id, actor: id }, audit),
      ...endAllSessions(db, { ...allOf(owner), reason: 'password_reset' }, audit),
      password: db
        .insert(passwordCredentials)
        .select(sql`SELECT ${id}, ${newHash} ${from}`)
        .onConflictDoUpdate({ target: passwordCredentials.accountId, set: { hash: newHash } }),
      // Factors of an account whose address was never verified were made by somebody who never proved to own it.
      ...deleteFactorsSince(db, owner, sql`(SELECT iif(${accounts.everVerified}, 9e15, 0) ${from})`),
      lock: db.delete(passwordGuesses).where(sql`${passwordGuesses.subject} IN (SELECT 'account:' || ${id} ${from})`),
      ...queueMail(db, notice, { from }, audit),
      verified: db
        .update(accounts)
        .set({ verifiedEmailKey: sql`${accounts.emailKey}`, everVerified: true, updatedAt: audit.now })
        .where(sql`${accounts.id} IN (${owner})`)
        .returning({ id: accounts.id }),
      links: endTokens(db, owner, ['verify_email', 'reset_password'], null, audit.now),
    });
    return verified.length > 0 ? 'reset' : undefined;
  },
});
