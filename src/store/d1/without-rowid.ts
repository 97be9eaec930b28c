// Tables WITHOUT ROWID, which drizzle-kit cannot make: migrations create them by hand.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Wrong guesses at passwords; see drizzle/0005. */
export const passwordGuesses = sqliteTable('password_guesses', {
  subject: text().notNull(),
  /** Empty where the guesses of all networks are counted together. */
  network: text().notNull(),
  /** Wrong guesses in a row. */
  count: integer().notNull(),
  lockedUntil: integer('locked_until').notNull(),
  lastAt: integer('last_at').notNull(),
  /** Guesses in the window that began at `windowStart`. */
  windowCount: integer('window_count').notNull(),
  windowStart: integer('window_start').notNull(),
});

/** The networks that signed in to an account; see drizzle/0005. */
export const knownNetworks = sqliteTable('known_networks', {
  accountId: integer('account_id').notNull(),
  network: text().notNull(),
  /** The last sign-in from there, up to a day late. */
  lastAt: integer('last_at').notNull(),
});

/** Refresh tokens that an import brought, until they expire; see drizzle/0011_imports.sql. */
export const importedRefreshTokens = sqliteTable('imported_refresh_tokens', {
  accountId: integer('account_id').notNull(),
  tokenHash: text('token_hash').notNull(),
  sessionId: text('session_id').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

/** The score changes of games; see drizzle/0002. */
export const gameScores = sqliteTable('game_scores', {
  gameId: integer('game_id').notNull(),
  offset: integer().notNull(),
  home: integer().notNull(),
  away: integer().notNull(),
});

/** The search terms of entities, see drizzle/0002 and 0009; triggers maintain it. */
export const entityWords = sqliteTable('entity_words', {
  word: text().notNull(),
  /** The readers who find the entity by the term, see store/entities/words.ts. */
  audience: integer('shelf').notNull(),
  entityId: integer('entity_id').notNull(),
});

/** How many games each account owns; see drizzle/0010. */
export const gameCounts = sqliteTable('game_counts', {
  accountId: integer('account_id').notNull(),
  games: integer().notNull(),
});
