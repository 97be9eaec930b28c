// A database in memory with every migration, for statements that scripts would send to D1.
import { globSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { root } from '../../../scripts/wrangler.ts';

export interface Database {
  /** Runs the statements in one transaction, as D1 does. */
  write(statements: readonly string[]): void;
  rows(sql: string): readonly Readonly<Record<string, SQLOutputValue>>[];
}

export function migrated(): Database {
  const database = new DatabaseSync(':memory:');
  for (const file of globSync('drizzle/*.sql', { cwd: root }).sort()) database.exec(readFileSync(root + file, 'utf8'));
  return {
    write(statements) {
      database.exec('BEGIN');
      try {
        for (const statement of statements) database.exec(statement);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    rows: (sql) => database.prepare(sql).all(),
  };
}
