// The lock files name every platform's packages, come from the public registry alone, and lose nothing when hashes are
// filled in.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fromElsewhere,
  type LockFile,
  leftOut,
  specOf,
  withIntegrities,
  withoutIntegrity,
} from '../../scripts/lock-entries.ts';
import { root } from '../../scripts/wrangler.ts';

const HASH = `sha512-${'A'.repeat(86)}==`;
const MODULES = 'node_modules/';

const paths = (entries: readonly (readonly [string, unknown])[]): readonly string[] => entries.map(([path]) => path);

describe.each(['package-lock.json', 'bench/peers/package-lock.json'])('%s', (file) => {
  const lock = JSON.parse(readFileSync(root + file, 'utf8')) as LockFile; // npm wrote it

  it('names every optional package, or `npm ci` would refuse it', () => {
    expect(leftOut(lock)).toEqual([]);
  });

  it('takes no package from elsewhere than the public registry', () => {
    expect(fromElsewhere(lock)).toEqual([]);
  });

  it('has the hash of every package but those of other platforms', () => {
    const unchecked = withoutIntegrity(lock).filter(([, entry]) => !('os' in entry && 'optional' in entry));
    expect(paths(unchecked)).toEqual([]);
  });
});

describe('a package without a hash', () => {
  it('is found at any depth, and under the name that the registry knows', () => {
    const found = withoutIntegrity({
      packages: {
        '': {},
        [`${MODULES}a`]: { version: '1.0.0' },
        [`${MODULES}a/${MODULES}@scope/b`]: { version: '2.0.0' },
        [`client/${MODULES}alias`]: { name: '@scope/real', version: '3.0.0' },
        [`${MODULES}hashed`]: { version: '1.0.0', integrity: HASH },
      },
    });
    expect(found.map(([path, entry]) => specOf(path, entry))).toEqual([
      'a@1.0.0',
      '@scope/b@2.0.0',
      '@scope/real@3.0.0',
    ]);
  });

  it('is no workspace, no link to one and no part of another package', () => {
    const packages = {
      '': { version: '0.1.0' },
      client: { version: '0.1.0' },
      [`${MODULES}latchkey-client`]: { resolved: 'client', link: true },
      [`${MODULES}a/${MODULES}bundled`]: { version: '1.0.0', inBundle: true },
    };
    expect(withoutIntegrity({ packages })).toEqual([]);
    expect(fromElsewhere({ packages })).toEqual([]);
  });

  it('gets it before the fields that npm writes after it, and no other entry changes', () => {
    const packages = {
      '': { name: 'latchkey' },
      [`${MODULES}a`]: { version: '1.0.0', dev: true },
      [`${MODULES}b`]: { version: '1.0.0', resolved: 'https://registry.npmjs.org/b.tgz', cpu: ['x64'] },
      [`${MODULES}c`]: { version: '1.0.0', integrity: 'sha512-c', dev: true },
      [`${MODULES}d`]: { version: '1.0.0' },
    };
    const hashes = new Map([`${MODULES}a`, `${MODULES}b`].map((path) => [path, HASH] as const));
    const expected = {
      lockfileVersion: 3,
      packages: {
        ...packages,
        [`${MODULES}a`]: { version: '1.0.0', integrity: HASH, dev: true },
        [`${MODULES}b`]: {
          version: '1.0.0',
          resolved: 'https://registry.npmjs.org/b.tgz',
          integrity: HASH,
          cpu: ['x64'],
        },
      },
    };
    const lock = { lockfileVersion: 3, packages };
    expect(JSON.stringify(withIntegrities(lock, hashes))).toBe(JSON.stringify(expected));
  });
});

it.each([
  'https://mirror.example/a.tgz',
  'http://registry.npmjs.org/a.tgz',
  'https://registry.npmjs.org.example/a.tgz',
  'git+ssh://git@github.com/a/a.git',
])('a package that is resolved at %s comes from elsewhere', (resolved) => {
  expect(paths(fromElsewhere({ packages: { [`${MODULES}a`]: { resolved } } }))).toEqual([`${MODULES}a`]);
});

it('an optional package is left out unless the package that names it finds it, in its own folder or above', () => {
  const optionalDependencies = { own: '1.0.0', above: '2.0.0', root: '3.0.0', deeper: '4.0.0', nowhere: '5.0.0' };
  const packages = {
    '': {},
    [`${MODULES}a`]: {},
    [`${MODULES}a/${MODULES}b`]: { optionalDependencies },
    [`${MODULES}a/${MODULES}b/${MODULES}own`]: {},
    [`${MODULES}a/${MODULES}above`]: {},
    [`${MODULES}root`]: {},
    [`${MODULES}c/${MODULES}deeper`]: {},
  };
  expect(leftOut({ packages })).toEqual(['deeper@4.0.0', 'nowhere@5.0.0']);
  expect(leftOut({ packages: { client: { optionalDependencies }, [`${MODULES}own`]: {} } })).toHaveLength(4);
});
