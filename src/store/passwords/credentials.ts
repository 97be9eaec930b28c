// Password credentials in D1: a changed password and the end of every other session are one transaction.
import { type SQL, sql } from 'drizzle-orm';
import type { PasswordCredentials } from '../../domain/passwords/change.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, isActive, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { queueMail } from '../mail/queue.ts';
import { endAllSessions } from '../sessions/mass-ending.ts';
import { clearGuess } from './guesses.ts';

export const credentialsIn = (database: Database): PasswordCredentials => ({
  async replace({ passwordHash, guess }, newHash, keepSessionId, notice, audit) {
    const db = database.primary;
    const { accountId } = audit.authority;
    const unchanged = sql`${hasHash(accountId, passwordHash)} AND ${holds(audit.authority, audit.now)}`;
    const from = sql`FROM ${passwordCredentials} WHERE ${unchanged}`;
    const account = sql`${passwordCredentials.accountId}`;
    const changed = sql`EXISTS (SELECT 1 FROM ${passwordCredentials} WHERE ${hasHash(accountId, newHash)})`;
    const condition = sql`${isActive(accountId)} AND ${changed}`;
    const ending = { accountId, exceptId: keepSessionId, condition, reason: 'password_changed' } as const;
    const { authority, replaced } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      event: auditEach(db, { action: 'password.changed', from, account }, audit),
      replaced: db
        .update(passwordCredentials)
        .set({ hash: newHash })
        .where(unchanged)
        .returning({ accountId: passwordCredentials.accountId }),
      account: db
        .update(accounts)
        .set({ updatedAt: audit.now })
        .where(sql`${accounts.id} = ${accountId} AND ${changed}`),
      guess: clearGuess(db, guess),
      ...queueMail(
        db,
        notice,
        { from: sql`FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${changed}` },
        audit,
      ),
      ...endAllSessions(db, ending, audit),
    });
    if (replaced.length > 0) return 'replaced';
    // Either the right to change it has ended, or another change came first.
    const ended = refuseEnded(authority);
    return ended ? refuse('token_revoked') : refuse('wrong_password');
  },
});

/** Whether this is still the account's hash. */
export const hasHash = (accountId: number, hash: string): SQL =>
  sql`${passwordCredentials.accountId} = ${accountId} AND ${passwordCredentials.hash} = ${hash}`;
