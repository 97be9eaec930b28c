// `npm run size`: reports the upload of a deploy by package, and its start-up time; fails where the bundle is over its
// budget.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle, wrangle } from './build.ts';

const BUDGET_KIB = 350;
const kib = (bytes: number): number => bytes / 1024;

/** The part of esbuild's metafile that is used: the bytes of each input in each output. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const directory = mkdtempSync(join(tmpdir(), 'latchkey-size-'));
try {
  const { metafile } = await bundle('src/index.ts', directory);
  const files = ['index.js', ...wasmOf(directory)].map((name) => readFileSync(join(directory, name)));
  const minified = kib(files.reduce((sum, file) => sum + file.length, 0));
  const gzipped = kib(files.reduce((sum, file) => sum + gzipSync(file).length, 0));
  for (const [name, bytes] of packagesOf(JSON.parse(readFileSync(metafile, 'utf8')))) {
    console.log(`${name.padEnd(36)}${kib(bytes).toFixed(1).padStart(9)} KiB minified`);
  }
  console.log(`\nin all: ${minified.toFixed(1)} KiB minified, ${gzipped.toFixed(1)} KiB gzipped of ${BUDGET_KIB}`);
  console.log(`start-up: ${await startUpMilliseconds(directory)} ms of CPU`);
  if (gzipped > BUDGET_KIB) {
    console.error(`the bundle is over its budget of ${BUDGET_KIB} KiB gzipped`);
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function wasmOf(built: string): readonly string[] {
  return globSync('*.wasm', { cwd: built });
}

/** Minified bytes by package, and our own source by layer; the largest first. */
function packagesOf({ outputs }: Metafile): readonly (readonly [string, number])[] {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/');
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].sort(([, a], [, b]) => b - a);
}

/** As `wrangler check startup` measures it, for the bundle that a deploy uploads. */
async function startUpMilliseconds(temporary: string): Promise<string> {
  const outfile = `--outfile=${join(temporary, 'start-up.cpuprofile')}`;
  const { stdout } = await wrangle(['check', 'startup', outfile]);
  return /Active: ([\d.]+) ms/.exec(stdout)?.[1] ?? 'unknown';
}
