// An authenticator in software: WebAuthn's create and get, with every signed part open to change.
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { base64url } from 'jose';
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** The parts that an authenticator, or an attacker in its place, may change. */
export interface Behaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly counter?: number;
  readonly backupEligible?: boolean;
  readonly userHandle?: string | undefined;
  readonly fmt?: string;
  readonly attStmt?: Map<string, unknown>;
}

interface Credential {
  readonly id: string;
  readonly keys: CryptoKeyPair;
  readonly userHandle: string;
}

export interface SoftAuthenticator {
  create(options: CreationOptions, behaviour?: Behaviour): Promise<CredentialJson>;
  get(options: RequestOptions, behaviour?: Behaviour): Promise<CredentialJson>;
  /** The signature counter of the last use. */
  counter: number;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a test changes what it likes
export type CredentialJson = any;

export const ORIGIN = 'http://localhost:8787';

const ALGORITHMS = {
  ES256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  RS256: {
    generate: {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    sign: { name: 'RSASSA-PKCS1-v1_5' },
  },
};

const encode = (bytes: ArrayBuffer | Uint8Array): string => base64url.encode(new Uint8Array(bytes));
const decode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(base64url.decode(text));
const utf8 = (text: string) => new TextEncoder().encode(text);
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));

export const newAuthenticator = (algorithm: Algorithm = 'ES256'): SoftAuthenticator => {
  let credential: Credential | undefined;
  const authenticator: SoftAuthenticator = {
    counter: 0,

    async create({ challenge, rp, user }, behaviour = {}) {
      const { generate } = ALGORITHMS[algorithm];
      // Each of these algorithms has a pair of keys.
      const keys = (await crypto.subtle.generateKey(generate, true, ['sign', 'verify'])) as CryptoKeyPair;
      const id = crypto.getRandomValues(new Uint8Array(32));
      credential = { id: encode(id), keys, userHandle: user.id };
      const cose = isoCBOR.encode(await coseOf(algorithm, keys.publicKey));
      const attested = [new Uint8Array(16), new Uint8Array([0, id.length]), id, cose];
      const authData = joined(await authenticatorData(rp.id, authenticator.counter, true, behaviour), ...attested);
      const { fmt = 'none', attStmt = new Map() } = behaviour;
      // The encoder's type knows no nested maps.
      const attestationObject = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', fmt],
          ['attStmt', attStmt],
          ['authData', authData],
        ]) as never,
      );
      const response = {
        clientDataJSON: encode(clientData('webauthn.create', challenge, behaviour)),
        attestationObject: encode(attestationObject),
        transports: ['internal', 'hybrid'],
      };
      return { id: credential.id, rawId: credential.id, type: 'public-key', clientExtensionResults: {}, response };
    },

    async get({ challenge, rpId }, behaviour = {}) {
      if (!credential) throw new Error('this authenticator has no credential');
      const authData = await authenticatorData(rpId, authenticator.counter, false, behaviour);
      const clientDataJSON = clientData('webauthn.get', challenge, behaviour);
      const signed = Uint8Array.from(joined(authData, await sha256(clientDataJSON)));
      const raw = new Uint8Array(
        await crypto.subtle.sign(ALGORITHMS[algorithm].sign, credential.keys.privateKey, signed),
      );
      const response = {
        clientDataJSON: encode(clientDataJSON),
        authenticatorData: encode(authData),
        signature: encode(algorithm === 'ES256' ? derOf(raw) : raw),
        userHandle: 'userHandle' in behaviour ? behaviour.userHandle : credential.userHandle,
      };
      return { id: credential.id, rawId: credential.id, type: 'public-key', clientExtensionResults: {}, response };
    },
  };
  return authenticator;
};

function clientData(type: string, challenge: string, behaviour: Behaviour): Uint8Array {
  const { origin = ORIGIN, crossOrigin = false, topOrigin } = behaviour;
  const data = { type: behaviour.type ?? type, challenge: behaviour.challenge ?? challenge, origin, crossOrigin };
  return utf8(JSON.stringify(topOrigin === undefined ? data : { ...data, topOrigin }));
}

async function authenticatorData(
  rpId: string,
  counter: number,
  attested: boolean,
  behaviour: Behaviour,
): Promise<Uint8Array> {
  const { userPresent = true, userVerified = true, backupEligible = false } = behaviour;
  const flags =
    (userPresent ? 0x01 : 0) | (userVerified ? 0x04 : 0) | (backupEligible ? 0x18 : 0) | (attested ? 0x40 : 0);
  const count = new DataView(new ArrayBuffer(4));
  count.setUint32(0, behaviour.counter ?? counter);
  return joined(await sha256(utf8(behaviour.rpId ?? rpId)), new Uint8Array([flags]), new Uint8Array(count.buffer));
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** RFC 9053: key type, algorithm, and the key's own parameters. */
async function coseOf(algorithm: Algorithm, key: CryptoKey) {
  const jwk = (await crypto.subtle.exportKey('jwk', key)) as JsonWebKey; // as the format is
  const bytes = (name: 'x' | 'y' | 'n' | 'e') => decode(jwk[name] ?? '');
  const entries: [number, number | Uint8Array][] =
    algorithm === 'ES256'
      ? [
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes('x')],
          [-3, bytes('y')],
        ]
      : algorithm === 'EdDSA'
        ? [
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, bytes('x')],
          ]
        : [
            [1, 3],
            [3, -257],
            [-1, bytes('n')],
            [-2, bytes('e')],
          ];
  return new Map(entries);
}

/** An ECDSA signature as authenticators write it (RFC 3279 §2.2.3). */
function derOf(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array): number[] => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const trimmed = [...bytes.subarray(start)];
    const positive = (trimmed[0] ?? 0) & 0x80 ? [0, ...trimmed] : trimmed;
    return [0x02, positive.length, ...positive];
  };
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

export interface Registered {
  readonly authenticator: SoftAuthenticator;
  /** The passkey's id at the service. */
  readonly id: string;
}

/** Adds a passkey to the account of a token. */
export async function addPasskey(
  client: Client,
  token: string,
  authenticator: SoftAuthenticator = newAuthenticator(),
  behaviour: Behaviour = {},
): Promise<Registered> {
  const options = await client.post('/api/passkeys/options', undefined, { token });
  expect(options.status, options.text).toBe(200);
  const credential = await authenticator.create(options.body, behaviour);
  const added = await client.post('/api/passkeys', { name: 'Phone', credential }, { token });
  expect(added.status, added.text).toBe(201);
  return { authenticator, id: added.body.id };
}

/** Logs in with the passkey of an authenticator. */
export async function passkeyLogin(
  client: Client,
  authenticator: SoftAuthenticator,
  behaviour: Behaviour = {},
): Promise<Answer> {
  const { body: options } = await client.post('/api/login/passkey/options');
  return client.post('/api/login/passkey', { credential: await authenticator.get(options, behaviour) });
}
