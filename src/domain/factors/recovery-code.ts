// Recovery codes: ten, in case the authenticator app is lost. Each works once, and only a MAC of it is stored.
import { base64url } from 'jose';
import { sha256Hex } from '../digest.ts';
import type { Keys } from '../tokens/keys.ts';
import { macsOf, type NamedMac } from '../tokens/mac.ts';
import { toBase32 } from './base32.ts';

const CODES = 10;
/** 80 random bits. */
const CODE_BYTES = 10;
const VERSION = 'v1';

export interface RecoveryCodes {
  /** Shown once. */
  readonly codes: readonly string[];
  readonly hashes: readonly string[];
}

/** New codes of an account, in groups of four letters and digits: `abcd-efgh-ijkl-mnop`. */
export async function newRecoveryCodes(keys: Keys, accountId: number): Promise<RecoveryCodes> {
  const codes = Array.from({ length: CODES }, newCode);
  const hashOf = async (code: string) => stored((await macsOfCode(keys, accountId, code))[0]);
  return { codes, hashes: await Promise.all(codes.map(hashOf)) };
}

function newCode(): string {
  const text = toBase32(crypto.getRandomValues(new Uint8Array(CODE_BYTES))).toLowerCase();
  return text.replaceAll(/.{4}(?=.)/g, '$&-');
}

/**
 * Every text that may be stored for a code: its MAC under each configured key, with the key's id, so that nobody can
 * verify a guess with a copy of the rows alone; and its SHA-256, which earlier versions stored.
 */
export async function recoveryCodeHashes(keys: Keys, accountId: number, code: string): Promise<readonly string[]> {
  return [...(await macsOfCode(keys, accountId, code)).map(stored), await sha256Hex(normalized(code))];
}

const macsOfCode = (keys: Keys, accountId: number, code: string) =>
  macsOf(keys, 'recovery code', JSON.stringify([accountId, normalized(code)]));

const stored = ({ keyId, mac }: NamedMac): string => [VERSION, keyId, base64url.encode(mac)].join('.');

/** Removes the differences between a code as shown and as typed: case, spaces and hyphens. */
const normalized = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();
