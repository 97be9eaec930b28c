// HMAC-SHA-256 under the keys of a purpose: the one place that makes and verifies message authentication codes.
import type { DerivedKey, MacPurpose } from './derived-keys.ts';
import type { AtLeastOne } from './key-set.ts';
import type { Keys } from './keys.ts';

const encoder = new TextEncoder();

/** The MAC of a message under the current key. */
export async function macOf(keys: Keys, purpose: MacPurpose, message: string): Promise<Uint8Array> {
  const [current] = await keys.derived.mac(purpose);
  return (await sign(current, message)).mac;
}

export interface NamedMac {
  /** The `kid` of its key's secret. */
  readonly keyId: string;
  readonly mac: Uint8Array;
}

/** The MACs of a message under every key of the purpose, the current key's first. */
export async function macsOf(keys: Keys, purpose: MacPurpose, message: string): Promise<AtLeastOne<NamedMac>> {
  const [current, ...others] = await keys.derived.mac(purpose);
  return [await sign(current, message), ...(await Promise.all(others.map((key) => sign(key, message))))];
}

/** Whether `mac` is the message's under any key of the purpose. WebCrypto compares in constant time. */
export async function isMac(
  keys: Keys,
  purpose: MacPurpose,
  message: string,
  mac: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const verify = ({ key }: DerivedKey) => crypto.subtle.verify('HMAC', key, mac, encoder.encode(message));
  return (await Promise.all((await keys.derived.mac(purpose)).map(verify))).includes(true);
}

const sign = async ({ id, key }: DerivedKey, message: string): Promise<NamedMac> => ({
  keyId: id,
  mac: new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(message))),
});
