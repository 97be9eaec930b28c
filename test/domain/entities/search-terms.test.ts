// Entities are found by the words of their code, their type and their attributes' values, in any case.
import { describe, expect, it } from 'vitest';
import { entityTerms, searchTerms, termsOf } from '../../../src/domain/entities/search-terms.ts';

describe('the terms of a text', () => {
  it.each([
    ['Wool-mix, 100%', ['wool-mix,', 'wool', 'mix', '100%', '100']],
    ['red red RED', ['red']],
    ['', []],
    [' \t\n\u0000', []],
    ['Straße', ['strasse']],
    ['a\u0001b', ['a', 'b']],
    ['e\u0301t\u0301', ['ét\u0301']],
    ['名前 ２', ['名前', '2']],
    ['--', ['--']],
    ['\ud800', ['\ufffd']],
  ])('%j are %j', (text, terms) => {
    expect(termsOf([text])).toEqual(terms);
  });

  it('are cut after 64 characters', () => {
    expect(termsOf(['a'.repeat(64)])).toEqual(['a'.repeat(64)]);
    expect(termsOf(['a'.repeat(65)])).toEqual(['a'.repeat(64)]);
    expect(termsOf(['🔑'.repeat(65)])).toEqual(['🔑'.repeat(64)]);
  });
});

describe('the terms of a search', () => {
  it('are its runs of characters as they are, in any case', () => {
    expect(searchTerms(' Wool-MIX,  100% wool-mix, ')).toEqual(['wool-mix,', '100%']);
    expect(searchTerms('  ')).toEqual([]);
  });

  it('are all found in the text that they were copied from', () => {
    for (const text of ['Wool-mix, 100%', 'Straße 名前', 'a'.repeat(99), '🔑'.repeat(99)])
      expect(termsOf([text])).toEqual(expect.arrayContaining([...searchTerms(text)]));
  });
});

describe('the terms of an entity', () => {
  it('are those of the fields that are given', () => {
    expect(entityTerms({ code: 'A-1', type: undefined })).toEqual({ code: ['a-1', 'a', '1'] });
    expect(entityTerms({ quantity: 7, visibility: 'private' })).toEqual({});
    expect(entityTerms({ type: 'Hat', attributes: {} })).toEqual({ type: ['hat'], attributes: [] });
  });

  it('are the values of the attributes at any depth, and never their names', () => {
    const attributes = { colour: 'Red', size: 7, made: { by: ['Ann', { in: 'Ghent' }] }, old: true, none: null };
    expect(entityTerms({ attributes })).toEqual({ attributes: ['red', '7', 'ann', 'ghent', 'true'] });
  });
});
