// One-time tokens: the secrets in mailed links. Each is a MAC of its row's id, so that a stored row gives no access.
import { base64url } from 'jose';
import { fromHex, toHex } from '../digest.ts';
import type { Keys } from '../tokens/keys.ts';
import { isMac, macOf } from '../tokens/mac.ts';

/** The purpose of a token; a token for another purpose is refused. */
export type OneTimePurpose = 'verify_email' | 'reset_password' | 'undo_email';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const LIFETIME_MS: Readonly<Record<OneTimePurpose, number>> = {
  verify_email: DAY_MS,
  reset_password: 30 * MINUTE_MS,
  undo_email: 7 * DAY_MS,
};

/** An invited person reads their mail when it suits them. */
export const INVITATION_LIFETIME_MS = 7 * DAY_MS;

/** Mails of one kind that an account may ask for in an hour, and at most one a minute. */
export const REQUESTS_PER_HOUR = 5;

export interface NewOneTimeToken {
  readonly id: string;
  readonly purpose: OneTimePurpose;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Whether somebody asked for the mail, so that it counts for the limit. */
  readonly requested: boolean;
}

const ID_BYTES = 16;
const MAC_BYTES = 32;

export const newTokenId = (): string => toHex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));

const message = (purpose: OneTimePurpose, id: string): string => `${purpose}:${id}`;

/** The token of a row, as a link carries it. */
export async function oneTimeTokenOf(keys: Keys, purpose: OneTimePurpose, id: string): Promise<string> {
  const mac = await macOf(keys, 'one-time token', message(purpose, id));
  return base64url.encode(Uint8Array.from([...(fromHex(id) ?? []), ...mac]));
}

/** The row's id of a token that was made for this purpose; undefined for any other text. */
export async function idOfOneTimeToken(
  keys: Keys,
  purpose: OneTimePurpose,
  token: string,
): Promise<string | undefined> {
  if (!/^[\w-]{64}$/.test(token)) return undefined;
  const bytes = Uint8Array.from(base64url.decode(token));
  const id = toHex(bytes.subarray(0, ID_BYTES));
  const mac = bytes.slice(ID_BYTES, ID_BYTES + MAC_BYTES);
  return (await isMac(keys, 'one-time token', message(purpose, id), mac)) ? id : undefined;
}
