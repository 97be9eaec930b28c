// A secret that is a JWK set (RFC 7517 §5): the first key is the current one.
import type { JWK } from 'jose';

export type AtLeastOne<T> = readonly [T, ...T[]];

/** The keys of a set. Throws where it is not one, with the secret's name and never its text. */
export function parseKeySet<T extends JWK>(name: string, text: string, isKey: (jwk: JWK) => jwk is T): AtLeastOne<T> {
  try {
    // Any other text has no `keys` to take apart, or none that `isKey` accepts.
    const [first, ...rest] = (JSON.parse(text) as { keys: JWK[] }).keys;
    if (first && isKey(first) && rest.every(isKey)) return [first, ...rest];
  } catch {
    // The parser's message quotes its input, which is the secret itself.
  }
  throw new Error(`${name} is not a JWK set of its kind, with a kid in each key (npm run keys)`);
}
