// PBKDF2 by WebAssembly, for more iterations than the platform's PBKDF2 allows: see wasm/pbkdf2.ts.
import { nodeCrypto } from './node-crypto.ts';
import type { Pbkdf2Digest } from './verifier.ts';

interface Layout {
  readonly blockBytes: number;
  readonly digestBytes: number;
  readonly wordBytes: number;
}

const LAYOUTS: Readonly<Record<Pbkdf2Digest, Layout>> = {
  sha1: { blockBytes: 64, digestBytes: 20, wordBytes: 4 },
  sha256: { blockBytes: 64, digestBytes: 32, wordBytes: 4 },
  sha512: { blockBytes: 128, digestBytes: 64, wordBytes: 8 },
};

// Where wasm/pbkdf2.ts looks for the key and for the MAC of the first iteration, and leaves the result.
const KEY = 0;
const RESULT = 128;

type Exports = Readonly<Record<Pbkdf2Digest, (iterations: number) => void>> & { readonly memory: WebAssembly.Memory };

/** The first block of output (RFC 8018 §5.2) for a password of any length. `instance` is of wasm/pbkdf2.ts. */
export function pbkdf2Block(
  instance: WebAssembly.Instance,
  digest: Pbkdf2Digest,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  const { blockBytes, digestBytes, wordBytes } = LAYOUTS[digest];
  const { memory, [digest]: iterate } = instance.exports as unknown as Exports; // as the module exports them
  const bytes = new TextEncoder().encode(password);
  const key = bytes.byteLength > blockBytes ? nodeCrypto().createHash(digest).update(bytes).digest() : bytes;
  const first = nodeCrypto()
    .createHmac(digest, bytes)
    .update(salt)
    .update(Uint8Array.of(0, 0, 0, 1))
    .digest();
  const memoryBytes = new Uint8Array(memory.buffer);
  memoryBytes.fill(0, KEY, KEY + blockBytes);
  memoryBytes.set(swapped(padded(key, blockBytes), wordBytes), KEY);
  memoryBytes.set(swapped(first, wordBytes), RESULT);
  iterate(iterations);
  const result = swapped(memoryBytes.slice(RESULT, RESULT + digestBytes), wordBytes);
  memoryBytes.fill(0, KEY, RESULT + digestBytes);
  return result;
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const block = new Uint8Array(size);
  block.set(bytes);
  return block;
}

/** Words in the other byte order: WebAssembly is little-endian, SHA big-endian. */
const swapped = (bytes: Uint8Array, wordBytes: number): Uint8Array =>
  Uint8Array.from(bytes, (_, index) => bytes[index + wordBytes - 1 - 2 * (index % wordBytes)] ?? 0);
