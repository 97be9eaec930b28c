// The positions of jobs that walk a table over several runs.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const jobPositions = sqliteTable('job_positions', {
  job: text().primaryKey(),
  /** The rowid of the last row that the job has seen. */
  position: integer().notNull(),
});
