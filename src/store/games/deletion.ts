// Deleting one game: nobody reads it from then on, and the changes beyond the first batch go after the answer.
import { sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { holds, isActiveOwnerOrAdmin } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db, Defer } from '../d1/database.ts';
import { games } from '../d1/schema/games.ts';
import { removalStatements, removeAllGames, unfinishedGame } from './removal.ts';
import { isThere, ROWS_PER_BATCH } from './row.ts';

type DeletionRefusal = Refusal<'game_not_found' | 'forbidden' | 'token_revoked'>;

export async function deleteGame(
  db: Db,
  defer: Defer,
  id: number,
  { authority, now }: AuthorizedContext,
): Promise<'removed' | DeletionRefusal> {
  const isGame = sql`${games.id} = ${id}`;
  const isOwned = isActiveOwnerOrAdmin(authority, games.ownerId);
  const mayDelete = sql`${isOwned} AND ${holds(authority, now)}`;
  const marked = sql`FROM ${games} WHERE ${isGame} AND ${games.state} = 'deleted' AND ${mayDelete}`;
  const { scores, emptied } = removalStatements(db, marked, ROWS_PER_BATCH);
  const { deleted, rights } = await batchOf(db, {
    rights: db
      .select({
        holds: sql<number>`${holds(authority, now)}`.as('holds'),
        there: sql<number>`EXISTS (SELECT 1 FROM ${games} WHERE ${isGame} AND ${isThere})`.as('there'),
      })
      .from(sql`(SELECT 1)`),
    deleted: db
      .update(games)
      .set({ state: 'deleted' })
      .where(sql`${isGame} AND ${isThere} AND ${mayDelete}`)
      .returning({ changes: games.changes }),
    scores,
    emptied,
  });
  const [game] = deleted;
  if (!game) return refuseDeletion(rights);
  if (game.changes > ROWS_PER_BATCH) defer(() => removeAllGames(db, unfinishedGame(id)));
  return 'removed';
}

function refuseDeletion([rights]: readonly { readonly holds: number; readonly there: number }[]): DeletionRefusal {
  if (!rights?.holds) return refuse('token_revoked');
  return refuse(rights.there ? 'forbidden' : 'game_not_found');
}
