// Prints a signing key set, and nothing else, on stdout: `npm run -s keys | npx wrangler secret put JWT_KEYS`.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { keepLocalKeySet, localKeySet } from './dev-vars.ts';
import { newKeySet, rotated } from './key-set.ts';

const USAGE = `npm run -s keys                    prints a new key set
npm run -s keys -- --rotate        puts a new first key into .dev.vars, and prints the set
npm run -s keys -- --rotate -      reads the current set on stdin, and prints it with a new first key`;

async function rotateLocal(): Promise<string> {
  const current = localKeySet();
  if (!current) throw new Error('.dev.vars holds no JWT_KEYS yet; `npm run dev` makes them');
  const keySet = await rotated(current);
  keepLocalKeySet(keySet);
  return keySet;
}

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rotate: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return USAGE;
  if (!values.rotate) return newKeySet();
  return positionals[0] === '-' ? rotated(await text(process.stdin)) : rotateLocal();
}

try {
  console.log(await run());
} catch (error) {
  console.error(`keys: ${(error as Error).message}`);
  process.exitCode = 1;
}
