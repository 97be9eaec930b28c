// Recovery codes: ten for an authenticator app that may be lost. Each is good once, and only its hash is stored.
import { sha256Hex } from '../digest.ts';
import { toBase32 } from './base32.ts';

const CODES = 10;
/** 80 random bits: no slow hash is needed at that entropy. */
const CODE_BYTES = 10;

export interface RecoveryCodes {
  /** Shown once. */
  readonly codes: readonly string[];
  readonly hashes: readonly string[];
}

/** New codes, in groups of four letters and digits: `abcd-efgh-ijkl-mnop`. */
export async function newRecoveryCodes(): Promise<RecoveryCodes> {
  const codes = Array.from({ length: CODES }, newCode);
  return { codes, hashes: await Promise.all(codes.map(hashRecoveryCode)) };
}

function newCode(): string {
  const text = toBase32(crypto.getRandomValues(new Uint8Array(CODE_BYTES))).toLowerCase();
  return text.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** SHA-256 of a code as it was shown, or typed in any case, with or without its groups. */
export const hashRecoveryCode = (code: string): Promise<string> =>
  sha256Hex(code.replaceAll(/[\s-]/g, '').toLowerCase());
