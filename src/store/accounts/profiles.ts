// Profiles in D1: a change is one statement. The domain merges data, because json_patch takes "" and "\u0000" for one
// key.
import { eq, type SQL, sql } from 'drizzle-orm';
import { foldKey } from '../../domain/accounts/names.ts';
import type { Profiles, ProfileTarget } from '../../domain/accounts/profile.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { emailChange, refuseBlocked } from '../email/change.ts';
import { holds } from './conditions.ts';
import { columnsOf, keepsAName, nameChanges, orNameTaken } from './names.ts';
import { ACCOUNT, accountFrom } from './row.ts';
import { auditUpdate } from './update-event.ts';

export const profilesIn = (database: Database): Profiles => ({
  async find(target, audit) {
    const [row] = await database.primary.select(ACCOUNT).from(accounts).where(isTarget(target, audit));
    return row && accountFrom(row);
  },

  async replace(target, { email, data }, mails, expected, audit) {
    const db = database.primary;
    const unchanged = expected === 'any' ? sql`1` : eq(accounts.data, JSON.stringify(expected));
    const row = sql`${isTarget(target, audit)} AND ${keepsAName({ email })} AND ${unchanged}`;
    const change = email === undefined ? undefined : emailChange(db, email, mails, row, audit);
    const condition = sql`${row} AND ${change?.allowed ?? sql`1`}`;
    const text = JSON.stringify(data);
    const changes = [...nameChanges({ email }), ['data', sql`${accounts.data} <> ${text}`] as const];
    const written = await orNameTaken(
      batchOf(db, {
        event: auditUpdate(db, condition, changes, audit),
        ...change?.statements,
        replaced: db
          .update(accounts)
          .set({ ...columnsOf({ email }), ...change?.columns, data: text, updatedAt: audit.now })
          .where(condition)
          .returning(ACCOUNT),
      }),
    );
    if (isRefusal(written)) return refuse('email_taken'); // the only name that changes
    const [replaced] = written.replaced;
    return replaced ? accountFrom(replaced) : refuseBlocked(written.blocked ?? [], audit.now);
  },
});

/** The target's row. Authorisation is repeated in the WHERE: the caller's role may come from a replica. */
function isTarget(target: ProfileTarget, { authority, now }: AuthorizedContext): SQL {
  const named =
    target === 'own'
      ? sql`${accounts.id} = ${authority.accountId}`
      : sql`${accounts.usernameKey} = ${foldKey(target.username)}`;
  return sql`${named} AND ${holds(authority, now)}`;
}
