// Local secrets are kept in .dev.vars, which only its owner can read and git never sees.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './wrangler.ts';

const file = `${root}.dev.vars`;
const LINE = /^JWT_KEYS=(.*)$/m;

const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** The local JWT_KEYS, or undefined where there are none yet. */
export const localKeySet = (): string | undefined =>
  LINE.exec(read())?.[1]?.replace(/^(['"])(.*)\1$/, '$2') || undefined;

/** Puts the key set into .dev.vars and leaves its other lines as they are. */
export function keepLocalKeySet(keySet: string): void {
  const text = read();
  const line = `JWT_KEYS='${keySet}'`;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  writeFileSync(file, LINE.test(text) ? text.replace(LINE, () => line) : `${text}${end}${line}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
