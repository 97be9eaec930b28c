// `npm run lockfile` reports unchecked packages of the lock files: without a hash, from another registry, or left out.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import {
  fromElsewhere,
  type LockEntry,
  type LockFile,
  leftOut,
  specOf,
  withIntegrities,
  withoutIntegrity,
} from './lock-entries.ts';
import { root } from './wrangler.ts';

const USAGE = `npm run lockfile              reports packages without a hash, from another registry, or left out
npm run lockfile -- --check   fails where there are any
npm run lockfile -- --fill    asks the registry for the hashes that are missing, and writes those it has`;

const FILES = ['package-lock.json', 'bench/peers/package-lock.json'];
/** How many requests the registry gets at a time. */
const AT_ONCE = 4;
const SHA_512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const read = (file: string): LockFile => JSON.parse(readFileSync(root + file, 'utf8')) as LockFile; // npm wrote it

/** The hash of a package; undefined where the registry does not have the package. */
async function askedFor(spec: string): Promise<string | undefined> {
  const asked = promisify(execFile)('npm', ['view', spec, 'dist.integrity', '--json'], { cwd: root });
  const { stdout } = await asked.catch((failure: { readonly stdout: string; readonly message: string }) => {
    if (failure.stdout.includes('"E404"')) return { stdout: '""' };
    throw new Error(failure.message);
  });
  const answer: unknown = JSON.parse(stdout || '""');
  return typeof answer === 'string' && SHA_512.test(answer) ? answer : undefined;
}

/** The hashes that the registry has, by path. */
async function foundFor(entries: readonly (readonly [string, LockEntry])[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let first = 0; first < entries.length; first += AT_ONCE) {
    const some = entries.slice(first, first + AT_ONCE);
    const hashes = await Promise.all(some.map(([path, entry]) => askedFor(specOf(path, entry))));
    for (const [index, [path]] of some.entries()) {
      const hash = hashes[index];
      if (hash !== undefined) found.set(path, hash);
    }
  }
  return found;
}

async function fill(file: string): Promise<void> {
  const lock = read(file);
  const found = await foundFor(withoutIntegrity(lock));
  if (found.size > 0) writeFileSync(root + file, `${JSON.stringify(withIntegrities(lock, found), null, 2)}\n`);
  console.log(`${file}: ${found.size} hashes found`);
}

const problems = (file: string): readonly string[] => {
  const lock = read(file);
  return [
    ...withoutIntegrity(lock).map(([path, entry]) => `${specOf(path, entry)} has no integrity (${path})`),
    ...fromElsewhere(lock).map(([path, { resolved }]) => `${path} is resolved at ${resolved}`),
    ...leftOut(lock).map((spec) => `${spec} is left out`),
  ].map((problem) => `${file}: ${problem}`);
};

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, fill: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(USAGE);
  if (values.fill) for (const file of FILES) await fill(file);
  const found = FILES.flatMap(problems);
  console.log(found.length > 0 ? found.join('\n') : 'Every package has its hash.');
  if (values.check && found.length > 0) process.exitCode = 1;
}

try {
  await run();
} catch (error) {
  console.error(`lockfile: ${(error as Error).message}`);
  process.exitCode = 1;
}
