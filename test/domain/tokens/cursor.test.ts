// A cursor leads back to its position in the list of its own query, and nowhere else.
import { base64url } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { cursorAt, positionAt } from '../../../src/domain/tokens/cursor.ts';
import type { Keys } from '../../../src/domain/tokens/keys.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

const INVALID = { refused: 'invalid_cursor' };

let keys: Keys;
beforeAll(async () => {
  ({ keys } = await newIssuer());
});

const cursorOf = async (position: string, scope = 'a query') => (await cursorAt(keys, scope, position)) ?? '';
const encoded = (text: string | Uint8Array) => base64url.encode(text);

describe('a cursor', () => {
  it.each(['42', 'ann@example.com', '["Ä",7]', '\u{10ffff}', '\ufeffx', ' ', '"],["'])(
    'leads back to %j',
    async (position) => {
      expect(await positionAt(keys, 'a query', await cursorOf(position))).toBe(position);
    },
  );

  it('is of URL-safe characters', async () => {
    expect(await cursorOf('ÿ?>~')).toMatch(/^[\w-]+\.[\w-]{43}$/);
  });

  it('is null on the last page, and absent at the start', async () => {
    expect(await cursorAt(keys, 'a query', undefined)).toBeNull();
    expect(await positionAt(keys, 'a query', undefined)).toBeUndefined();
  });

  it('is refused in another query', async () => {
    expect(await positionAt(keys, 'another query', await cursorOf('42'))).toMatchObject(INVALID);
    expect(await positionAt(keys, '', await cursorOf('42'))).toMatchObject(INVALID);
  });

  it('is refused where scope and position were cut in another place', async () => {
    const [, mac] = (await cursorOf('c', 'ab')).split('.');
    expect(await positionAt(keys, 'a', `${encoded('bc')}.${mac}`)).toMatchObject(INVALID);
    const [, quoted] = (await cursorOf('c","d', 'ab')).split('.');
    expect(await positionAt(keys, 'ab","c', `${encoded('d')}.${quoted}`)).toMatchObject(INVALID);
  });

  it('is refused where it was made up', async () => {
    const cursor = await cursorOf('42');
    const [position = '', mac = ''] = cursor.split('.');
    for (const made of [
      '',
      '42',
      position,
      `.${mac}`,
      `${position}.`,
      `${encoded('43')}.${mac}`,
      `${position}.${encoded(new Uint8Array(32))}`,
      `${position}.${mac.slice(0, 42)}`,
      `${cursor}x`,
      `${cursor}.x`,
      ` ${cursor}`,
      `${position}=.${mac}`,
      `${encoded(Uint8Array.of(0xff))}.${mac}`,
    ])
      expect(await positionAt(keys, 'a query', made), made).toMatchObject(INVALID);
  });

  it('is accepted after a rotation of the keys, and refused with other keys', async () => {
    const [before, after] = await rotatedKeys();
    const cursor = await cursorAt(before, 'a query', '42');
    expect(await positionAt(after, 'a query', cursor ?? '')).toBe('42');
    expect(await positionAt(keys, 'a query', cursor ?? '')).toMatchObject(INVALID);
  });
});
