// A JSON object is stored where JSON.stringify writes it back, within a size and a depth.
import { describe, expect, it } from 'vitest';
import {
  isJsonObject,
  JSON_OBJECT_MAX_BYTES,
  JSON_OBJECT_MAX_LEVELS,
  validateJsonObject,
} from '../../src/domain/json-object.ts';

function nested(levels: number, leaf: unknown): unknown {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
const listed = (levels: number): unknown => (levels === 0 ? 1 : [listed(levels - 1)]);
// Anything that JSON.parse could have made of a body whose outermost value is an object.
const validate = (value: unknown) => validateJsonObject(value as Record<string, unknown>);

it('an object is no array, no null and no other value', () => {
  for (const value of [{}, { a: 1 }, Object.create(null)]) expect(isJsonObject(value)).toBe(true);
  for (const value of [[], null, undefined, 'x', 1, true]) expect(isJsonObject(value)).toBe(false);
});

describe('an object may be stored', () => {
  it('up to its size in bytes, as it is stored', () => {
    const brackets = '{"a":""}'.length;
    expect(validate({ a: 'x'.repeat(JSON_OBJECT_MAX_BYTES - brackets) })).toBeUndefined();
    expect(validate({ a: 'x'.repeat(JSON_OBJECT_MAX_BYTES - brackets + 1) })).toMatch('16384 bytes');
    expect(validate({ a: 'ä'.repeat(JSON_OBJECT_MAX_BYTES / 2 - brackets) })).toBeUndefined();
    expect(validate({ a: 'ä'.repeat(JSON_OBJECT_MAX_BYTES / 2) })).toMatch('16384 bytes');
  });

  it('up to its depth, of objects and arrays', () => {
    expect(validate(nested(JSON_OBJECT_MAX_LEVELS, 1))).toBeUndefined();
    expect(validate(nested(JSON_OBJECT_MAX_LEVELS, {}))).toMatch('256 levels');
    expect(validate({ a: listed(JSON_OBJECT_MAX_LEVELS - 1) })).toBeUndefined();
    expect(validate({ a: listed(JSON_OBJECT_MAX_LEVELS) })).toMatch('256 levels');
    expect(validate(nested(100_000, 1))).toMatch('256 levels');
  });

  it('with any key, and with numbers that JSON has', () => {
    expect(validate(JSON.parse('{"__proto__":{"":null},"n":[1,-0.5,1e300,true]}'))).toBeUndefined();
    for (const text of ['{"a":1e999}', '{"a":[{"b":-1e999}]}']) expect(validate(JSON.parse(text))).toMatch('numbers');
  });
});
