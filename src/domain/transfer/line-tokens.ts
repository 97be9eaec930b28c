// Refresh tokens of another service, in a line of an import: stored as ours are, under their SHA-256 alone.
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { hashToken } from '../sessions/refresh-token.ts';
import { SETTINGS } from '../settings/settings.ts';
import { parseTime } from './time.ts';

export interface LineToken {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const MAX_TOKENS = 100;
const MIN_TOKEN_LENGTH = 16;
const MAX_TOKEN_LENGTH = 2048;
const LONGEST_LIFETIME_MS = SETTINGS.REFRESH_TOKEN_LIFETIME.max * 1000;

/** The tokens that have not expired, each once; the path of a field for a list that is not valid. */
export async function readTokens(value: unknown, now: number): Promise<readonly LineToken[] | string> {
  if (!Array.isArray(value) || value.length > MAX_TOKENS) return 'refresh_tokens';
  const tokens = new Map<string, LineToken>();
  for (const [index, item] of value.entries()) {
    const expiresAt = isJsonObject(item) ? parseTime(item.expires_at) : undefined;
    if (expiresAt === undefined) return `refresh_tokens.${index}.expires_at`;
    const hash = await hashIn(item);
    if (hash === undefined) return `refresh_tokens.${index}`;
    if (expiresAt > now) tokens.set(hash, { hash, expiresAt: Math.min(expiresAt, now + LONGEST_LIFETIME_MS) });
  }
  return [...tokens.values()];
}

/** A token is given as itself or as its SHA-256. */
async function hashIn({ token, sha256 }: JsonObject): Promise<string | undefined> {
  if (token === undefined)
    return typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256) ? sha256.toLowerCase() : undefined;
  return sha256 === undefined && isToken(token) ? hashToken(token) : undefined;
}

function isToken(value: unknown): value is string {
  if (typeof value !== 'string' || !value.isWellFormed()) return false;
  const { length } = [...value];
  return length >= MIN_TOKEN_LENGTH && length <= MAX_TOKEN_LENGTH;
}
