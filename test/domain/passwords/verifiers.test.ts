// Hashes that other libraries made are verified here, within bounds on their cost, and the refusal of any other has its
// reason.
import { afterEach, describe, expect, it } from 'vitest';
import { argon2id, passwordHashing } from '../../../src/domain/passwords/argon2id.ts';
import { parseFirebaseScrypt } from '../../../src/domain/passwords/verifiers/firebase.ts';
import { readHash } from '../../../src/domain/passwords/verifiers/table.ts';
import type { WasmHashing } from '../../../src/domain/passwords/verifiers/verifier.ts';
import fixture from '../../fixtures/hashes/vectors.json';

/** The parameters that go with Firebase's example. */
const FIREBASE_SCRYPT = JSON.stringify({
  algorithm: 'SCRYPT',
  base64_signer_key: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  base64_salt_separator: 'Bw==',
  rounds: 8,
  mem_cost: 14,
});

const hashing = passwordHashing({ firebase: parseFirebaseScrypt(FIREBASE_SCRYPT) });
const formats = [...Map.groupBy(fixture.vectors, ({ format }) => format)];
const hashOf = (format: string): string => fixture.vectors.find((vector) => vector.format === format)?.hash ?? '';

const { Instance } = WebAssembly;

/** Counts the instances that are made from now on. */
function countInstances(): () => number {
  let count = 0;
  WebAssembly.Instance = class extends Instance {
    constructor(...args: ConstructorParameters<typeof Instance>) {
      super(...args);
      count += 1;
    }
  };
  return () => count;
}

afterEach(() => {
  WebAssembly.Instance = Instance;
});

describe.each(formats)('a hash of %s', (_, vectors) => {
  it('is accepted, and matches its password, in any script and of any length', async () => {
    for (const { hash, password } of vectors) {
      expect(hashing.refuse(hash), hash).toBeUndefined();
      expect(await hashing.verify(hash, password), hash).toBe(true);
    }
  });

  it('does not match its password without the last character', async () => {
    const [{ hash, password } = { hash: '', password: '' }] = vectors;
    expect(await hashing.verify(hash, password.slice(0, -1))).toBe(false);
  });

  it('is replaced at the next login, unless it has our own parameters', () => {
    for (const { hash, password } of vectors)
      expect(hashing.isOutdated(hash, password), hash).toBe(
        !/at our own cost/.test(vectors[0]?.format ?? '') || /[^ -~]/.test(password),
      );
  });
});

describe('a password', () => {
  it('is tried as it was typed, and then normalised', async () => {
    const typed = 'cafe\u0301 ﬁne';
    const asTyped = fixture.vectors.find(({ format, password }) => format === 'bcrypt 2b' && password === typed);
    expect(await hashing.verify(asTyped?.hash ?? '', typed)).toBe(true);
    expect(await hashing.verify(asTyped?.hash ?? '', typed.normalize('NFKC'))).toBe(false);
    const ofNormal = fixture.vectors.find(({ format, password }) => format === 'better-auth' && password === typed);
    for (const form of [typed, typed.normalize('NFKC'), typed.normalize('NFC')])
      expect(await hashing.verify(ofNormal?.hash ?? '', form)).toBe(true);
  });
});

describe('PBKDF2', () => {
  /** WebAssembly that records its calls. */
  const asked = () => {
    const calls: number[] = [];
    const wasm: WasmHashing = {
      matchesArgon2: () => false,
      pbkdf2: (_digest, _password, _salt, iterations) => {
        calls.push(iterations);
        return new Uint8Array(64);
      },
    };
    return { calls, wasm };
  };
  const hash = (iterations: number) => `pbkdf2_sha256$${iterations}$salt$${btoa('x'.repeat(32))}`;

  it('runs natively up to the 100 000 iterations that production allows, and in WebAssembly above', () => {
    const { calls, wasm } = asked();
    readHash(hash(100_000), {})?.matches('password', wasm);
    expect(calls).toEqual([]);
    readHash(hash(100_001), {})?.matches('password', wasm);
    expect(calls).toEqual([100_001]);
  });

  it.each(['sha1', 'sha256', 'sha512'])('is the same in both: %s', async (digest) => {
    const { pbkdf2Sync } = await import('node:crypto');
    for (const [password, salt] of [
      ['', 's'],
      ['пароль', ''],
      ['k'.repeat(300), 'salt'.repeat(40)],
    ] as const) {
      const derived = pbkdf2Sync(password, salt, 100_001, 32, digest).subarray(0, 20).toString('hex');
      expect(await hashing.verify(`pbkdf2:${digest}:100001$${salt}$${derived}`, password), password).toBe(true);
    }
  });
});

describe('Argon2 of more memory than ours', () => {
  it('runs in an instance that is thrown away, and with less memory in the shared one', async () => {
    await argon2id.verify(undefined, 'makes the shared one');
    const made = countInstances();
    expect(await hashing.verify(hashOf('passlib argon2'), fixture.vectors[0]?.password ?? '')).toBe(true);
    expect(made()).toBe(0);
    for (const times of [1, 2]) {
      expect(await hashing.verify(hashOf('django argon2'), 'not it')).toBe(false);
      expect(made()).toBe(times);
    }
  });
});

