// Scans a JSON text (RFC 8259) that arrives in chunks, cut anywhere, and reports its contents without storing them.
import { endOfPlain, endOfWord, isWhitespace, type Scalar, scalarOf, unescaped } from './json-tokens.ts';

export type Container = 'object' | 'array';

/** The events of a text, in its order. */
export interface JsonEvents {
  open(container: Container): void;
  close(): void;
  name(name: string): void;
  scalar(value: Scalar): void;
}

/** The limits that bound the memory of a scan, as RFC 8259 §9 allows. */
export const MAX_LEVELS = 256;
/** Of a longer name the first characters are reported; a longer number is beyond the limit. */
export const MAX_TOKEN_LENGTH = 1024;

export type ScanFailure = 'malformed' | 'beyond_limits';

/** The token that must come next or is being read. A word is a number or a literal name. */
type State = 'value' | 'first element' | 'first name' | 'name' | 'colon' | 'comma' | 'string' | 'escape' | 'word';

const CLOSING = { object: '}', array: ']' } as const;
const isForName = (state: State): boolean => state === 'name' || state === 'first name';
const isForEnd = (state: State): boolean => state === 'comma' || state === 'first name' || state === 'first element';

export class JsonScanner {
  readonly #events: JsonEvents;
  readonly #containers: Container[] = [];
  #state: State = 'value';
  #failure: ScanFailure | undefined;
  /** The first characters of the name or word being read. */
  #token = '';
  /** The part of an escape sequence that has been read. */
  #escape = '';
  /** Whether the string being read is a name. */
  #isName = false;

  constructor(events: JsonEvents) {
    this.#events = events;
  }

  write(chunk: string): void {
    let at = 0;
    while (at < chunk.length && this.#failure === undefined) at = this.#read(chunk, at);
  }

  /** Ends the text; returns why it could not be scanned, undefined where it was. */
  end(): ScanFailure | undefined {
    if (this.#state === 'word') this.#endWord();
    if (this.#state !== 'comma' || this.#containers.length > 0) this.#failure ??= 'malformed';
    return this.#failure;
  }

  #fail(failure: ScanFailure): void {
    this.#failure ??= failure;
  }

  #expect(isExpected: boolean, next: State): void {
    if (isExpected) this.#state = next;
    else this.#fail('malformed');
  }

  /** Reads on from an index, and returns the index behind the part it read. */
  #read(chunk: string, at: number): number {
    if (this.#state === 'string') return this.#readString(chunk, at);
    if (this.#state === 'word') return this.#readWord(chunk, at);
    if (this.#state === 'escape') this.#readEscape(chunk.charAt(at));
    else if (!isWhitespace(chunk.charCodeAt(at))) return this.#readStructure(chunk.charAt(at), at);
    return at + 1;
  }

  #readStructure(char: string, at: number): number {
    const state = this.#state;
    const container = this.#containers.at(-1);
    if (container && char === CLOSING[container] && isForEnd(state)) this.#close();
    else if (state === 'colon') this.#expect(char === ':', 'value');
    else if (state === 'comma') this.#expect(char === ',' && !!container, container === 'object' ? 'name' : 'value');
    else if (char === '"') this.#startToken('string');
    else if (isForName(state)) this.#fail('malformed');
    else if (char === '{') this.#open('object', 'first name');
    else if (char === '[') this.#open('array', 'first element');
    else {
      this.#startToken('word');
      return at;
    }
    return at + 1;
  }

  #open(container: Container, next: State): void {
    this.#state = next;
    if (this.#containers.push(container) > MAX_LEVELS) this.#fail('beyond_limits');
    else this.#events.open(container);
  }

  #close(): void {
    this.#containers.pop();
    this.#events.close();
    this.#state = 'comma';
  }

  #startToken(state: State): void {
    this.#isName = isForName(this.#state);
    this.#token = '';
    this.#state = state;
  }

  #keep(text: string): void {
    if (this.#token.length < MAX_TOKEN_LENGTH) this.#token += text.slice(0, MAX_TOKEN_LENGTH);
  }

  #readString(chunk: string, from: number): number {
    const to = endOfPlain(chunk, from);
    if (this.#isName) this.#keep(chunk.slice(from, to));
    if (to === chunk.length) return to;
    if (chunk.charAt(to) === '"') this.#endString();
    else this.#expect(chunk.charAt(to) === '\\', 'escape');
    return to + 1;
  }

  #endString(): void {
    this.#state = this.#isName ? 'colon' : 'comma';
    if (this.#isName) this.#events.name(this.#token);
    else this.#events.scalar('string');
  }

  #readEscape(char: string): void {
    this.#escape += char;
    const text = unescaped(this.#escape);
    if (text === undefined) return;
    this.#escape = '';
    if (this.#isName && text !== null) this.#keep(text);
    this.#expect(text !== null, 'string');
  }

  #readWord(chunk: string, from: number): number {
    const to = endOfWord(chunk, from);
    this.#keep(chunk.slice(from, to));
    if (to < chunk.length) this.#endWord();
    return to;
  }

  #endWord(): void {
    if (this.#token.length >= MAX_TOKEN_LENGTH) this.#fail('beyond_limits');
    const value = scalarOf(this.#token);
    this.#expect(value !== undefined, 'comma');
    if (value !== undefined) this.#events.scalar(value);
  }
}
