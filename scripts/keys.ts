// Prints a key set, and nothing else, on stdout: `npm run -s keys | npx wrangler secret put JWT_KEYS`.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { localKeySet, storeLocalKeySet } from './dev-vars.ts';
import { newKeySet, newKeySetWithRsa, rotated, type SecretName, withRsa } from './key-set.ts';

const USAGE = `npm run -s keys                    prints a new set of signing keys, for JWT_KEYS
npm run -s keys -- --secret        prints a new set of symmetric keys, for SECRET_KEYS
npm run -s keys -- --rsa           prints a new set of signing keys with an RSA key, for ID tokens of RS256
npm run -s keys -- --rotate        puts a new first key into .dev.vars, and prints the set
npm run -s keys -- --rotate -      reads the current set on stdin, and prints it with a new first key
--secret and --rsa can follow --rotate as well; --rsa then adds an RSA key.`;

type Rotation = (name: SecretName, keySet: string) => Promise<string>;

async function rotateLocal(name: SecretName, rotate: Rotation): Promise<string> {
  const current = localKeySet(name);
  if (!current) throw new Error(`.dev.vars holds no ${name} yet; \`npm run dev\` makes them`);
  const keySet = await rotate(name, current);
  storeLocalKeySet(name, keySet);
  return keySet;
}

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rotate: { type: 'boolean' },
      secret: { type: 'boolean' },
      rsa: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return USAGE;
  if (values.secret && values.rsa) throw new Error('an RSA key signs; SECRET_KEYS cannot have one');
  const name = values.secret ? 'SECRET_KEYS' : 'JWT_KEYS';
  if (!values.rotate) return values.rsa ? newKeySetWithRsa() : newKeySet(name);
  const rotate: Rotation = values.rsa ? (_, keySet) => withRsa(keySet) : rotated;
  return positionals[0] === '-' ? rotate(name, await text(process.stdin)) : rotateLocal(name, rotate);
}

try {
  console.log(await run());
} catch (error) {
  console.error(`keys: ${(error as Error).message}`);
  process.exitCode = 1;
}
