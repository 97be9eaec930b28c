// A MAC is good for its message, its purpose and its keys, and for nothing else.
import { beforeAll, describe, expect, it } from 'vitest';
import type { MacPurpose } from '../../../src/domain/tokens/derived-keys.ts';
import type { Keys } from '../../../src/domain/tokens/keys.ts';
import { isMac, macOf, macsOf } from '../../../src/domain/tokens/mac.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

const PURPOSES: readonly MacPurpose[] = [
  'refresh successor',
  'form',
  'list cursor',
  'one-time token',
  'passkey challenge',
  'pending sign-in',
  'recovery code',
];

let old: Keys;
let keys: Keys;
beforeAll(async () => {
  [old, keys] = await rotatedKeys();
});

const bytes = (mac: Uint8Array) => Uint8Array.from(mac);

describe.each(PURPOSES)('a MAC for a %s', (purpose) => {
  it('has 32 bytes, and is the same for the same message', async () => {
    const mac = await macOf(keys, purpose, 'message');
    expect(mac).toHaveLength(32);
    expect(await macOf(keys, purpose, 'message')).toEqual(mac);
    expect(await isMac(keys, purpose, 'message', bytes(mac))).toBe(true);
  });

  it('is good for no other message and no other purpose', async () => {
    const mac = bytes(await macOf(keys, purpose, 'message'));
    for (const other of ['Message', 'message ', '']) expect(await isMac(keys, purpose, other, mac)).toBe(false);
    for (const other of PURPOSES) expect(await isMac(keys, other, 'message', mac)).toBe(other === purpose);
  });

  it('is good under any key of the set, and made with the current one', async () => {
    const before = await macOf(old, purpose, 'message');
    expect(await isMac(keys, purpose, 'message', bytes(before))).toBe(true);
    const current = await macOf(keys, purpose, 'message');
    const [first, second] = await macsOf(keys, purpose, 'message');
    expect([first.mac, second?.mac]).toEqual([current, before]);
    expect(await isMac(old, purpose, 'message', bytes(current))).toBe(false);
  });

  it('is not good where it was changed, cut or made up', async () => {
    const mac = bytes(await macOf(keys, purpose, 'message'));
    const changed = mac.map((byte, index) => (index === 31 ? byte ^ 1 : byte));
    for (const other of [changed, mac.slice(0, 31), new Uint8Array(), new Uint8Array(32)])
      expect(await isMac(keys, purpose, 'message', other)).toBe(false);
    expect(await isMac((await newIssuer()).keys, purpose, 'message', mac)).toBe(false);
  });
});
