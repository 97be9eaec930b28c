// Ending the sessions of many accounts in D1: a row of `session_endings` for each, which every use of a session checks.
import { sql } from 'drizzle-orm';
import type { MassEndings } from '../../domain/sessions/everybody.ts';
import { holds, isUnended, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { sessionEndings, sessions } from '../d1/schema/sessions.ts';

export const massEndingsIn = (database: Database): MassEndings => ({
  async endBehind(after, limit, audit) {
    const db = database.primary;
    const { authority: right, sessionId, now } = audit;
    const live = sql`${sessions.accountId} > ${after} AND ${sessions.id} <> ${sessionId} AND ${isUnended(now)}
      AND ${holds(right, now)}`;
    const ends = sql`SELECT ${sessions.accountId} AS account_id, max(${sessions}.rowid) AS last FROM ${sessions}
      WHERE ${live} GROUP BY ${sessions.accountId} ORDER BY ${sessions.accountId} LIMIT ${limit}`;
    const detail = sql`json_object('reason', 'by_admin', 'accounts', n)`;
    const from = sql`FROM (SELECT count(*) AS n FROM (${ends})) WHERE n > 0`;
    const { authority, ended } = await batchOf(db, {
      authority: selectAuthority(db, right, now),
      event: auditEach(db, { action: 'session.revoked', from, account: sql`NULL`, detail }, audit),
      ended: db
        .insert(sessionEndings)
        .select(sql`SELECT account_id, last, ${sessionId}, ${now} FROM (${ends}) WHERE true`)
        // An earlier ending is part of this one: the session that it spared is ended here.
        .onConflictDoUpdate({
          target: sessionEndings.accountId,
          set: {
            upTo: sql`max(${sessionEndings.upTo}, excluded.up_to)`,
            exceptId: sql`excluded.except_id`,
            at: sql`excluded.at`,
          },
        })
        .returning({ accountId: sessionEndings.accountId }),
    });
    return refuseEnded(authority) ?? ended.map(({ accountId }) => accountId);
  },
});
