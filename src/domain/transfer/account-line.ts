// A line of an import: one account as another service has it. A field that a line lacks has the value of a new account.
import { type AccountData, type Identity, RESERVED_KEYS, type Role } from '../accounts/account.ts';
import { parseEmail, parseExistingUsername } from '../accounts/names.ts';
import { isJsonObject, type JsonObject, validateJsonObject } from '../json-object.ts';
import type { HashReason } from '../passwords/verifiers/table.ts';
import { type LineToken, readTokens } from './line-tokens.ts';
import { parseTime } from './time.ts';

export interface AccountLine extends Identity {
  readonly emailVerified: boolean;
  readonly role: Role;
  readonly active: boolean;
  readonly data: AccountData;
  /** Null for an account without a password. */
  readonly passwordHash: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly refreshTokens: readonly LineToken[];
}

export interface ImportOptions {
  /** Whether a line may make an admin. */
  readonly allowAdmins: boolean;
  /** Whether accounts that an import made, and nobody has used since, are replaced. */
  readonly replace: boolean;
  /** Whether an account whose hash is refused is imported without a password. */
  readonly withoutPassword: boolean;
}

/** Why a line is refused, and the field that it is refused for. */
export interface LineProblem {
  readonly code: 'invalid_line' | 'role_not_allowed' | HashReason | 'email_taken' | 'username_taken';
  readonly path: string;
}

export const isProblem = (read: AccountLine | LineProblem): read is LineProblem => 'code' in read;

export interface LineContext {
  readonly options: ImportOptions;
  /** Why a password hash is not taken. */
  readonly refuseHash: (hash: string) => HashReason | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** In UTF-16 code units: more than any account takes, and little to parse. */
const MAX_LINE_LENGTH = 64 * 1024;

const invalid = (path: string): LineProblem => ({ code: 'invalid_line', path });

/** Reads a line of NDJSON. */
export async function readAccountLine(text: string, context: LineContext): Promise<AccountLine | LineProblem> {
  const line = text.length > MAX_LINE_LENGTH ? undefined : parseObject(text);
  return line ? readAccount(line, context) : invalid('');
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function readAccount(line: JsonObject, context: LineContext): Promise<AccountLine | LineProblem> {
  const { options, now } = context;
  const email = nameOf(line.email, parseEmail);
  if (email === undefined) return invalid('email');
  const username = nameOf(line.username, parseExistingUsername);
  if (username === undefined || (username === null && email === null)) return invalid('username');
  const emailVerified = line.email_verified ?? false;
  if (typeof emailVerified !== 'boolean') return invalid('email_verified');
  const active = line.active ?? true;
  if (typeof active !== 'boolean') return invalid('active');
  const role = line.role ?? 'user';
  if (role !== 'user' && role !== 'admin') return invalid('role');
  const data = line.data ?? {};
  if (!isData(data)) return invalid('data');
  const createdAt = line.created_at == null ? now : parseTime(line.created_at);
  if (createdAt === undefined || createdAt > now) return invalid('created_at');
  const refreshTokens = await readTokens(line.refresh_tokens ?? [], now);
  if (typeof refreshTokens === 'string') return invalid(refreshTokens);
  if (role === 'admin' && !options.allowAdmins) return { code: 'role_not_allowed', path: 'role' };
  const passwordHash = readHash(line.password_hash, context);
  if (typeof passwordHash === 'object' && passwordHash !== null) return passwordHash;
  const verified = emailVerified && email !== null;
  return { email, username, emailVerified: verified, active, role, data, createdAt, refreshTokens, passwordHash };
}

/** Null for none, undefined for one that the parser refuses. */
function nameOf(value: unknown, parse: (text: string) => string | undefined): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? parse(value) : undefined;
}

/**
 * Keys that data must not have: clients show data beside the account's fields, and a login would read the others from
 * it.
 */
const NOT_DATA = [...RESERVED_KEYS, 'email', 'username', 'password', 'otp'];

const isData = (value: unknown): value is AccountData =>
  isJsonObject(value) && !NOT_DATA.some((key) => Object.hasOwn(value, key)) && validateJsonObject(value) === undefined;

function readHash(value: unknown, { options, refuseHash }: LineContext): string | null | LineProblem {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return invalid('password_hash');
  const code = refuseHash(value);
  if (!code) return value;
  return options.withoutPassword ? null : { code, path: 'password_hash' };
}
