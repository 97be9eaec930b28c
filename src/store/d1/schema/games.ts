// Games.
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';

/** Games never change. Their scores are rows of `game_scores`, see drizzle/0002. */
export const games = sqliteTable('games', {
  id: integer().primaryKey({ autoIncrement: true }),
  stamps: integer().notNull(),
  changes: integer().notNull(),
  firstOffset: integer('first_offset').notNull(),
  lastOffset: integer('last_offset').notNull(),
});
