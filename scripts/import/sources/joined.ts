// Joins the rows of two tables, in whatever order a file has them: through a temporary SQLite file, not in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Joined<T> {
  add(key: string, value: T): void;
  of(key: string): readonly T[];
  close(): void;
}

export function joined<T>(): Joined<T> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-import-'));
  const database = new DatabaseSync(join(directory, 'rows.sqlite'));
  // Rows lost in a crash are read again.
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -8000;');
  database.exec('CREATE TABLE rows (key TEXT, value TEXT); CREATE INDEX by_key ON rows (key); BEGIN');
  const insert = database.prepare('INSERT INTO rows VALUES (?, ?)');
  const select = database.prepare('SELECT value FROM rows WHERE key = ? ORDER BY rowid');
  return {
    add: (key, value) => void insert.run(key, JSON.stringify(value)),
    of: (key) => select.all(key).map(({ value }) => JSON.parse(String(value)) as T), // as `add` wrote it
    close: () => {
      database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
