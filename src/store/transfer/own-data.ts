// Everything that D1 stores of one account, read page by page along the indexes by account.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { AuditEvent } from '../../domain/audit/trail.ts';
import type { Entity } from '../../domain/entities/entity.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import { refuse } from '../../domain/refusal.ts';
import type { OwnData, OwnSession } from '../../domain/transfer/export.ts';
import { holds } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { auditEach } from '../audit/events.ts';
import { eventFrom } from '../audit/trail.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { entities } from '../d1/schema/entities.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { knownNetworks } from '../d1/without-rowid.ts';
import { ENTITY, entityFrom } from '../entities/row.ts';
import { ownGamesIn } from './own-games.ts';

/** At 16 KiB of attributes each, under 2 MB. */
const PAGE_ROWS = 100;

export const ownDataIn = (database: Database): OwnData => ({
  async begin(event, audit) {
    const db = database.primary;
    const { accountId } = audit.authority;
    const isOwn = sql`${accounts.id} = ${accountId} AND ${holds(audit.authority, audit.now)}`;
    const from = sql`FROM ${accounts} WHERE ${isOwn}`;
    const exported = { action: 'accounts.exported', from, account: sql`${accounts.id}` } as const;
    const hasPassword = sql<number>`EXISTS (SELECT 1 FROM ${passwordCredentials}
      WHERE ${passwordCredentials.accountId} = ${accountId})`.as('has_password');
    const { found, networks } = await batchOf(db, {
      event: event === 'recorded' ? auditEach(db, exported, audit) : undefined,
      found: db
        .select({ ...ACCOUNT, hasPassword })
        .from(accounts)
        .where(isOwn),
      networks: db.select(NETWORK).from(knownNetworks).where(eq(knownNetworks.accountId, accountId)),
    });
    const [row] = found;
    if (!row) return refuse('token_revoked');
    const { hasPassword: has, ...account } = row;
    return { account: accountFrom(account), hasPassword: has === 1, networks };
  },

  sessions: (accountId, after) => sessionsOf(database, accountId, after),
  entities: (accountId, after) => entitiesOf(database, accountId, after),
  ...ownGamesIn(database),
  events: (accountId, after) => eventsOf(database, accountId, after),
});

type After = string | undefined;

async function sessionsOf({ primary }: Database, accountId: number, after: After): Promise<Page<OwnSession>> {
  const isNext = after === undefined ? undefined : sql`${sessions.id} > ${after}`;
  const rows = await primary
    .select(SESSION)
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), isNext))
    .orderBy(asc(sessions.id))
    .limit(PAGE_ROWS + 1);
  return pageOf(rows, PAGE_ROWS, ({ id }) => id);
}

async function entitiesOf({ primary }: Database, accountId: number, after: After): Promise<Page<Entity>> {
  const rows = await primary
    .select(ENTITY)
    .from(entities)
    .where(and(eq(entities.ownerId, accountId), isAfter(entities.id, after)))
    .orderBy(asc(entities.id))
    .limit(PAGE_ROWS + 1);
  return pageOf(rows.map(entityFrom), PAGE_ROWS, ({ id }) => String(id));
}

async function eventsOf({ primary }: Database, accountId: number, after: After): Promise<Page<AuditEvent>> {
  const rows = await primary
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.accountId, accountId), isAfter(auditEvents.id, after)))
    .orderBy(asc(auditEvents.id))
    .limit(PAGE_ROWS + 1);
  return pageOf(rows.map(eventFrom), PAGE_ROWS, ({ id }) => String(id));
}

const isAfter = (id: typeof entities.id | typeof auditEvents.id, after: After): SQL | undefined =>
  after === undefined ? undefined : sql`${id} > ${Number(after)}`;

const NETWORK = { network: knownNetworks.network, lastAt: knownNetworks.lastAt };

const SESSION = {
  id: sessions.id,
  kind: sessions.kind,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  expiresAt: sessions.expiresAt,
  revokedAt: sessions.revokedAt,
  userAgent: sessions.userAgent,
  ip: sessions.ip,
};
