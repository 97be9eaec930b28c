// Bytes as hexadecimal text, and SHA-256.
import { expect, it } from 'vitest';
import { fromHex, sha256Hex, toHex } from '../../src/domain/digest.ts';

it('bytes are two lower-case digits each, and back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(toHex(Uint8Array.of(0, 9, 10, 255))).toBe('00090aff');
  expect(fromHex(toHex(bytes))).toEqual(bytes);
  expect(fromHex('')).toEqual(new Uint8Array());
});

it.each(['0', '0g', 'AA', '0x00', ' 00', '00\n', '0 '])('%j is no hexadecimal text', (text) => {
  expect(fromHex(text)).toBeUndefined();
});

// FIPS 180-2, appendix B.1, and what sha256sum makes of the others.
it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['ä', '33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc'],
])('the SHA-256 of %j is %s', async (text, digest) => {
  expect(await sha256Hex(text)).toBe(digest);
});
