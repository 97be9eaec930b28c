// Recovery codes: the shown form, and the texts that may be stored for one under the keys of the set.
import { beforeAll, expect, it } from 'vitest';
import { newRecoveryCodes, type RecoveryCodes, recoveryCodeHashes } from '../../../src/domain/factors/recovery-code.ts';
import type { Keys } from '../../../src/domain/tokens/keys.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

const OWNER = 7;

let before: Keys;
let after: Keys;
let made: RecoveryCodes;
let first: { readonly code: string; readonly hash: string };
beforeAll(async () => {
  [before, after] = await rotatedKeys();
  made = await newRecoveryCodes(before, OWNER);
  first = { code: made.codes[0] ?? '', hash: made.hashes[0] ?? '' };
});

it('are ten, each of sixteen letters and digits in groups, and no two alike', () => {
  expect(made.codes).toHaveLength(10);
  expect(new Set(made.hashes).size).toBe(10);
  for (const code of made.codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
});

it('are the same in any case, with or without their groups', async () => {
  const { code, hash } = first;
  for (const typed of [code, code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
    expect((await recoveryCodeHashes(before, OWNER, typed))[0]).toBe(hash);
});

it('are stored with the id of their key, and found while that key is in the set', async () => {
  const { code, hash } = first;
  const [{ id }] = await before.derived.mac('recovery code');
  expect(hash).toMatch(/^v1\.[^.]+\.[\w-]{43}$/);
  expect(hash.split('.')[1]).toBe(id);
  const hashes = await recoveryCodeHashes(after, OWNER, code);
  expect(hashes.indexOf(hash)).toBe(1);
  expect(hashes[0]).not.toContain(id);
  expect(await recoveryCodeHashes((await newIssuer()).keys, OWNER, code)).not.toContain(hash);
});

it('are found as SHA-256 too, which earlier versions stored', async () => {
  const hashes = await recoveryCodeHashes(before, OWNER, 'ABCD-efgh-ijkl-mnop');
  expect(hashes.at(-1)).toBe('f39dac6cbaba535e2c207cd0cd8f154974223c848f727f98b3564cea569b41cf');
});

it('belong to one account: their stored text is no use in the row of another', async () => {
  expect(await recoveryCodeHashes(before, OWNER + 1, first.code)).not.toContain(first.hash);
});
