// A merge is what RFC 7396 says, for any key that a string can name.
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../src/domain/merge-patch.ts';

/** As text, because an object literal of ours would take `__proto__` for its prototype. */
const merged = (target: string, patch: string): string =>
  JSON.stringify(mergePatch(JSON.parse(target), JSON.parse(patch)));

describe('a merge', () => {
  // RFC 7396, appendix A: those of an object with an object.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('of %s with %s is %s', (target, patch, expected) => {
    expect(merged(target, patch)).toBe(expected);
  });

  it.each([
    ['{"a":{"__proto__":{"x":1}}}', '{"a":{"__proto__":{"x":null,"y":2}}}', '{"a":{"__proto__":{"y":2}}}'],
    ['{"__proto__":1,"constructor":2}', '{"__proto__":null,"constructor":null}', '{}'],
    ['{}', '{"__proto__":{"x":1},"constructor":{"prototype":null}}', '{"__proto__":{"x":1},"constructor":{}}'],
    ['{}', '{"toString":{"x":1}}', '{"toString":{"x":1}}'],
    ['{"a":[1,null]}', '{"b":[null,{"c":null}]}', '{"a":[1,null],"b":[null,{"c":null}]}'],
    ['{"":1}', '{"\\u0000":{"":null,"\\u0000":2}}', '{"":1,"\\u0000":{"\\u0000":2}}'],
  ])('of %s with %s is %s, with no key mistaken', (target, patch, expected) => {
    expect(merged(target, patch)).toBe(expected);
  });

  it('changes neither, and no prototype', () => {
    const [target, patch] = [JSON.parse('{"a":{"b":1}}'), JSON.parse('{"a":{"b":2},"__proto__":{"polluted":1}}')];
    mergePatch(target, patch);
    expect(JSON.stringify([target, patch])).toBe('[{"a":{"b":1}},{"a":{"b":2},"__proto__":{"polluted":1}}]');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
