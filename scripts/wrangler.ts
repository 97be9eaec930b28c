// Wrangler runs from this project's own node_modules, at its root, and reports nothing to anyone.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../');
export const wranglerBin = `${root}node_modules/wrangler/bin/wrangler.js`;
export const wranglerEnv: NodeJS.ProcessEnv = {
  ...process.env,
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
  WRANGLER_LOG_PATH: `${root}.wrangler/logs`,
  DO_NOT_TRACK: '1',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  // Compiling its 15 MB of JavaScript was a fifth of what a start took.
  NODE_COMPILE_CACHE: `${root}node_modules/.cache/wrangler`,
};

export type Place = '--local' | '--remote';
export type Row = Readonly<Record<string, string | number | null>>;

/** Runs wrangler without a terminal, so it asks nothing; resolves to its stdout, rejects with its output. */
export function wrangler(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, [wranglerBin, ...args], {
    cwd: root,
    env: { ...wranglerEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(said.out) : reject(new Error(`${said.err}${said.out}`.trim()))));
  });
}

export const migrate = (place: Place): Promise<string> => wrangler(['d1', 'migrations', 'apply', 'DB', place]);

/** The rows of one SELECT. It is visible in the process list, so it must hold no secret. */
export async function select(place: Place, sql: string): Promise<readonly Row[]> {
  const answer = await wrangler(['d1', 'execute', 'DB', place, '--json', `--command=${sql}`]);
  const [first] = JSON.parse(answer) as { results: Row[] }[];
  return first?.results ?? [];
}

/** Runs statements in one transaction, from a file that only its owner can read: they may hold a hash. */
export async function write(place: Place, statements: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const file = join(directory, 'statements.sql');
  try {
    writeFileSync(file, `${statements.join(';\n')};\n`, { mode: 0o600 });
    await wrangler(['d1', 'execute', 'DB', place, '--json', '--yes', `--file=${file}`]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
