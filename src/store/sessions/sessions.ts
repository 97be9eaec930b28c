// Sessions in D1: liveness is a condition of every statement, so the row decides each race.
import { and, desc, eq, type Placeholder, sql } from 'drizzle-orm';
import type { Sessions } from '../../domain/sessions/session.ts';
import { isLive, isUnended } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { type Database, type Defer, retried } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { AUTHENTICATION, authenticatedFrom, authenticationFrom, CLIENT, clientFrom } from './authentication.ts';
import { endingsIn } from './endings.ts';
import { rotateSession, rotateSessionAgain } from './rotation.ts';
import { tokensIn } from './tokens.ts';

/** Of an account with more live sessions, the last used ones are listed. */
const MAX_LISTED = 500;

export const sessionsIn = (database: Database, defer: Defer): Sessions => ({
  async findLive(sessionId, now) {
    const [row] = await liveSession(database.primary, { sessionId, now });
    if (!row) return undefined;
    const { lastUsedAt, openedAt, authenticatedAt, amr, clientId, scope, ...account } = row;
    const authentication = authenticationFrom({ openedAt, authenticatedAt, amr });
    return {
      account: accountFrom(account),
      createdAt: openedAt,
      lastUsedAt,
      authentication,
      ...clientFrom({ clientId, scope }),
    };
  },

  recordUse(sessionId, now) {
    const live = sql`${sessions.id} = ${sessionId} AND ${isLive(now)}`;
    defer(() => database.primary.update(sessions).set({ lastUsedAt: now }).where(live).execute());
  },

  async rotate(clientId, presentedHash, nextHash, ends, now) {
    const values = { clientId, presentedHash, nextHash, ...ends, now };
    const [holder] = await retried((attempt) =>
      attempt === 'first' ? rotateSession(database.primary, values) : rotateSessionAgain(database.primary, values),
    );
    return holder && authenticatedFrom(holder);
  },

  ...tokensIn(database),

  list: (accountId, now) =>
    database.primary
      .select(LISTED)
      .from(sessions)
      .where(and(eq(sessions.accountId, accountId), isLive(now)))
      .orderBy(desc(sessions.lastUsedAt), sessions.id)
      .limit(MAX_LISTED),

  ...endingsIn(database),
});

const LISTED = {
  id: sessions.id,
  kind: sessions.kind,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  expiresAt: sessions.expiresAt,
  userAgent: sessions.userAgent,
  ip: sessions.ip,
};

const WITH_ACCOUNT = { ...ACCOUNT, lastUsedAt: sessions.lastUsedAt, ...CLIENT, ...AUTHENTICATION };
const liveSession = prepare(WITH_ACCOUNT, (db) =>
  db
    .select(WITH_ACCOUNT)
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.id, placeholder('sessionId')), isUnended(placeholder('now')), eq(accounts.active, true))),
);

const placeholder = (name: string): Placeholder => sql.placeholder(name);
