// `npm run wasm` compiles wasm/pbkdf2.ts, and with --check fails where the committed binary differs from the result.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import asc from 'assemblyscript/asc';
import { root } from './wrangler.ts';

const SOURCE = 'wasm/pbkdf2.ts';
const BINARY = 'src/domain/passwords/verifiers/pbkdf2.wasm';

/** One page of memory; the source lays out the part below 1024. */
const OPTIONS = [
  ...['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'bulk-memory'],
  ...['--memoryBase', '1024', '--initialMemory', '1', '--maximumMemory', '1'],
];

async function compiled(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([SOURCE, '--outFile', 'out.wasm', '--baseDir', root, ...OPTIONS], {
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error || !binary) throw new Error(`${SOURCE} does not compile: ${stderr.toString()}`);
  return binary;
}

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const binary = await compiled();
if (!values.check) writeFileSync(root + BINARY, binary);
else if (!readFileSync(root + BINARY).equals(binary)) {
  console.error(`wasm: ${BINARY} is not what ${SOURCE} compiles to (npm run wasm)`);
  process.exitCode = 1;
}
