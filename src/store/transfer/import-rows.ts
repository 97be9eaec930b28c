// The rows of an import as JSON for json_each: an array for each row, in strings that D1 binds.
import { type SQL, sql } from 'drizzle-orm';
import type { NumberedLine } from '../../domain/transfer/import.ts';

/** Below D1's 2 MB for a string. */
const MAX_CHUNK_BYTES = 1_900_000;

/** Values of the row `line` in the order in which `accountRow` writes them. */
export const LINE = {
  number: sql`line.value ->> 0`,
  emailKey: sql`line.value ->> 1`,
  usernameKey: sql`line.value ->> 2`,
  email: sql`line.value ->> 3`,
  username: sql`line.value ->> 4`,
  emailVerified: sql`line.value ->> 5`,
  role: sql`line.value ->> 6`,
  active: sql`line.value ->> 7`,
  data: sql`line.value ->> 8`,
  createdAt: sql`line.value ->> 9`,
  passwordHash: sql`line.value ->> 10`,
} as const;

export const accountRow = (line: NumberedLine): readonly unknown[] => [
  ...keyRow(line),
  line.email,
  line.username,
  line.emailVerified,
  line.role,
  line.active,
  JSON.stringify(line.data),
  line.createdAt,
  line.passwordHash,
];

/** The first values of an account's row, which find its account. */
export const keyRow = ({ number, emailKey, usernameKey }: NumberedLine): readonly unknown[] => [
  number,
  emailKey,
  usernameKey,
];

/** The same for a refresh token: its line's first values, and its own. */
export const TOKEN = {
  hash: sql`line.value ->> 3`,
  expiresAt: sql`line.value ->> 4`,
  sessionId: sql`line.value ->> 5`,
} as const;

export const tokenRows = (line: NumberedLine): readonly (readonly unknown[])[] =>
  line.refreshTokens.map(({ hash, expiresAt }) => [...keyRow(line), hash, expiresAt, crypto.randomUUID()]);

const encoder = new TextEncoder();

/** The rows as JSON arrays, each short enough for one string. */
export function chunksOf(rows: readonly (readonly unknown[])[]): readonly string[] {
  const chunks: string[][] = [[]];
  let size = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const bytes = encoder.encode(text).byteLength + 1;
    if (size + bytes > MAX_CHUNK_BYTES) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(text);
    size += bytes;
  }
  return chunks.filter((chunk) => chunk.length > 0).map((chunk) => `[${chunk.join(',')}]`);
}

/** The rows of a chunk, as the table `line`. */
export const linesIn = (chunk: string): SQL => sql`json_each(${chunk}) AS line`;

/** The rows of one import, in chunks; `importId` marks the accounts that it makes. */
export interface ImportRows {
  readonly importId: string;
  /** A key row for each valid line. */
  readonly keys: readonly string[];
  /** Rows of the lines that may make an account. */
  readonly accounts: readonly string[];
  readonly tokens: readonly string[];
}
