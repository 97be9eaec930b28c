// Names are shown as they were given, and found without regard to case and form.
import { describe, expect, it } from 'vitest';
import { foldKey, normaliseName, parseEmail, parseUsername } from '../../../src/domain/accounts/names.ts';

describe('a name', () => {
  it.each([
    ['Ann', 'aNN'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['Ａｎｎ', 'ann'],
    ['ﬁne', 'FINE'],
    ['Å', '\u212b'],
    ['é', 'e\u0301'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['σίσυφοσ', 'σίσυφος'],
    [' ann ', 'ann'],
  ])('%j is the same as %j', (one, other) => {
    expect(foldKey(one)).toBe(foldKey(other));
  });

  it.each([
    ['ann', 'anna'],
    ['ann', 'a nn'],
    ['e', 'é'],
    ['ann1', 'ann2'],
  ])('%j differs from %j', (one, other) => {
    expect(foldKey(one)).not.toBe(foldKey(other));
  });

  it('has a key that is its own key', () => {
    for (const name of ['Straße', 'Ａｎｎ', 'ΣΊΣΥΦΟΣ', 'İstanbul', 'ŉ', 'ǰ', 'ﬃ', 'K']) {
      const key = foldKey(name);
      expect(foldKey(key)).toBe(key);
    }
  });

  it('keeps its case, without white space around it', () => {
    expect(normaliseName('  Ann ')).toBe('Ann');
    expect(normaliseName('Ａｎｎ')).toBe('Ann');
  });
});

describe('an email', () => {
  const longest = `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}com`;

  it.each([
    ['ann@example.com', 'ann@example.com'],
    [' Ann@Example.COM ', 'Ann@Example.COM'],
    ['ａnn@example.com', 'ann@example.com'],
    ["a.!#$%&'*+/=?^_`{|}~-b@localhost", "a.!#$%&'*+/=?^_`{|}~-b@localhost"],
    ['.ann.@a-b.c-d', '.ann.@a-b.c-d'],
    [longest, longest],
  ])('is accepted as %j', (text, email) => {
    expect(parseEmail(text)).toBe(email);
  });

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@@example.com',
    'ann@example..com',
    'ann@-example.com',
    'ann@example-.com',
    'ann@exa_mple.com',
    'an n@example.com',
    'ann@exam\nple.com',
    'änn@example.com',
    'ann@exämple.com',
    'ann@[127.0.0.1]',
    '"ann"@example.com',
    `ann@${'b'.repeat(64)}.com`,
    `${'a'.repeat(243)}@example.com`,
  ])('is refused as %j', (text) => {
    expect(parseEmail(text)).toBeUndefined();
  });

  it('has at most 254 characters', () => {
    expect(parseEmail(`${'a'.repeat(242)}@example.com`)).toHaveLength(254);
  });
});

describe('a username', () => {
  it.each([
    ['a', 'a'],
    ['John Smith', 'John Smith'],
    [' John ', 'John'],
    ['Ｊohn', 'John'],
    ['名前', '名前'],
    ['🔑', '🔑'],
    ['...', '...'],
    ['a.b', 'a.b'],
    ['a'.repeat(150), 'a'.repeat(150)],
    ['🔑'.repeat(150), '🔑'.repeat(150)],
  ])('is accepted as %j', (text, username) => {
    expect(parseUsername(text)).toBe(username);
  });

  it.each([
    '',
    '   ',
    '.',
    '..',
    ' .. ',
    '．',
    'ann@example.com',
    'a/b',
    'a\tb',
    'a\nb',
    'a\u0000b',
    'a\u200bb',
    'a\u202eb',
    'a\u2028b',
    'a\u1680b',
    '\ud800',
    '\ue000',
    'a'.repeat(151),
    'ﬁ'.repeat(76),
  ])('is refused as %j', (text) => {
    expect(parseUsername(text)).toBeUndefined();
  });

  it('may have a space of another kind, which becomes a plain one', () => {
    expect(parseUsername('John\u00a0Smith')).toBe('John Smith');
  });
});
