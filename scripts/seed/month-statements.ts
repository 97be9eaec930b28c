// The seeded month as SQL. Its statements write nothing where an account has one of its people's names already.
import { foldKey } from '../../src/domain/accounts/names.ts';
import { quoted } from '../sql.ts';
import { expiryOf, type SeededEvent } from './lives.ts';
import type { Month, SeededAccount } from './month.ts';

/** Below D1's limit of 100 kB a statement. */
const MAX_ROWS_BYTES = 80_000;

type Row = readonly unknown[];

/** The statements that insert the month into a migrated database, to be run in one transaction. */
export function monthStatements({ accounts, events, sessions }: Month, passwordHash: string): readonly string[] {
  const isNew = isWrittenNow(accounts);
  return [
    addAccounts(accounts),
    `INSERT INTO password_credentials (account_id, hash) SELECT id, ${quoted(passwordHash)} FROM accounts
     WHERE email_key IN (SELECT value FROM json_each(${json(accounts.map(emailKey))})) AND ${isNew} ORDER BY id`,
    ...chunksOf(events.map(eventRow)).map((rows) => addEvents(rows, isNew)),
    ...chunksOf(
      sessions.map((session) => {
        const { id, account, device, tokenHash, createdAt, lastUsedAt, ending } = session;
        const times = [createdAt, lastUsedAt, expiryOf(session), ending?.at ?? null];
        return [id, foldKey(account), device.kind, tokenHash, ...times, device.userAgent, device.ip];
      }),
    ).map((rows) => addSessions(rows, isNew)),
  ];
}

const json = (value: unknown): string => quoted(JSON.stringify(value));
const emailKey = ({ email }: { readonly email: string }): string => foldKey(email);

/** Inserts all accounts, or none where one of their names is taken: the events refer to all of them. */
function addAccounts(accounts: readonly SeededAccount[]): string {
  const rows = accounts.map(({ username, email, role, active, data, createdAt, updatedAt }) => {
    const names = [username, username === null ? null : foldKey(username), email, foldKey(email)];
    return [...names, role, Number(active), data, createdAt, updatedAt];
  });
  return `INSERT INTO accounts
      (username, username_key, email, email_key, password_hash, role, active, data, created_at, updated_at)
    WITH people AS (SELECT key AS position, value AS person FROM json_each(${json(rows)}))
    SELECT person ->> 0, person ->> 1, person ->> 2, person ->> 3, '', person ->> 4, person ->> 5, person -> 6,
      person ->> 7, person ->> 8
    FROM people
    WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE username_key IN (SELECT person ->> 1 FROM people)
      OR email_key IN (SELECT person ->> 3 FROM people))
    ORDER BY position`;
}

/** Whether this run inserted the accounts. The first person's `created_at` differs between runs; see people.ts. */
function isWrittenNow([first]: readonly SeededAccount[]): string {
  if (!first) throw new Error('a month has people');
  const { createdAt } = first;
  return `EXISTS (SELECT 1 FROM accounts WHERE email_key = ${quoted(emailKey(first))} AND created_at = ${createdAt})`;
}

const keyOrNull = (email: string | null): string | null => (email === null ? null : foldKey(email));

const eventRow = ({ at, action, actor, account, client, detail }: SeededEvent): Row => {
  const [actorKey, accountKey] = [keyOrNull(actor), keyOrNull(account)];
  return [at, action, actorKey, accountKey, client.ip, client.userAgent, detail];
};

/** The id of the account whose email stands at this position of a row. */
const accountAt = (place: number): string => `(SELECT id FROM accounts WHERE email_key = row.value ->> ${place})`;

const addEvents = (rows: readonly Row[], condition: string): string =>
  `INSERT INTO audit_events (at, action, actor_id, account_id, ip, user_agent, detail)
   SELECT row.value ->> 0, row.value ->> 1, ${accountAt(2)}, ${accountAt(3)}, row.value ->> 4, row.value ->> 5,
     row.value -> 6
   FROM json_each(${json(rows)}) AS row WHERE ${condition} ORDER BY row.key`;

const addSessions = (rows: readonly Row[], condition: string): string =>
  `INSERT INTO sessions
     (id, account_id, kind, token_hash, created_at, last_used_at, expires_at, revoked_at, user_agent, ip)
   SELECT row.value ->> 0, ${accountAt(1)}, row.value ->> 2, row.value ->> 3, row.value ->> 4, row.value ->> 5,
     row.value ->> 6, row.value ->> 7, row.value ->> 8, row.value ->> 9
   FROM json_each(${json(rows)}) AS row WHERE ${condition} ORDER BY row.key`;

/** Splits rows into chunks that fit one statement each. */
function chunksOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const chunks: Row[][] = [];
  let bytes = MAX_ROWS_BYTES;
  for (const row of rows) {
    const size = Buffer.byteLength(json(row));
    if (bytes + size > MAX_ROWS_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(row);
    bytes += size + 1;
  }
  return chunks;
}
