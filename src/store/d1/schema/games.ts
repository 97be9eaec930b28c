// Games, and the deleted accounts whose games are still to be removed. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Games never change. Their scores are rows of `game_scores`, see drizzle/0002; triggers maintain `game_counts`, see
 * drizzle/0010.
 */
export const games = sqliteTable(
  'games',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    stamps: integer().notNull(),
    changes: integer().notNull(),
    firstOffset: integer('first_offset').notNull(),
    lastOffset: integer('last_offset').notNull(),
    /** Null for a game of version 1. No foreign key: version 1 deletes accounts and knows nothing of owners. */
    ownerId: integer('owner_id'),
    /** Null for a game of version 1. */
    createdAt: integer('created_at'),
    /** Pending until its last score change is written, deleted while they are removed; readers see neither. */
    state: text({ enum: ['complete', 'pending', 'deleted'] })
      .notNull()
      .default('complete'),
  },
  (table) => [
    index('games_of_owner').on(table.ownerId),
    index('games_unfinished').on(table.createdAt).where(sql`state <> 'complete'`),
  ],
);

/** Deleted accounts that owned games. A trigger adds them, whichever version deletes the account. */
export const formerOwners = sqliteTable('former_owners', { accountId: integer('account_id').primaryKey() });
