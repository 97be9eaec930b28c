// A box names its key and belongs to its owner: another owner's is refused, and one of an older key is due to be
// encrypted again.
import { beforeAll, expect, it } from 'vitest';
import { type Decrypted, decrypt, encrypt } from '../../../src/domain/tokens/encryption.ts';
import type { Keys } from '../../../src/domain/tokens/keys.ts';
import { rotatedKeys } from '../../support/domain/issuer.ts';

const SECRET = Uint8Array.from([1, 2, 3, 4, 5]);

let before: Keys;
let after: Keys;
beforeAll(async () => {
  [before, after] = await rotatedKeys();
});

const open = (keys: Keys, box: string, owner = 'account 1') => decrypt(keys, 'totp secret', box, owner);

it('is decrypted for its owner, under the key that made it', async () => {
  const box = await encrypt(before, 'totp secret', SECRET, 'account 1');
  expect(await open(before, box)).toEqual({ text: SECRET, isOutdated: false });
  expect(await encrypt(before, 'totp secret', SECRET, 'account 1')).not.toBe(box);
});

it('is outdated once there is a newer key', async () => {
  const box = await encrypt(before, 'totp secret', SECRET, 'account 1');
  const opened = (await open(after, box)) as Decrypted;
  expect(opened).toEqual({ text: SECRET, isOutdated: true });
  expect(await open(after, await encrypt(after, 'totp secret', opened.text, 'account 1'))).toMatchObject({
    isOutdated: false,
  });
});

it('is not decrypted without its key, which is named', async () => {
  const [{ id }] = await after.derived.encryption('totp secret');
  const box = await encrypt(after, 'totp secret', SECRET, 'account 1');
  expect(await open(before, box)).toEqual({ missingKeyId: id });
});

it('is not decrypted for another owner, nor where it was changed', async () => {
  const box = await encrypt(before, 'totp secret', SECRET, 'account 1');
  await expect(open(before, box, 'account 2')).rejects.toThrow();
  await expect(open(before, `${box.slice(0, -2)}AA`)).rejects.toThrow();
  await expect(open(before, 'no box')).rejects.toThrow('this is no encrypted box');
});
