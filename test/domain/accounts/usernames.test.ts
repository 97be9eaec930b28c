// A new username looks like no other one: nothing in it is invisible, and no letters are mixed that look alike.
import { describe, expect, it } from 'vitest';
import { foldKey, parseUsername, usernameFault } from '../../../src/domain/accounts/names.ts';

/** Every code point that Unicode calls default-ignorable, once per block, and other blank ones. */
const BLANK = [
  ['the soft hyphen', 0xad],
  ['the combining grapheme joiner', 0x34f],
  ['the Arabic letter mark', 0x61c],
  ['the Hangul choseong filler', 0x115f],
  ['the Hangul jungseong filler', 0x1160],
  ['a Khmer inherent vowel', 0x17b4],
  ['a Mongolian variation selector', 0x180b],
  ['the Mongolian vowel separator', 0x180e],
  ['the zero-width space', 0x200b],
  ['the zero-width joiner', 0x200d],
  ['the right-to-left override', 0x202e],
  ['the word joiner', 0x2060],
  ['the Braille blank', 0x2800],
  ['the Hangul filler', 0x3164],
  ['a variation selector', 0xfe0f],
  ['the byte order mark', 0xfeff],
  ['the halfwidth Hangul filler', 0xffa0],
  ['the object replacement character', 0xfffc],
  ['an Egyptian full blank', 0x13441],
  ['the Khitan filler', 0x16fe4],
  ['the musical null notehead', 0x1d159],
  ['a tag', 0xe0041],
  ['a supplementary variation selector', 0xe0100],
] as const;

describe('a username', () => {
  it.each(BLANK)('has nothing invisible in it: %s', (_, code) => {
    const char = String.fromCodePoint(code);
    for (const name of [`ad${char}min`, `admin${char}.`, `-${char}admin`]) {
      expect({ name, fault: usernameFault(name) }).toEqual({ name, fault: 'invisible' });
      expect(parseUsername(name)).toBeUndefined();
    }
  });

  it.each([
    ['a Cyrillic a in Latin', '\u0430dmin'],
    ['a Cyrillic word beside a Latin one', 'admin \u0438\u0432\u0430\u043d'],
    ['a Greek omicron in Latin', 'r\u03bf\u03bft'],
    ['a Greek word beside a Latin one', '\u03b1\u03b2\u03b3 abc'],
    ['a full-width Latin letter beside Cyrillic', '\uff41\u0431'],
    ['a Cyrillic combining mark on Latin', 'a\u0483'],
  ])('mixes no letters that look alike: %s', (_, name) => {
    expect(usernameFault(name)).toBe('mixed_scripts');
    expect(parseUsername(name)).toBeUndefined();
  });

  it.each([
    'John Smith',
    'José Núñez',
    'Иван Петров',
    'Иван 2',
    'Γιώργος-3',
    '山田 Taro',
    'ひらがなカタカナ漢字',
    'محمد Ali',
    '한국어 name',
    'Ünal.Çelik_1',
    'שלום',
    'Иван Γιώργος',
    '🦀 crab',
  ])('is %j as it is', (name) => {
    expect(parseUsername(name)).toBe(name);
  });

  it.each(['', ' ', '.', '..', 'a/b', 'a@b', 'a\u0000', 'x'.repeat(151)])('is not %j', (name) => {
    expect(usernameFault(name)).toBe('unprintable');
  });
});

it('a name that exists already is found by the key it always had', () => {
  expect(foldKey(' \u0410dmin ')).toBe('\u0430dmin');
  expect(foldKey('ad\u2800min')).toBe('ad\u2800min');
});
