// The tokens of JSON (RFC 8259 §2, §3, §6 and §7), wherever they stand in a text.

export const isWhitespace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];

/** The index behind a run of plain characters in a string: of a quote, a backslash or a control character. */
export function endOfPlain(chunk: string, from: number): number {
  let at = from;
  for (; at < chunk.length; at += 1) {
    const code = chunk.charCodeAt(at);
    if (code === QUOTE || code === BACKSLASH || code < SPACE) break;
  }
  return at;
}

const ESCAPED = new Map([...'"\\/bfnrt'].map((letter, index) => [letter, '"\\/\b\f\n\r\t'.charAt(index)]));

/** The character of an escape sequence without its backslash; undefined while it is cut short, null for other text. */
export function unescaped(sequence: string): string | null | undefined {
  if (!sequence.startsWith('u')) return ESCAPED.get(sequence) ?? null;
  if (sequence.length < 5) return undefined;
  return /^u[0-9a-f]{4}$/i.test(sequence) ? String.fromCharCode(Number.parseInt(sequence.slice(1), 16)) : null;
}

const [PLUS, MINUS, DOT, ZERO, NINE, A, Z] = [0x2b, 0x2d, 0x2e, 0x30, 0x39, 0x61, 0x7a];
const TO_LOWER_CASE = 0x20;

function isOfWord(code: number): boolean {
  const letter = code | TO_LOWER_CASE;
  return (
    (code >= ZERO && code <= NINE) || code === DOT || code === MINUS || code === PLUS || (letter >= A && letter <= Z)
  );
}

/** The index behind a run of the characters that numbers and literal names are made of. */
export function endOfWord(chunk: string, from: number): number {
  let at = from;
  while (at < chunk.length && isOfWord(chunk.charCodeAt(at))) at += 1;
  return at;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number, or the type of any other scalar. */
export type Scalar = number | 'string' | 'boolean' | 'null';

/** The scalar that a word denotes; undefined for any other word. */
export function scalarOf(word: string): Scalar | undefined {
  if (NUMBER.test(word)) return Number(word);
  if (word === 'null') return 'null';
  return word === 'true' || word === 'false' ? 'boolean' : undefined;
}
