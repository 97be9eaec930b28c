// The values that each kind of setting takes, and the text that is stored for one.
import { describe, expect, it } from 'vitest';
import {
  formatSetting,
  isSettingValue,
  parseSetting,
  type SettingDefinition,
} from '../../../src/domain/settings/kinds.ts';

const DEFINITIONS = {
  number: { kind: 'number', default: 6, min: 1, max: 128, unit: 'characters', description: '' },
  boolean: { kind: 'boolean', default: true, description: '' },
  choice: {
    kind: 'choice',
    default: 'off',
    choices: [
      ['off', 'Off'],
      ['on', 'On'],
    ],
    description: '',
  },
  text: { kind: 'text', default: 'Latchkey', minLength: 1, maxLength: 4, description: '' },
  url: { kind: 'url', default: '', description: '' },
} as const satisfies Record<string, SettingDefinition>;
type Kind = keyof typeof DEFINITIONS;

describe.each<[Kind, readonly unknown[], readonly unknown[]]>([
  ['number', [1, 6, 128], [0, 129, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '6', true, null, undefined, [6]]],
  ['boolean', [true, false], ['true', 1, 0, '', null, undefined]],
  ['choice', ['off', 'on'], ['Off', '', 'maybe', true, 0, null, undefined]],
  [
    'text',
    ['a', 'abcd', '🔑🔑🔑🔑', 'ä b'],
    ['', 'abcde', ' a', 'a ', 'a\nb', 'a\u2028b', '\ud800', 1, null, undefined],
  ],
  [
    'url',
    ['', 'https://example.com', 'https://example.com/a?b#c', 'http://localhost:8787/x'],
    [
      'http://example.com',
      'http://127.0.0.1',
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://localhost',
      '//example.com',
      'example.com',
      'https://ann@example.com',
      'https://:secret@example.com',
      'https://',
      1,
      null,
      undefined,
    ],
  ],
])('a setting of kind %s', (kind, taken, refused) => {
  it('takes valid values', () => {
    for (const value of taken) expect(isSettingValue(DEFINITIONS[kind], value), String(value)).toBe(true);
  });

  it('takes no others', () => {
    for (const value of refused) expect(isSettingValue(DEFINITIONS[kind], value), String(value)).toBe(false);
  });
});

describe('the stored text of a setting', () => {
  it.each<[Kind, number | boolean | string]>([
    ['number', 128],
    ['boolean', false],
    ['boolean', true],
    ['choice', 'on'],
    ['text', 'a b'],
    ['url', ''],
    ['url', 'https://example.com/'],
  ])('of kind %s is read as the value %j that it was made of', (kind, value) => {
    expect(parseSetting(DEFINITIONS[kind], formatSetting(value))).toBe(value);
  });

  it.each<[Kind, string, number | boolean | string | undefined]>([
    ['number', ' 12 \n', 12],
    ['number', '0', undefined],
    ['number', '129', undefined],
    ['number', '', undefined],
    ['number', '1e1', undefined],
    ['number', '0x10', undefined],
    ['number', '-6', undefined],
    ['number', '6.0', undefined],
    ['number', '0000000012', undefined],
    ['boolean', ' true ', true],
    ['boolean', 'TRUE', undefined],
    ['boolean', '1', undefined],
    ['boolean', '', undefined],
    ['choice', ' on ', 'on'],
    ['choice', 'maybe', undefined],
    ['text', ' ab ', 'ab'],
    ['text', '', undefined],
    ['text', 'abcde', undefined],
    ['url', 'http://example.com', undefined],
  ])('of kind %s, %j, is read as %j', (kind, text, value) => {
    expect(parseSetting(DEFINITIONS[kind], text)).toBe(value);
  });
});
