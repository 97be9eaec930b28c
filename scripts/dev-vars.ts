// Local secrets are stored in .dev.vars, which only its owner can read and git ignores.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SecretName } from './key-set.ts';
import { root } from './wrangler.ts';

const file = `${root}.dev.vars`;

const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const lineOf = (name: SecretName): RegExp => new RegExp(`^${name}=(.*)$`, 'm');

/** The local key set; undefined where there is none yet. */
export const localKeySet = (name: SecretName): string | undefined =>
  lineOf(name)
    .exec(read())?.[1]
    ?.replace(/^(['"])(.*)\1$/, '$2') || undefined;

/** Writes the key set into .dev.vars and leaves its other lines as they are. */
export function storeLocalKeySet(name: SecretName, keySet: string): void {
  const text = read();
  const line = `${name}='${keySet}'`;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  const known = lineOf(name);
  writeFileSync(file, known.test(text) ? text.replace(known, () => line) : `${text}${end}${line}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
