// A game's body is weighed before it is parsed: 16 MiB of small objects would become hundreds of MiB in memory.

/** A game of 200 000 stamps has 400 002 objects and arrays and 800 001 members. Parsed, this much fits an isolate. */
const MAX_CONTAINERS = 500_000;
const MAX_MEMBERS = 1_000_000;

const TOO_HEAVY = `must have at most ${MAX_CONTAINERS} objects and arrays, and ${MAX_MEMBERS} members`;

const [BRACE, BRACKET, COLON] = ['{', '[', ':'].map((char) => char.charCodeAt(0));

/** Why a body would take too much memory; undefined for one that would not. Characters in strings count as well. */
export function refuseHeavy(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength <= MAX_CONTAINERS) return undefined;
  let containers = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BRACE || byte === BRACKET) containers += 1;
    else if (byte === COLON) members += 1;
  }
  return containers > MAX_CONTAINERS || members > MAX_MEMBERS ? TOO_HEAVY : undefined;
}
