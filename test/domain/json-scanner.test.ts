// The scanner agrees with JSON.parse on every text, however it is cut, within limits that bound its memory.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Container, JsonScanner, MAX_LEVELS, MAX_TOKEN_LENGTH } from '../../src/domain/json-scanner.ts';
import type { Scalar } from '../../src/domain/json-tokens.ts';
import { cutAt, cuts, json } from '../support/json.ts';

const NUM_RUNS = 1000;

/** A document as a scanner reports it: every scalar but a number is its type. */
type Seen = Scalar | readonly Seen[] | { readonly [name: string]: Seen };

function seen(value: unknown): Seen {
  if (typeof value === 'number') return value;
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object') return typeof value as 'string' | 'boolean'; // the other tokens of JSON
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, seen(inner)]));
}

function parsed(text: string): Seen | 'malformed' {
  try {
    return seen(JSON.parse(text));
  } catch {
    return 'malformed';
  }
}

/** Builds a document from the reported events. */
function newBuilder() {
  const open: { readonly container: Container; readonly values: Seen[]; readonly names: string[] }[] = [];
  let root: Seen = 'null';
  const put = (value: Seen) => {
    const inner = open.at(-1);
    if (inner) inner.values.push(value);
    else root = value;
  };
  return {
    events: {
      open: (container: Container) => void open.push({ container, values: [], names: [] }),
      close() {
        const { container, values, names } = open.pop() ?? { container: 'array', values: [], names: [] };
        put(
          container === 'array'
            ? values
            : Object.fromEntries(names.map((name, index) => [name, values[index] ?? 'null'])),
        );
      },
      name: (name: string) => void open.at(-1)?.names.push(name),
      scalar: put,
    },
    root: () => root,
  };
}

function scanned(chunks: readonly string[]): Seen | 'malformed' | 'beyond_limits' {
  const builder = newBuilder();
  const scanner = new JsonScanner(builder.events);
  for (const chunk of chunks) scanner.write(chunk);
  return scanner.end() ?? builder.root();
}

describe('a text', () => {
  it('is scanned to what JSON.parse makes of it, however it is cut', () => {
    fc.assert(
      fc.property(json, cuts, (text, at) => {
        expect(scanned(cutAt(text, at))).toEqual(parsed(text));
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it('is malformed where JSON.parse says so, however it is cut', () => {
    const broken = fc
      .tuple(json, fc.nat(), fc.nat(2), fc.constantFrom('', ...'{}[]",:\\0-.eE+ tfnu/\n\u00a0\u2028é'))
      .map(([text, at, removed, added]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + added + text.slice(from + removed);
      });
    const soup = fc.string({ unit: fc.constantFrom(...'{}[]",:\\01-.eEtruefalsn \n'), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(broken, soup), cuts, (text, at) => {
        expect(scanned(cutAt(text, at))).toEqual(parsed(text));
      }),
      { numRuns: 3 * NUM_RUNS },
    );
  });

  it.each([
    '',
    ' ',
    '[',
    '{',
    '{"a"',
    '{"a":',
    '"',
    '"\\',
    '"\\u00',
    '-',
    '1.',
    '1e',
    'tru',
    '[1,]',
    '{"a":1,}',
    '1 2',
  ])('is malformed where it ends as %j does', (text) => {
    expect(scanned([text])).toBe('malformed');
    expect(scanned([...text])).toBe('malformed');
  });
});

describe('the limits', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  it('let a document have their number of levels and no more', () => {
    expect(scanned([nested(MAX_LEVELS)])).toEqual(parsed(nested(MAX_LEVELS)));
    expect(scanned([nested(MAX_LEVELS + 1)])).toBe('beyond_limits');
    expect(scanned(['{"a":'.repeat(MAX_LEVELS + 1)])).toBe('beyond_limits');
  });

  it('let a number have their number of characters and no more', () => {
    const number = `0.${'1'.repeat(MAX_TOKEN_LENGTH - 3)}`;
    expect(scanned([number])).toBe(Number(number));
    expect(scanned([number, '1'])).toBe('beyond_limits');
    expect(scanned(['[', '1'.repeat(10 * MAX_TOKEN_LENGTH), ']'])).toBe('beyond_limits');
  });

  it('cut a long name, which then equals no other', () => {
    const name = 'n'.repeat(10 * MAX_TOKEN_LENGTH);
    const names: string[] = [];
    const scanner = new JsonScanner({ open() {}, close() {}, scalar() {}, name: (it) => void names.push(it) });
    for (const chunk of ['{"', ...Array(10).fill(name), '\\n'.repeat(10 * MAX_TOKEN_LENGTH), '":1}'])
      scanner.write(chunk);
    expect(scanner.end()).toBeUndefined();
    expect(names).toHaveLength(1);
    expect(names[0]?.length).toBeGreaterThanOrEqual(MAX_TOKEN_LENGTH);
    expect(names[0]?.length).toBeLessThanOrEqual(2 * MAX_TOKEN_LENGTH);
  });
});
