// The body of a game is read as JSON.parse and a check of each stamp would, whatever chunks it comes in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewGame } from '../../../src/domain/games/game.ts';
import { isRefusal, type Refusal } from '../../../src/domain/refusal.ts';
import { gameReader } from '../../../src/http/resource-api/game-body.ts';
import { at, expectedGame } from '../../support/games.ts';
import { arrayOf, bytesOf, cutAt, cuts, json, type Member, objectOf } from '../../support/json.ts';

const NUM_RUNS = 1500;
const encoder = new TextEncoder();

function read(chunks: readonly Uint8Array[]): NewGame | Refusal<'malformed_body' | 'invalid_body'> {
  const reader = gameReader();
  for (const chunk of chunks) reader.write(chunk);
  return reader.end();
}

/** The game that was read, the path of the error, or that it is malformed, as the oracle tells it. */
function outcome(chunks: readonly Uint8Array[]): ReturnType<typeof expectedGame> {
  const game = read(chunks);
  if (!isRefusal(game)) return game;
  if (game.refused === 'malformed_body') return game.refused;
  expect(game.errors).toHaveLength(1);
  return { path: game.errors?.[0]?.path ?? '' };
}

const member = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Member> =>
  value.map((text) => ({ name, json: text }));
/** Mostly the right members, in any order; now and then another, a duplicate, or none. */
const members = (...expected: readonly fc.Arbitrary<Member>[]): fc.Arbitrary<readonly Member[]> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.tuple(...expected) },
    { weight: 1, arbitrary: fc.tuple(...expected, ...expected, member('score', json)) },
    {
      weight: 1,
      arbitrary: fc
        .shuffledSubarray([...expected, member('home', json), member('offset', json)])
        .chain((list) => fc.tuple(...list)),
    },
  );
const usually = (value: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 20, arbitrary: value }, { weight: 1, arbitrary: json });

const score = usually(
  objectOf(members(member('home', usually(fc.nat(2).map(String))), member('away', usually(fc.nat(1).map(String))))),
);
const stamp = (offset: fc.Arbitrary<string>) =>
  usually(objectOf(members(member('offset', usually(offset)), member('score', score))));
const stamps = usually(
  arrayOf(
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 8 }).chain((steps) => {
      const offsets = steps.map((_, index) => steps.slice(0, index).reduce((sum, step) => sum + step, 0));
      return fc.tuple(...offsets.map((offset) => stamp(fc.constant(String(offset)))));
    }),
  ),
);
const game = usually(objectOf(members(member('stamps', stamps), member('other', json))));

describe('any body', () => {
  it('is read as JSON.parse and the rules would have it, however its bytes are cut', () => {
    const found = new Map<string, number>();
    fc.assert(
      fc.property(bytesOf(game), cuts, (bytes, where) => {
        const expected = expectedGame(bytes);
        const kind = typeof expected === 'string' ? expected : 'path' in expected ? 'invalid' : 'a game';
        found.set(kind, (found.get(kind) ?? 0) + 1);
        expect(outcome(cutAt(bytes, where))).toEqual(expected);
      }),
      { numRuns: NUM_RUNS },
    );
    // Each kind often enough for the property to mean something.
    for (const kind of ['malformed_body', 'invalid', 'a game']) expect(found.get(kind), kind).toBeGreaterThan(100);
  });

  it('is read the same byte by byte', () => {
    fc.assert(
      fc.property(bytesOf(game), (bytes) => {
        expect(outcome([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expectedGame(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

const outcomeOf = (text: string) => outcome([encoder.encode(text)]);

describe('a body', () => {
  it.each([
    ['{"stamps":[{"offset":0,"score":{"home":1,"away":0}}],"stamps":[]}', { path: 'stamps' }],
    [
      '{"stamps":[],"\\u0073tamps":[{"offset":1,"offset":0,"score":{"home":9,"away":9},"score":{"home":0,"away":0}}]}',
      0,
    ],
    ['{"stamps":[{"offset":0,"score":{"home":9,"away":9},"score":{"home":0}}]}', { path: 'stamps.0.score.away' }],
    [
      '{"a":[{"stamps":[1]}],' +
        '"stamps":[{"x":{"offset":7},"offset":0.0,"score":{"y":[{"home":7}],"home":0e5,"away":-0}}]}',
      0,
    ],
    ['{"stamps":{"0":{"offset":0}}}', { path: 'stamps' }],
    ['[{"stamps":[]}]', { path: '' }],
    ['"stamps"', { path: '' }],
    ['', { path: 'stamps' }],
    ['{}', { path: 'stamps' }],
    [' ', 'malformed_body'],
    ['\ufeff', 'malformed_body'],
    ['\ufeff{"stamps":[{"offset":0,"score":{"home":0,"away":0}}]}', 0],
    ['{"stamps":[{"offset":0,"score":{"home":0,"away":0}}]}{}', 'malformed_body'],
  ])('%s is understood as JSON.parse does', (text, expected) => {
    const zero = { stamps: 1, firstOffset: 0, lastOffset: 0, changes: [at(0, 0, 0)] };
    expect(outcomeOf(text)).toEqual(expectedGame(encoder.encode(text)));
    expect(JSON.parse(JSON.stringify(outcomeOf(text)))).toEqual(expected === 0 ? zero : expected);
  });

  it.each([
    ['overlong', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['cut short', [0xe2, 0x82]],
    ['a byte of no character', [0xff]],
  ])('with UTF-8 that is %s is malformed, in one chunk and byte by byte', (_, bad) => {
    const whole = Uint8Array.from([...encoder.encode('{"a":"'), ...bad, ...encoder.encode('"}')]);
    const unfinished = Uint8Array.from([...encoder.encode('{"a":"'), ...bad]);
    for (const bytes of [whole, unfinished])
      for (const chunks of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))])
        expect(outcome(chunks)).toBe('malformed_body');
  });

  it('that nests deeper than any document, or has an endless number, is refused in words', () => {
    for (const text of [`{"stamps":${'['.repeat(300)}`, `{"stamps":[${'1'.repeat(3000)}`]) {
      expect(read([encoder.encode(text)])).toMatchObject({
        refused: 'invalid_body',
        errors: [{ path: '', message: 'must have at most 256 levels, and numbers of less than 1024 characters' }],
      });
    }
  });

  it.each([
    ['[]', 'array'],
    ['1', 'number'],
    ['"x"', 'string'],
    ['true', 'boolean'],
    ['null', 'null'],
  ])('%s is refused in the words of every other operation', (text, type) => {
    const message = `Invalid input: expected object, received ${type}`;
    expect(read([encoder.encode(text)])).toMatchObject({ errors: [{ path: '', message }] });
  });
});
