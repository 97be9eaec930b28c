// Refusals in the audit trail: one a minute for each account and action, by a condition of the insert.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditAction } from '../../domain/audit/event.ts';
import { REFUSALS_RECORDED_EVERY_MS, type Refusals } from '../../domain/audit/refusals.ts';
import { setWithLimit } from '../../domain/map-with-limit.ts';
import type { Database } from '../d1/database.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { auditEach } from './events.ts';

/**
 * Whether no event of this action was written for the account lately. Reads the account's events of that time and no
 * others: its index starts with the account and goes on with the id.
 */
export function isUnrecorded(action: AuditAction, account: SQL, now: number): SQL {
  const since = now - REFUSALS_RECORDED_EVERY_MS;
  const lastBefore = sql`coalesce((SELECT id FROM ${auditEvents} WHERE at <= ${since} ORDER BY at DESC LIMIT 1), 0)`;
  return sql`NOT EXISTS (SELECT 1 FROM ${auditEvents} AS earlier WHERE earlier.account_id = ${account}
    AND earlier.id > ${lastBefore} AND earlier.action = ${action} AND earlier.at > ${since})`;
}

const MAX_REMEMBERED = 10_000;
/** When this isolate last recorded a refused access of an account: for a while it does not ask D1 again. */
const recordedAt = new Map<number, number>();

export const refusalsIn = (database: Database): Refusals => ({
  async recordAccess({ accountId, operation, now, ...client }) {
    const last = recordedAt.get(accountId);
    if (last !== undefined && Math.abs(now - last) < REFUSALS_RECORDED_EVERY_MS) return;
    const account = sql`${accountId}`;
    const from = sql`WHERE ${isUnrecorded('access.refused', account, now)}`;
    const detail = sql`json_object('operation', ${operation})`;
    const event = { action: 'access.refused', from, account, detail } as const;
    await auditEach(database.primary, event, { ...client, actorId: accountId, now });
    setWithLimit(recordedAt, accountId, now, MAX_REMEMBERED);
  },
});
