// Sessions in D1: liveness is a condition of every statement, so the row decides each race.
import { and, desc, eq, type Placeholder, sql } from 'drizzle-orm';
import { scopesIn } from '../../domain/oauth/scopes.ts';
import type { Sessions } from '../../domain/sessions/session.ts';
import { isLive, isUnended } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { type Database, type Defer, retried } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { AUTHENTICATION, authenticatedFrom, authenticationFrom, CLIENT, clientFrom, HOLDER } from './authentication.ts';
import { endingsIn, isCurrentToken, isOfClient } from './endings.ts';
import { rotateSession, rotateSessionAgain } from './rotation.ts';

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
    defer(() => database.primary.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, sessionId)).execute());
  },

  async rotate(clientId, presentedHash, nextHash, ends, now) {
    const values = { clientId, presentedHash, nextHash, ...ends, now };
    const [holder] = await retried((attempt) =>
      attempt === 'first' ? rotateSession(database.primary, values) : rotateSessionAgain(database.primary, values),
    );
    return holder && authenticatedFrom(holder);
  },

  async findRotatedSince(clientId, presentedHash, successorHashes, since, maxAgeMs, now) {
    const rotated = sql`${sessions.spentHash} = ${presentedHash} AND ${sessions.spentAt} > ${since}`;
    const [row] = await database.primary
      .select({ ...HOLDER, tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(
        sql`${isCurrentToken(successorHashes)} AND ${isOfClient(clientId)} AND ${rotated} AND ${sessions.createdAt} + ${maxAgeMs} > ${now}
          AND ${isLive(now)}`,
      );
    return row && row.tokenHash !== null ? { ...authenticatedFrom(row), tokenHash: row.tokenHash } : undefined;
  },

  async findByToken(clientId, tokenHash, now) {
    const [row] = await database.primary
      .select({ ...HOLDER, expiresAt: sessions.expiresAt })
      .from(sessions)
      .where(sql`${sessions.tokenHash} = ${tokenHash} AND ${isOfClient(clientId)} AND ${isLive(now)}`);
    if (!row) return undefined;
    const { sessionId, accountId, scope, expiresAt } = row;
    return { sessionId, accountId, scopes: scopesIn(scope ?? ''), expiresAt };
  },

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
