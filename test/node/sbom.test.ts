// `npm run sbom` writes a CycloneDX document that names what the Worker ships and what it is built with.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** `T` is a type for what is asserted below. */
const parsed = <T>(file: string): T => JSON.parse(readFileSync(root + file, 'utf8')) as T;

let bom: Bom;
beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'sbom'], { cwd: root, stdio: 'pipe' });
  bom = parsed<Bom>('sbom.json');
});

const isForDevelopment = ({ properties }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development');

describe('the bill of materials', () => {
  it('is CycloneDX, of this application', () => {
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: expect.stringMatching(/^1\.[5-9]$/),
      serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      version: 1,
      metadata: { component: { type: 'application', name: expect.any(String) } },
    });
    const { name, version } = parsed<{ readonly name: string; readonly version: string }>('package.json');
    expect(bom.metadata.component['bom-ref']).toBe(`${name}@${version}`);
  });

  it('names each component once, with its package URL, and with a hash of the right length where it has one', () => {
    const refs = bom.components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { type, version, purl, hashes = [] } of bom.components) {
      expect(type).toBe('library');
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@/);
      expect(decodeURIComponent(purl).endsWith(`@${version}`)).toBe(true);
      for (const hash of hashes)
        expect(hash).toEqual({ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) });
    }
  });

  it('refers to no component that it does not name', () => {
    const refs = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
    const referred = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(referred.filter((ref) => !refs.has(ref))).toEqual([]);
  });

  it('names every dependency of the Worker and of the client, none as a development tool', () => {
    const files = ['package.json', 'client/package.json'];
    const dependencies = files.flatMap((file) =>
      Object.keys(parsed<{ readonly dependencies: Record<string, string> }>(file).dependencies),
    );
    expect(dependencies).toEqual(expect.arrayContaining(['hono', 'jose', 'drizzle-orm', 'zod', '@phi-ag/argon2']));
    const shipped = bom.components.filter((component) => !isForDevelopment(component)).map(({ name }) => name);
    expect(dependencies.filter((name) => !shipped.includes(name))).toEqual([]);
  });

  it('marks what is used for development alone', () => {
    expect(bom.components.filter(isForDevelopment).map(({ name }) => name)).toContain('vitest');
  });
});
