// Profiles in D1: a change is one statement. Data is merged before it, since SQLite's json_patch takes the keys "" and "\u0000" for one.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { foldKey } from '../../domain/accounts/account.ts';
import type { Profiles, Whose } from '../../domain/accounts/profile.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema.ts';
import { columnsOf, keepsAName, orNameTaken } from './accounts.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const profilesIn = (database: Database): Profiles => ({
  async find(whose) {
    const [row] = await database.primary.select(ACCOUNT).from(accounts).where(is(whose));
    return row && accountFrom(row);
  },

  async replace(whose, { email, data }, expected, act) {
    const db = database.primary;
    const unchanged = expected === 'any' ? undefined : eq(accounts.data, JSON.stringify(expected));
    const condition = sql`${and(is(whose), keepsAName({ email }), unchanged)}`;
    const written = await orNameTaken(
      db.batch([
        auditEach(
          db,
          { action: 'account.updated', from: sql`FROM ${accounts} WHERE ${condition}`, account: sql`${accounts.id}` },
          act,
        ),
        db
          .update(accounts)
          .set({ ...columnsOf({ email }), data: JSON.stringify(data), updatedAt: act.now })
          .where(condition)
          .returning(ACCOUNT),
      ]),
    );
    if (isRefusal(written)) return written;
    const [row] = written[1];
    return row && accountFrom(row);
  },
});

/** Who may stands in the WHERE as well: the caller's role was read a moment ago, and by a replica perhaps. */
const is = (whose: Whose): SQL | undefined =>
  'ownId' in whose
    ? and(eq(accounts.id, whose.ownId), eq(accounts.active, true))
    : and(
        eq(accounts.usernameKey, foldKey(whose.username)),
        sql`EXISTS (SELECT 1 FROM ${accounts} AS admins WHERE admins.id = ${whose.adminId} AND admins.role = 'admin' AND admins.active = 1)`,
      );
