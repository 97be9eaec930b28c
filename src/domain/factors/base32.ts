// Base32 (RFC 4648 §6) without padding, as people type it and authenticator apps read it.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;

/** The text of bytes whose number of bits is a multiple of five. */
export function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  if (groups.length * BITS !== bits.length) throw new Error('base32 without padding takes a multiple of five bits');
  return groups.map((group) => ALPHABET.charAt(Number.parseInt(group, 2))).join('');
}
