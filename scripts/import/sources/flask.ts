// A Flask app's users: a table in a SQLite file, or a CSV file of one, with a bcrypt or Werkzeug column.
import { openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { lineOf } from './columns.ts';
import { csvRowsIn } from './read.ts';
import type { Source, SourceOptions, SourceRecord } from './source.ts';
import { type Fields, namesOf, textOf } from './values.ts';

/** The names of each field's column in tutorials and extensions. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_address', 'mail'],
  username: ['username', 'user_name', 'login', 'name'],
  password_hash: ['password_hash', 'password', 'hashed_password', 'pw_hash', 'passwd', 'pwhash', '_password'],
  email_verified: ['email_verified', 'confirmed', 'verified', 'is_verified', 'confirmed_at'],
  active: ['active', 'is_active', 'enabled'],
  created_at: ['created_at', 'registered_on', 'created', 'created_on', 'date_joined', 'joined_at'],
  'data.old_id': ['id'],
};

const ADMIN_COLUMNS = ['admin', 'is_admin'];

export const flask: Source = async function* flask(file, options) {
  for await (const row of isSqlite(file) ? tableRowsIn(file, options) : csvRowsIn(file, options.onRead))
    yield recordOf(row, options);
};

function recordOf(row: Fields, { map, allowAdmins }: SourceOptions): SourceRecord {
  const known = Object.entries(KNOWN).flatMap(([field, columns]) => {
    const column = columns.find((each) => each in row);
    return column === undefined ? [] : [[field, column] as const];
  });
  const { line, left } = lineOf(row, new Map([...known, ...map]));
  const fields = line as Fields; // of lineOf, never text
  const { left: leftNames, ...names } = namesOf(textOf(fields.username), textOf(fields.email));
  const isAdmin = ADMIN_COLUMNS.some((column) => ['1', 'true'].includes(String(textOf(row[column])).toLowerCase()));
  const verifiedAt = textOf(row.confirmed_at) === undefined ? {} : { email_verified: true };
  const role = isAdmin && allowAdmins ? { role: 'admin' } : {};
  const rest = left.filter((column) => !(ADMIN_COLUMNS.includes(column) && (!isAdmin || allowAdmins)));
  return {
    line: { ...fields, username: undefined, email: undefined, ...names, ...verifiedAt, ...role },
    left: [...rest, ...leftNames],
  };
}

function isSqlite(file: string): boolean {
  const start = Buffer.alloc(15);
  readSync(openSync(file, 'r'), start, 0, start.length, 0);
  return start.toString('latin1') === 'SQLite format 3';
}

/** The rows of `--table`, or of the one table that has a password. */
async function* tableRowsIn(file: string, { table, onRead }: SourceOptions): AsyncGenerator<Fields> {
  const database = new DatabaseSync(file, { readOnly: true });
  const name = table ?? tableWithPasswords(database);
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const total = Number(database.prepare(`SELECT count(*) AS n FROM ${quoted}`).get()?.n);
  let read = 0;
  for (const row of database.prepare(`SELECT * FROM ${quoted} ORDER BY rowid`).iterate()) {
    read += 1;
    onRead(read / total);
    yield row as Fields; // columns by name
  }
  database.close();
}

function tableWithPasswords(database: DatabaseSync): string {
  const names = (KNOWN.password_hash ?? []).map((name) => `'${name}'`).join(', ');
  const found = database
    .prepare(
      `SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
       WHERE m.type = 'table' AND c.name IN (${names})`,
    )
    .all()
    .map(({ name }) => String(name));
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`name the table of the users: --table ${found.join(' or ') || 'NAME'}`);
  return only;
}
