// A changed password and the end of every other session are one transaction.
import { sql } from 'drizzle-orm';
import type { Passwords } from '../../domain/passwords/change.ts';
import { auditEach } from '../audit/events.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema.ts';
import { endStatements, isAnotherOf } from '../sessions/sessions.ts';

export const passwordsIn = (database: Database): Passwords => ({
  async replace(accountId, { from, to }, keepSessionId, act) {
    const db = database.primary;
    const unchanged = sql`${accounts.id} = ${accountId} AND ${accounts.active} = 1 AND ${accounts.passwordHash} = ${from}`;
    const changed = sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.passwordHash} = ${to})`;
    const others = isAnotherOf(accountId, keepSessionId);
    const [, replaced] = await db.batch([
      auditEach(
        db,
        { action: 'password.changed', from: sql`FROM ${accounts} WHERE ${unchanged}`, account: sql`${accounts.id}` },
        act,
      ),
      db.update(accounts).set({ passwordHash: to, updatedAt: act.now }).where(unchanged).returning({ id: accounts.id }),
      ...endStatements(
        db,
        sql`${others} AND ${changed}`,
        { action: 'session.revoked', reason: 'password_changed' },
        act,
      ),
    ]);
    return replaced.length > 0;
  },
});
