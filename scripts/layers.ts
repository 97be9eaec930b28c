// Imports point inward: index → app → http → domain ← store. Every file of src is held to its layer's row here.
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root } from './wrangler.ts';

interface Layer {
  readonly files: RegExp;
  /** What a file may import: a path from the project's root, or a package's name. `$1` is what `files` caught. */
  readonly may: string;
}

/**
 * The folders of src/http that answer requests. None of them imports another; code that two of them share is in a
 * folder beside them.
 */
const CONTRACTS = [
  'token-api',
  'envelope-api',
  'session-api',
  'resource-api',
  'identity-api',
  'admin-api',
  'admin-pages',
  'id-pages',
  'service',
];
const SHARED = `src/http/(?!${CONTRACTS.join('/|')}/)`;

const LAYERS: readonly Layer[] = [
  {
    files: /^src\/domain\//,
    may: '^(src/domain/|jose$|@phi-ag/argon2(/|$)|bcryptjs$|node:crypto$|@simplewebauthn/server(/|$)|uqr$)',
  },
  { files: /^src\/store\//, may: '^(src/store/|src/domain/|drizzle-orm(/|$))' },
  {
    files: new RegExp(`^src/http/(${CONTRACTS.join('|')})/`),
    may: `^(src/http/$1/|${SHARED}|src/domain/|hono(/|$)|@hono/|zod$)`,
  },
  { files: /^src\/http\//, may: `^(${SHARED}|src/domain/|hono(/|$)|@hono/|zod$)` },
  { files: /^src\/mail\//, may: '^(src/mail/|src/domain/|hono(/|$))' },
  { files: /^src\/(ports|mailing)\.ts$/, may: '^src/((domain|http|mail|store)/|mailing\\.ts$)' },
  {
    files: /^src\/(app|jobs)\.ts$/,
    may: '^(src/(domain|http|mail|store)/|src/(ports|mailing)\\.ts$|hono(/|$)|@hono/)',
  },
  { files: /^src\/index\.ts$/, may: '^src/(app|jobs)\\.ts$' },
];

const IMPORT = /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|(?<!\/)\bimport\s*\(?\s*['"]([^'"]+)['"]/gm;
// The domain gets the time as an argument and reads no clock.
const CLOCK = /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.(now|timeOrigin)\b/;

// A schema made while modules load is part of every isolate's start; `once` makes it at its first use.
const EAGER_SCHEMA = /^(?:export )?const \w+(?:: [^=]+)? = (?:z\.|[A-Z]\w*\(\))/m;

const resolved = (file: string, name: string): string =>
  name.startsWith('.') ? posix.join(posix.dirname(file), name) : name;

function strayImports(file: string, code: string): readonly string[] {
  const layer = LAYERS.find(({ files }) => files.test(file));
  if (!layer) return [`${file} belongs to no layer`];
  const may = new RegExp(layer.may.replace('$1', layer.files.exec(file)?.[1] ?? ''));
  const names = [...code.matchAll(IMPORT)].map(([, from, bare = '']) => resolved(file, from ?? bare));
  return names.filter((name) => !may.test(name)).map((name) => `${file} imports ${name}`);
}

function violations(file: string): readonly string[] {
  const code = readFileSync(root + file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const clock = file.startsWith('src/domain/') && CLOCK.test(code) ? [`${file} reads a clock`] : [];
  const eager = EAGER_SCHEMA.test(code) ? [`${file} makes a schema as it loads, without src/http/once.ts`] : [];
  return [...strayImports(file, code), ...clock, ...eager];
}

const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.endsWith('.d.ts'));
const found = files.flatMap(violations);
if (found.length > 0) {
  console.error(`layers: see CONTRIBUTING.md\n${found.join('\n')}`);
  process.exitCode = 1;
}

/** The longest allowed chain of files, each of which imports a value of the next: a reader follows all of it. */
const LONGEST_CHAIN = 12;

const VALUE_IMPORT = /^(?:import|export)\s+(?!type\b)([^;'"]*?)\bfrom\s*['"](\.[^'"]+)['"]/gm;
const isOfTypes = (names: string): boolean =>
  /^\{[^}]*\}\s*$/.test(names) && names.split(/[{},]/).every((name) => /^\s*(type\s.*)?$/s.test(name));

const chains = new Map<string, readonly string[]>();
/** The longest chain from a file on. There is no cycle: Biome refuses one. */
function chainFrom(file: string): readonly string[] {
  const known = chains.get(file);
  if (known) return known;
  const imports = [...readFileSync(root + file, 'utf8').matchAll(VALUE_IMPORT)]
    .filter(([, names = '']) => !isOfTypes(names))
    .map(([, , from = '']) => resolved(file, from));
  const chain = [file, ...longestOf(imports.map(chainFrom))];
  chains.set(file, chain);
  return chain;
}
const longestOf = (all: readonly (readonly string[])[]): readonly string[] =>
  all.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []);

const longest = longestOf(files.map(chainFrom));
if (longest.length > LONGEST_CHAIN) {
  console.error(`layers: no chain of value imports is longer than ${LONGEST_CHAIN} files\n${longest.join('\n')}`);
  process.exitCode = 1;
}
