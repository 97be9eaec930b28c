// PBKDF2 as Django, Werkzeug, passlib and PHC strings write it.

import { base64Bytes, base64Digest, hexDigest, isSameDigest, textBytes } from './encoding.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { Pbkdf2Digest, ReadHash, Verifier, WasmHashing } from './verifier.ts';

const MAX_ITERATIONS = 2_000_000;
/** The platform refuses more in production, and runs them locally. */
const MAX_NATIVE_ITERATIONS = 100_000;

const DIGEST_BYTES: Readonly<Record<Pbkdf2Digest, number>> = { sha1: 20, sha256: 32, sha512: 64 };

interface Parameters {
  readonly digest: Pbkdf2Digest;
  readonly iterations: number;
  readonly salt: Uint8Array | undefined;
  readonly derived: Uint8Array | undefined;
}

type Groups = Readonly<Record<string, string>>;
type Format = readonly [pattern: RegExp, parametersOf: (groups: Groups) => Parameters];

const FORMATS: readonly Format[] = [
  // Django
  [/^pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>\d{1,10})\$(?<salt>[^$]+)\$(?<derived>[\w+/=]+)$/, saltAsText],
  // passlib
  [/^\$pbkdf2(?:-(?<digest>sha256|sha512))?\$(?<iterations>\d{1,10})\$(?<salt>[\w./]*)\$(?<derived>[\w./]+)$/, base64],
  // PHC
  [
    new RegExp(
      String.raw`^\$pbkdf2-(?<digest>sha1|sha256|sha512)\$(?:v=\d+\$)?i=(?<iterations>\d{1,10})(?:,l=\d+)?` +
        String.raw`\$(?<salt>[\w+/]*)\$(?<derived>[\w+/]+)$`,
    ),
    base64,
  ],
  // Werkzeug
  [
    /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>\d{1,10})\$(?<salt>[^$]*)\$(?<derived>[0-9a-f]+)$/,
    (groups) => ({ ...saltAsText(groups), derived: hexDigest(groups.derived ?? '') }),
  ],
];

function base64({ digest = 'sha1', iterations, salt = '', derived = '' }: Groups): Parameters {
  // The patterns name no other digest.
  const name = digest as Pbkdf2Digest;
  return { digest: name, iterations: Number(iterations), salt: base64Bytes(salt), derived: base64Digest(derived) };
}

function saltAsText(groups: Groups): Parameters {
  return { ...base64(groups), salt: textBytes(groups.salt ?? '') };
}

export const pbkdf2: Verifier = (hash) => {
  for (const [pattern, parametersOf] of FORMATS) {
    const groups = pattern.exec(hash)?.groups;
    if (groups) return readHash(parametersOf(groups));
  }
  return undefined;
};

function readHash({ digest, iterations, salt, derived }: Parameters): ReadHash | undefined {
  if (iterations < 1 || !salt || !derived) return undefined;
  // The first block proves the password as surely as all of them; an attacker would compute no more either.
  const block = derived.subarray(0, DIGEST_BYTES[digest]);
  return {
    tooExpensive: iterations > MAX_ITERATIONS,
    matches: (password, wasm) =>
      isSameDigest(firstBlock(wasm, digest, password, salt, iterations).subarray(0, block.byteLength), block),
  };
}

function firstBlock(
  wasm: WasmHashing,
  digest: Pbkdf2Digest,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  if (iterations > MAX_NATIVE_ITERATIONS) return wasm.pbkdf2(digest, password, salt, iterations);
  return nodeCrypto().pbkdf2Sync(password, salt, iterations, DIGEST_BYTES[digest], digest);
}