describe('a hash that costs more than a login may', () => {
  const digest = 'c29tZSBkaWdlc3Qgb2YgMzIgYnl0ZXMsIGl0IGlzIQ';
  const bcrypt = 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';

  it.each([
    ['bcrypt', `$2b$13$${bcrypt}`, `$2b$14$${bcrypt}`],
    ['PBKDF2', `pbkdf2_sha256$2000000$salt$${digest}`, `pbkdf2_sha256$2000001$salt$${digest}`],
    ['PBKDF2 of many digits', `$pbkdf2-sha512$1$c2FsdA$${digest}`, `$pbkdf2-sha512$9999999999$c2FsdA$${digest}`],
    [
      "Argon2's memory",
      `$argon2id$v=19$m=65536,t=4,p=8$c29tZSBzYWx0$${digest}`,
      `$argon2id$v=19$m=65537,t=1,p=8$c29tZSBzYWx0$${digest}`,
    ],
    [
      "Argon2's work",
      `$argon2i$v=19$m=1024,t=256,p=1$c29tZSBzYWx0$${digest}`,
      `$argon2i$v=19$m=1024,t=257,p=1$c29tZSBzYWx0$${digest}`,
    ],
    ["scrypt's memory", `$scrypt$ln=16,r=8,p=1$c2FsdA$${digest}`, `$scrypt$ln=17,r=8,p=1$c2FsdA$${digest}`],
    ["scrypt's work", `scrypt:32768:8:4$salt$${'ab'.repeat(64)}`, `scrypt:32768:8:5$salt$${'ab'.repeat(64)}`],
    ["Django's default Argon2", hashOf('django argon2'), hashOf('django argon2').replace('m=65536', 'm=102400')],
  ])('is refused: %s', async (_, within, beyond) => {
    expect(hashing.refuse(within)).toBeUndefined();
    expect(hashing.refuse(beyond)).toBe('hash_too_expensive');
    // Nor does it cost a login anything, even if it was stored in another way.
    const made = countInstances();
    expect(await hashing.verify(beyond, 'password')).toBe(false);
    expect(made()).toBe(0);
  });
});

describe('a text that is no hash of a known format', () => {
  const digest = 'c29tZSBkaWdlc3Qgb2YgMzIgYnl0ZXMsIGl0IGlzIQ';

  it.each([
    '',
    'password',
    '!unusable',
    'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
    'sha256$salt$5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
    '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
    '$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.',
    '$2b$03$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    '$2x$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    `$argon2d$v=19$m=1024,t=1,p=1$c29tZSBzYWx0$${digest}`,
    `$argon2id$v=19$m=8,t=1,p=2$c29tZSBzYWx0$${digest}`,
    `$argon2id$v=19$m=1024,t=0,p=1$c29tZSBzYWx0$${digest}`,
    `$argon2id$v=19$m=1024,t=1,p=1$c2hvcnQ$${digest}`,
    '$argon2id$v=19$m=1024,t=1,p=1$c29tZSBzYWx0$c2hvcnQ',
    `pbkdf2_sha256$0$salt$${digest}`,
    'pbkdf2_sha256$600000$salt$AAAA',
    `pbkdf2_md5$1000$salt$${digest}`,
    `pbkdf2:sha256$salt$${'ab'.repeat(32)}`,
    `scrypt:30000:8:1$salt$${'ab'.repeat(64)}`,
    `scrypt:32768:0:1$salt$${'ab'.repeat(64)}`,
    `scrypt:32768:8:1$salt$${'ab'.repeat(8)}`,
    `${'0'.repeat(32)}:${'0'.repeat(64)}`,
    `$2b$10$${'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'}\n`,
    `pbkdf2:sha256:1000$${'s'.repeat(1024)}$${'ab'.repeat(32)}`,
  ])('is refused, and matches nothing: %j', async (text) => {
    expect(hashing.refuse(text)).toBe('unsupported_hash');
    expect(await hashing.verify(text, text)).toBe(false);
  });

  it("is Firebase's, where the Worker has no valid parameters of the project", () => {
    const hash = hashOf('firebase');
    for (const text of [undefined, '', 'not JSON', '{}', FIREBASE_SCRYPT.replace('"mem_cost":14', '"mem_cost":"much"')])
      expect(passwordHashing({ firebase: parseFirebaseScrypt(text) }).refuse(hash)).toBe('unsupported_hash');
    const dear = parseFirebaseScrypt(FIREBASE_SCRYPT.replace('"mem_cost":14', '"mem_cost":17'));
    expect(passwordHashing({ firebase: dear }).refuse(hash)).toBe('hash_too_expensive');
  });
});

describe('a hash of version 1, which hashed only the first bytes of a password that is not ASCII', () => {
  // "пароль" as version 1 hashed it: half of it.
  const CUT = '$argon2id$v=19$m=19456,t=2,p=1$i62WZ+qBJDC2jXY3jTEJHw$ewHuZm3RUfEgHj/l9pYamhmmqhjVSjOTg/Rkfga2Qlg';

  it('is replaced at the next login, after which the whole password counts', async () => {
    expect(await argon2id.verify(CUT, 'пароль')).toBe(true);
    expect(argon2id.isOutdated(CUT, 'пароль')).toBe(true);
    const hash = await argon2id.hash('пароль');
    expect(argon2id.isOutdated(hash, 'пароль')).toBe(false);
    expect(await argon2id.verify(hash, 'пароль')).toBe(true);
    for (const other of ['пар', 'парxyz', 'параб1', 'парольабвгде'])
      expect(await argon2id.verify(hash, other)).toBe(false);
  });

  it('stays where the password is ASCII', async () => {
    expect(argon2id.isOutdated(CUT, 'password')).toBe(false);
  });
});
