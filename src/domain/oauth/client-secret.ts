// The secrets of confidential clients: random, shown once, and stored as a hash.
import { base64url } from 'jose';
import { sha256Hex } from '../digest.ts';

const SECRET_BYTES = 32;

export const newSecret = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

/** Unsalted: a secret has 256 random bits. */
export const hashSecret = sha256Hex;
