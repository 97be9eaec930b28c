// Imports in D1: all lines of a call are one batch, and the event of the import is part of it.
import type { Imports, LineMatch, NumberedLine, WrittenLines } from '../../domain/transfer/import.ts';
import { refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Statement } from '../d1/database.ts';
import { importEvent, selectMatches } from './import-matches.ts';
import { accountRow, chunksOf, type ImportRows, keyRow, tokenRows } from './import-rows.ts';
import {
  insertAccounts,
  insertPasswords,
  insertSessions,
  markUnused,
  removeReplaced,
  replaceAccounts,
} from './import-statements.ts';

export const importsIn = (database: Database): Imports => ({
  async write(lines, refused, { replace }, audit) {
    const db = database.primary;
    const rows = rowsOf(lines);
    const { importId } = rows;
    const each = <S>(chunks: readonly string[], statement: (chunk: string) => S) => chunks.map(statement);
    const matches = each(rows.keys, (chunk) => selectMatches(db, chunk, audit.now));
    const made = each(rows.accounts, (chunk) => insertAccounts(db, chunk, rows, audit));
    const replaced = replace ? each(rows.accounts, (chunk) => replaceAccounts(db, chunk, rows, audit)) : [];
    const { authority, ...results } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...numbered('matches', matches),
      ...numbered('made', made),
      ...numbered('replaced', replaced),
      ...numbered('removed', replace ? rows.accounts.flatMap((chunk) => removeReplaced(db, chunk, importId)) : []),
      ...numbered(
        'passwords',
        each(rows.accounts, (chunk) => insertPasswords(db, chunk, importId)),
      ),
      ...numbered(
        'sessions',
        rows.tokens.flatMap((chunk) => insertSessions(db, chunk, importId, audit.now)),
      ),
      ...numbered(
        'unused',
        each(rows.accounts, (chunk) => markUnused(db, chunk, importId)),
      ),
      event: importEvent(db, rows, refused, audit),
    });
    const ended = refuseEnded(authority);
    if (ended) return ended;
    const found = Object.entries(results);
    return {
      matches: matchesOf(rowsNamed<Match>(found, 'matches')),
      made: madeOf(lines, [...rowsNamed<Made>(found, 'made'), ...rowsNamed<Made>(found, 'replaced')]),
    };
  },
});

type Match = Awaited<ReturnType<typeof selectMatches>>[number];
type Made = Awaited<ReturnType<typeof insertAccounts>>[number];

function rowsOf(lines: readonly NumberedLine[]): ImportRows {
  const making = lines.filter(({ isRepeated }) => !isRepeated);
  return {
    importId: crypto.randomUUID(),
    keys: chunksOf(lines.map(keyRow)),
    accounts: chunksOf(making.map(accountRow)),
    tokens: chunksOf(making.flatMap(tokenRows)),
  };
}

/** The statements of a list by names of their own. */
const numbered = (name: string, statements: readonly Statement[]): Readonly<Record<string, Statement>> =>
  Object.fromEntries(statements.map((statement, index) => [`${name} ${index}`, statement]));

/** The rows that the numbered statements of a name answered. */
const rowsNamed = <R>(results: readonly (readonly [string, unknown])[], name: string): readonly R[] =>
  // The rows are as the statements of that name select them.
  results.filter(([key]) => key.startsWith(`${name} `)).flatMap(([, rows]) => rows as readonly R[]);

const matchesOf = (rows: readonly Match[]): WrittenLines['matches'] =>
  new Map(
    rows.map((row): [number, LineMatch] => [
      row.line,
      {
        byEmail: row.emailId === null ? undefined : { id: row.emailId, isImported: row.emailImported === 1 },
        byUsername:
          row.usernameId === null ? undefined : { id: row.usernameId, isImported: row.usernameImported === 1 },
        isReserved: row.reserved === 1,
      },
    ]),
  );

/** No two lines that make an account have a name in common, so both names together tell the line. */
function madeOf(lines: readonly NumberedLine[], rows: readonly Made[]): WrittenLines['made'] {
  const pair = ({ emailKey, usernameKey }: Pick<Made, 'emailKey' | 'usernameKey'>) =>
    JSON.stringify([emailKey, usernameKey]);
  const ids = new Map(rows.map((row) => [pair(row), row.id]));
  const made = lines
    .filter(({ isRepeated }) => !isRepeated)
    .flatMap((line) => {
      const id = ids.get(pair(line));
      return id === undefined ? [] : [[line.number, id] as const];
    });
  return new Map(made);
}
