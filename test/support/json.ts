// JSON texts for properties: written in any way that is valid, broken in any way, and cut anywhere.
import fc from 'fast-check';

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n');
const encoder = new TextEncoder();

/** A string as JSON, with some of its characters escaped. */
const written = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((escapes) => {
    const units = Array.from({ length: text.length }, (_, index) => {
      const unit = text.charAt(index);
      return escapes[index]
        ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
        : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join('')}"`;
  });

const numeral = fc.oneof(
  fc.nat(20).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.constantFrom(
    '-0',
    '0.0',
    '1.0',
    '1e2',
    '10E-1',
    '12e+1',
    '1e999',
    '9007199254740991',
    '9007199254740992',
    '0.1e1',
  ),
);
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 })).chain(written);
const scalar = fc.oneof(numeral, text, fc.constantFrom('true', 'false', 'null'));

export interface Member {
  readonly name: string;
  readonly json: string;
}

/** An object of members in this order, names twice included. */
export const objectOf = (members: fc.Arbitrary<readonly Member[]>): fc.Arbitrary<string> =>
  members.chain((list) =>
    fc
      .tuple(
        fc.tuple(
          ...list.map(({ name }) =>
            fc.oneof({ weight: 4, arbitrary: fc.constant(JSON.stringify(name)) }, written(name)),
          ),
        ),
        fc.array(space, { minLength: 4, maxLength: 4 }),
      )
      .map(([names, [a = '', b = '', c = '', d = '']]) => {
        const members = list.map(({ json }, index) => `${a}${names[index]}${b}:${c}${json}${d}`);
        return `{${a}${members.join(',')}${d}}`;
      }),
  );

export const arrayOf = (elements: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> =>
  fc
    .tuple(elements, space, space)
    .map(([list, before, after]) => `[${before}${list.join(`${after},${before}`)}${after}]`);

const names = fc.constantFrom('stamps', 'offset', 'score', 'home', 'away', 'a', '', '__proto__', 'é😀');

/** Any JSON text. */
export const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    objectOf(fc.array(fc.record({ name: names, json: tie('value') }), { maxLength: 4 })),
    arrayOf(fc.array(tie('value'), { maxLength: 4 })),
  ),
})).value;

/** The bytes of texts, some of them with a byte or two changed, so that most are not JSON any more. */
export const bytesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    texts.map((whole) => encoder.encode(whole)),
    texts.map((whole) => encoder.encode(`\ufeff${whole}`)),
    fc
      .tuple(texts, fc.array(fc.tuple(fc.nat(), fc.nat(2), damage), { minLength: 1, maxLength: 2 }))
      .map(([whole, changes]) => {
        const bytes = [...encoder.encode(whole)];
        for (const [at, removed, added] of changes) bytes.splice(at % (bytes.length + 1), removed, ...added);
        return Uint8Array.from(bytes);
      }),
  );

const damage = fc.oneof(
  fc.constantFrom(...'{}[]",:\\0-.eE+ tfnu/\n').map((char) => [...encoder.encode(char)]),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => [...bytes]),
  fc.constant([]),
);

/** Where to cut, in thousandths of the length. */
export const cuts = fc.array(fc.nat(1000), { maxLength: 6 });

/** The parts of something with a length, some of them empty. */
export function cutAt<T extends { slice(from: number, to: number): T; readonly length: number }>(
  whole: T,
  thousandths: readonly number[],
): readonly T[] {
  const ends = thousandths.map((cut) => Math.floor((cut * whole.length) / 1000)).toSorted((a, b) => a - b);
  return [...ends, whole.length].map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}
