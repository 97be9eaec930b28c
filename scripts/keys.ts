// Prints a key set, and nothing else, on stdout: `npm run -s keys | npx wrangler secret put JWT_KEYS`.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { localKeySet, storeLocalKeySet } from './dev-vars.ts';
import { newKeySet, rotated, type SecretName } from './key-set.ts';

const USAGE = `npm run -s keys                    prints a new set of signing keys, for JWT_KEYS
npm run -s keys -- --secret        prints a new set of symmetric keys, for SECRET_KEYS
npm run -s keys -- --rotate        puts a new first key into .dev.vars, and prints the set
npm run -s keys -- --rotate -      reads the current set on stdin, and prints it with a new first key
--secret goes with --rotate as well.`;

async function rotateLocal(name: SecretName): Promise<string> {
  const current = localKeySet(name);
  if (!current) throw new Error(`.dev.vars holds no ${name} yet; \`npm run dev\` makes them`);
  const keySet = await rotated(name, current);
  storeLocalKeySet(name, keySet);
  return keySet;
}

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rotate: { type: 'boolean' }, secret: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return USAGE;
  const name = values.secret ? 'SECRET_KEYS' : 'JWT_KEYS';
  if (!values.rotate) return newKeySet(name);
  return positionals[0] === '-' ? rotated(name, await text(process.stdin)) : rotateLocal(name);
}

try {
  console.log(await run());
} catch (error) {
  console.error(`keys: ${(error as Error).message}`);
  process.exitCode = 1;
}
