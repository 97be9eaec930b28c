// How far jobs have come that walk a table from run to run.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const jobPositions = sqliteTable('job_positions', {
  job: text().primaryKey(),
  /** The rowid of the last row that the job has seen. */
  position: integer().notNull(),
});
