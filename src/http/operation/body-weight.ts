// A body is weighed before it is parsed: JSON.parse makes hundreds of MiB of 16 where every few bytes are an object of their own.

/** A game of 200 000 stamps has 400 002 objects and arrays and 800 001 members. Parsed, this much fits an isolate's 128 MB. */
const MAX_CONTAINERS = 500_000;
const MAX_MEMBERS = 1_000_000;

export const TOO_HEAVY = `must have at most ${MAX_CONTAINERS} objects and arrays, and ${MAX_MEMBERS} members`;

const [BRACE, BRACKET, COLON] = ['{', '[', ':'].map((char) => char.charCodeAt(0));

/** Whether parsing would take too much memory. What stands in strings counts as well: nothing good has that much of it. */
export function isTooHeavy(bytes: ArrayBuffer): boolean {
  if (bytes.byteLength <= MAX_CONTAINERS) return false;
  const view = new Uint8Array(bytes);
  let containers = 0;
  let members = 0;
  for (let at = 0; at < view.length; at += 1) {
    const byte = view[at];
    if (byte === BRACE || byte === BRACKET) containers += 1;
    else if (byte === COLON) members += 1;
  }
  return containers > MAX_CONTAINERS || members > MAX_MEMBERS;
}
