// New games in D1. The changes of a long game are written in several batches, the last of which makes it readable.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { Game, NewGame, Stamp } from '../../domain/games/game.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { actsAsAdmin, holds } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db, Defer } from '../d1/database.ts';
import { games } from '../d1/schema/games.ts';
import { gameCounts, gameScores } from '../d1/without-rowid.ts';
import { removeAllGames, unfinishedGame } from './removal.ts';
import { gameFrom, ROWS_PER_BATCH } from './row.ts';

/**
 * Records the game in one round trip for each `ROWS_PER_BATCH` changes. Whatever fails, all of it is readable or none.
 */
export async function recordGame(
  db: Db,
  defer: Defer,
  game: NewGame,
  quota: number,
  audit: AuthorizedContext,
): Promise<Game | Refusal<'token_revoked' | 'quota_exceeded'>> {
  const chunks = chunksOf(game.changes);
  const { added } = await batchOf(db, {
    added: insertGame(db, game, chunks.length === 1 ? 'complete' : 'pending', quota, audit),
    scores: insertScores(db, chunks[0] ?? '[]', IS_JUST_INSERTED),
  });
  const [row] = added;
  if (!row) return refuseInsertion(db, audit);
  if (row.state === 'complete') return gameFrom(row);
  let completed = false;
  try {
    completed = await completeGame(db, row.id, chunks.slice(1), audit);
  } finally {
    if (!completed) defer(() => removeAllGames(db, unfinishedGame(row.id)));
  }
  return completed ? gameFrom(row) : refuse('token_revoked');
}

function insertGame(
  db: Db,
  { stamps, changes, firstOffset, lastOffset }: NewGame,
  state: 'complete' | 'pending',
  quota: number,
  { authority, now }: AuthorizedContext,
) {
  const { accountId } = authority;
  const owned = sql`SELECT ${gameCounts.games} FROM ${gameCounts} WHERE ${gameCounts.accountId} = ${accountId}`;
  const isWithinQuota = sql`(coalesce((${owned}), 0) < ${quota} OR ${actsAsAdmin(authority)})`;
  return db
    .insert(games)
    .select(
      sql`SELECT NULL, ${stamps}, ${changes.length}, ${firstOffset}, ${lastOffset}, ${accountId}, ${now}, ${state}
        WHERE ${holds(authority, now)} AND ${isWithinQuota}`,
    )
    .returning();
}

/**
 * The game that this batch inserted. Nobody else writes between its statements, and every other game has its first
 * changes from the batch that inserted it, until it is deleted.
 */
const IS_JUST_INSERTED: SQL = sql`${games.id} = (SELECT max(id) FROM games) AND ${games.state} <> 'deleted'
  AND NOT EXISTS (SELECT 1 FROM ${gameScores} WHERE ${gameScores.gameId} = ${games.id})`;

/** Inserts the changes of one chunk where the condition holds for their game. */
const insertScores = (db: Db, chunk: string, condition: SQL) =>
  db.insert(gameScores).select(
    sql`SELECT ${games.id}, value ->> 0, value ->> 1, value ->> 2 FROM ${games} CROSS JOIN json_each(${chunk})
        WHERE ${condition}`,
  );

/** Writes the chunks and completes the game; false where the authority ended before the last of them. */
async function completeGame(
  db: Db,
  id: number,
  chunks: readonly string[],
  { authority, now }: AuthorizedContext,
): Promise<boolean> {
  const mayContinue = sql`${games.id} = ${id} AND ${games.state} = 'pending' AND ${holds(authority, now)}`;
  for (const chunk of chunks.slice(0, -1)) {
    const { meta } = await insertScores(db, chunk, mayContinue);
    if (meta.changes === 0) return false;
  }
  const { completed } = await batchOf(db, {
    scores: insertScores(db, chunks.at(-1) ?? '[]', mayContinue),
    completed: db.update(games).set({ state: 'complete' }).where(mayContinue).returning({ id: games.id }),
  });
  return completed.length > 0;
}

/** Why nothing was inserted: asked only then, so that a game within the quota costs no second query. */
async function refuseInsertion(
  db: Db,
  { authority, now }: AuthorizedContext,
): Promise<Refusal<'token_revoked' | 'quota_exceeded'>> {
  const [row] = await db.select({ holds: sql<number>`${holds(authority, now)}`.as('holds') }).from(sql`(SELECT 1)`);
  return refuse(row?.holds ? 'quota_exceeded' : 'token_revoked');
}

/** The changes as JSON arrays of one batch each. */
function chunksOf(changes: readonly Stamp[]): readonly string[] {
  const count = Math.ceil(changes.length / ROWS_PER_BATCH);
  return Array.from({ length: count }, (_, index) => {
    const chunk = changes.slice(index * ROWS_PER_BATCH, (index + 1) * ROWS_PER_BATCH);
    return JSON.stringify(chunk.map(({ offset, score }) => [offset, score.home, score.away]));
  });
}
