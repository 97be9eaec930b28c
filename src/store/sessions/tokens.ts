// The refresh tokens of sessions in D1: the session of a current one, and of one that was rotated a moment ago.
import { sql } from 'drizzle-orm';
import { scopesIn } from '../../domain/oauth/scopes.ts';
import type { Sessions } from '../../domain/sessions/session.ts';
import { isLive } from '../accounts/conditions.ts';
import type { Database } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { authenticatedFrom, HOLDER } from './authentication.ts';
import { isCurrentToken, isOfClient } from './endings.ts';

export const tokensIn = (database: Database): Pick<Sessions, 'findRotatedSince' | 'findByToken'> => ({
  async findRotatedSince(clientId, presentedHash, successorHashes, since, maxAgeMs, now) {
    const rotated = sql`${sessions.rotatedHash} = ${presentedHash} AND ${sessions.rotatedAt} > ${since}`;
    const [row] = await database.primary
      .select({ ...HOLDER, tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(
        sql`${isCurrentToken(successorHashes)} AND ${isOfClient(clientId)} AND ${rotated}
          AND ${sessions.createdAt} + ${maxAgeMs} > ${now}
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
    const { sessionId, accountId, scope, openedAt: createdAt, expiresAt } = row;
    return { sessionId, accountId, scopes: scopesIn(scope ?? ''), createdAt, expiresAt };
  },
});
