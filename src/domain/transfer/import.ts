// Importing accounts: each line stands or falls by itself, and a line whose account exists changes nothing.
import { foldKey } from '../accounts/names.ts';
import type { AuthorizedContext } from '../audit-context.ts';
import type { Hashing } from '../passwords/hash.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type AccountLine, type ImportOptions, isProblem, type LineProblem, readAccountLine } from './account-line.ts';

/** A valid line. Lines count from 1. */
export interface NumberedLine extends AccountLine {
  readonly number: number;
  readonly usernameKey: string | null;
  readonly emailKey: string | null;
  /** Whether an earlier line has one of its names or tokens; then this line makes nothing. */
  readonly isRepeated: boolean;
}

interface MatchedAccount {
  readonly id: number;
  /** Whether an import made it. */
  readonly isImported: boolean;
}

/** The accounts that had a line's names before the import. */
export interface LineMatch {
  readonly byEmail: MatchedAccount | undefined;
  readonly byUsername: MatchedAccount | undefined;
  /** Whether another account may still take the line's email back. */
  readonly isReserved: boolean;
}

export interface WrittenLines {
  /** By number of the line. */
  readonly matches: ReadonlyMap<number, LineMatch>;
  /** The ids of the accounts that lines made or replaced, by number of the line. */
  readonly made: ReadonlyMap<number, number>;
}

export interface Imports {
  /**
   * Makes the accounts whose names and refresh tokens are free, with their passwords and sessions, in one transaction
   * with the event. Where `options` say so, it replaces accounts that an import made and nobody has used.
   */
  write(
    lines: readonly NumberedLine[],
    refused: number,
    options: ImportOptions,
    audit: AuthorizedContext,
  ): Promise<WrittenLines | Refusal<'token_revoked' | 'forbidden'>>;
}

export interface LineResult {
  readonly line: number;
  readonly result: 'imported' | 'existing' | 'refused';
  readonly id?: number;
  readonly code?: LineProblem['code'] | 'signed_up_here';
  readonly path?: string;
}

interface ImportPorts {
  readonly imports: Imports;
  readonly hashing: Hashing;
}

/** Imports lines of NDJSON; empty ones are passed over. Answers a result for each, in their order. */
export async function importAccounts(
  { imports, hashing }: ImportPorts,
  texts: readonly string[],
  options: ImportOptions,
  audit: AuthorizedContext,
): Promise<readonly LineResult[] | Refusal<'token_revoked' | 'forbidden'>> {
  const context = { options, refuseHash: hashing.refuse, now: audit.now };
  const refused: LineResult[] = [];
  const valid: (AccountLine & { readonly number: number })[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') continue;
    const read = await readAccountLine(text, context);
    if (isProblem(read)) refused.push({ line: index + 1, result: 'refused', ...read });
    else valid.push({ ...read, number: index + 1 });
  }
  const lines = withKeys(valid);
  const written = await imports.write(lines, refused.length, options, audit);
  if (isRefusal(written)) return written;
  return [...refused, ...resultsOf(lines, written)].sort((a, b) => a.line - b.line);
}

/** The lines with the keys of their names. A name or token belongs to the first line that has it. */
function withKeys(lines: readonly (AccountLine & { readonly number: number })[]): readonly NumberedLine[] {
  const seen = new Set<string>();
  return lines.map((line) => {
    const usernameKey = line.username === null ? null : foldKey(line.username);
    const emailKey = line.email === null ? null : foldKey(line.email);
    const own = [
      ...(usernameKey === null ? [] : [`username ${usernameKey}`]),
      ...(emailKey === null ? [] : [`email ${emailKey}`]),
      ...line.refreshTokens.map(({ hash }) => `token ${hash}`),
    ];
    const isRepeated = own.some((each) => seen.has(each));
    if (!isRepeated) for (const each of own) seen.add(each);
    return { ...line, usernameKey, emailKey, isRepeated };
  });
}

function resultsOf(lines: readonly NumberedLine[], { matches, made }: WrittenLines): readonly LineResult[] {
  const madeBy = (key: 'emailKey' | 'usernameKey') =>
    new Map(lines.flatMap((line) => (made.has(line.number) && line[key] !== null ? [[line[key], line.number]] : [])));
  const [byEmailKey, byUsernameKey] = [madeBy('emailKey'), madeBy('usernameKey')];
  const madeWith = (number: number | undefined): MatchedAccount | undefined => {
    const id = number === undefined ? undefined : made.get(number);
    return id === undefined ? undefined : { id, isImported: true };
  };
  return lines.map((line) => {
    const { number, emailKey, usernameKey } = line;
    const id = made.get(number);
    if (id !== undefined) return { line: number, result: 'imported', id };
    const match = matches.get(number);
    return resultOf(number, {
      byEmail: madeWith(byEmailKey.get(emailKey ?? '')) ?? match?.byEmail,
      byUsername: madeWith(byUsernameKey.get(usernameKey ?? '')) ?? match?.byUsername,
      isReserved: match?.isReserved ?? false,
    });
  });
}

/** The result of a line that made nothing. */
function resultOf(line: number, { byEmail, byUsername, isReserved }: LineMatch): LineResult {
  const existing = byEmail ?? byUsername;
  if (isReserved) return { line, result: 'refused', code: 'email_taken', path: 'email' };
  // Nobody has its names, so it was one of its refresh tokens.
  if (!existing) return { line, result: 'refused', code: 'invalid_line', path: 'refresh_tokens' };
  if (byEmail && byUsername && byEmail.id !== byUsername.id)
    return { line, result: 'refused', ...takenName(byEmail, byUsername) };
  const { id, isImported } = existing;
  return { line, result: 'existing', id, ...(isImported ? {} : { code: 'signed_up_here' }) };
}

/**
 * The line fits two accounts. The one that an import made is taken for the line's own, or else the one with its email.
 */
const takenName = (byEmail: MatchedAccount, byUsername: MatchedAccount): LineProblem =>
  byUsername.isImported && !byEmail.isImported
    ? { code: 'email_taken', path: 'email' }
    : { code: 'username_taken', path: 'username' };
