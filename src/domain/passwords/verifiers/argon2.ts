// Argon2id and Argon2i: PHC strings, as libraries and passlib write them, and Django's behind `argon2`.
import { base64Bytes, base64Digest } from './encoding.ts';
import type { Verifier } from './verifier.ts';

/** 64 MiB: more, beside the app, would not fit into an isolate's 128 MB. */
const MAX_MEMORY_KIB = 64 * 1024;
/** Memory written in all passes together. */
const MAX_WORK_KIB = 4 * MAX_MEMORY_KIB;
/** RFC 9106 §3.1: at least eight blocks a lane. */
const MIN_KIB_PER_LANE = 8;
const MIN_SALT_BYTES = 8;

const FORMAT =
  /^(?:argon2)?(\$argon2(?:id|i)\$(?:v=(?:16|19)\$)?m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,8})\$([\w+/]+)\$([\w+/]+))$/;

/** The memory of a PHC string in KiB; 0 where it tells none. */
export const memoryOf = (phc: string): number => Number(/\$m=(\d+),/.exec(phc)?.[1] ?? 0);

export const argon2: Verifier = (hash) => {
  const [, phc = '', memory, passes, lanes, salt = '', digest = ''] = FORMAT.exec(hash) ?? [];
  const [memoryKib, time, parallelism] = [Number(memory), Number(passes), Number(lanes)];
  const isValid = parallelism >= 1 && time >= 1 && memoryKib >= MIN_KIB_PER_LANE * parallelism;
  if (!isValid || (base64Bytes(salt)?.byteLength ?? 0) < MIN_SALT_BYTES || !base64Digest(digest)) return undefined;
  return {
    tooExpensive: memoryKib > MAX_MEMORY_KIB || memoryKib * time > MAX_WORK_KIB,
    matches: (password, wasm) => wasm.matchesArgon2(phc, password),
  };
};
