// scrypt as Werkzeug, Django, better-auth, passlib and PHC strings write it.

import { base64Bytes, base64Digest, hexDigest, isSameDigest, textBytes } from './encoding.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { ReadHash, Verifier } from './verifier.ts';

/** N·r: 64 MiB of memory. */
const MAX_MEMORY = 2 ** 19;
/** N·r·p: the platform refuses more. */
const MAX_WORK = 2 ** 20;

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

type Groups = Readonly<Record<string, string>>;

interface Parameters extends ScryptCost {
  readonly salt: Uint8Array | undefined;
  readonly digest: Uint8Array | undefined;
}

const FORMATS: readonly (readonly [pattern: RegExp, parametersOf: (groups: Groups) => Parameters])[] = [
  // Werkzeug
  [
    /^scrypt:(?<N>\d{1,10}):(?<r>\d{1,6}):(?<p>\d{1,6})\$(?<salt>[^$]*)\$(?<digest>[0-9a-f]+)$/,
    (groups) => ({ ...costOf(groups), salt: textBytes(groups.salt ?? ''), digest: hexDigest(groups.digest ?? '') }),
  ],
  // Django
  [
    /^scrypt\$(?<N>\d{1,10})\$(?<salt>[^$]+)\$(?<r>\d{1,6})\$(?<p>\d{1,6})\$(?<digest>[\w+/=]+)$/,
    (groups) => ({ ...costOf(groups), salt: textBytes(groups.salt ?? ''), digest: base64Digest(groups.digest ?? '') }),
  ],
  // better-auth: always at the same cost, with the salt's hexadecimal text as the salt
  [
    /^(?<salt>[0-9a-f]{32}):(?<digest>[0-9a-f]{128})$/,
    ({ salt = '', digest = '' }) => ({ N: 16_384, r: 16, p: 1, salt: textBytes(salt), digest: hexDigest(digest) }),
  ],
  // PHC and passlib
  [
    /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,6}),p=(?<p>\d{1,6})\$(?<salt>[\w+./]*)\$(?<digest>[\w+./]+)$/,
    (groups) => ({
      ...costOf({ ...groups, N: String(2 ** Number(groups.ln)) }),
      salt: base64Bytes(groups.salt ?? ''),
      digest: base64Digest(groups.digest ?? ''),
    }),
  ],
];

const costOf = ({ N, r, p }: Groups): ScryptCost => ({ N: Number(N), r: Number(r), p: Number(p) });

export const scrypt: Verifier = (hash) => {
  for (const [pattern, parametersOf] of FORMATS) {
    const groups = pattern.exec(hash)?.groups;
    if (groups) return readHash(parametersOf(groups));
  }
  return undefined;
};

function readHash({ salt, digest, ...cost }: Parameters): ReadHash | undefined {
  if (!isScryptCost(cost) || !salt || !digest) return undefined;
  return {
    tooExpensive: isTooExpensive(cost),
    matches: (password) => isSameDigest(deriveScrypt(password, salt, digest.byteLength, cost), digest),
  };
}

/** RFC 7914 §2: N is a power of two. */
export const isScryptCost = ({ N, r, p }: ScryptCost): boolean =>
  N > 1 && Number.isInteger(Math.log2(N)) && r >= 1 && p >= 1;

export const isTooExpensive = ({ N, r, p }: ScryptCost): boolean => N * r > MAX_MEMORY || N * r * p > MAX_WORK;

/** The platform's own limit on memory is below what Werkzeug needs. */
export const deriveScrypt = (password: string, salt: Uint8Array, bytes: number, { N, r, p }: ScryptCost): Uint8Array =>
  nodeCrypto().scryptSync(password, salt, bytes, { N, r, p, maxmem: 128 * r * (N + p + 2) });
