// The README's blocks are run in order against a fresh `npm run dev`; each answers what the README shows.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { freePort } from './support/free-port.ts';
import { type Block, blocksOf } from './support/markdown.ts';

/** The origin in the README. */
const SHOWN_ORIGIN = 'http://localhost:8787';
const MARK = '--- end of block ---';

let clone: string;
let server: ChildProcess;
let origin: string;

/** What a fresh clone does not have. */
const NOT_CLONED = /(^|\/)(node_modules|\.git|\.wrangler|dist|tmp|\.dev\.vars[^/]*)$/;

/** A copy as a fresh clone would be, with the packages that are installed here. */
function fresh(): string {
  const target = mkdtempSync(join(tmpdir(), 'latchkey-readme-'));
  cpSync(root, target, { recursive: true, filter: (path) => !NOT_CLONED.test(relative(root, path)) });
  symlinkSync(`${root}node_modules`, join(target, 'node_modules'));
  return target;
}

beforeAll(async () => {
  clone = fresh();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const env = { ...process.env, PORT: String(port), WRANGLER_LOG: 'log' };
  server = spawn(process.execPath, ['scripts/dev.ts'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout ?? process.stdin }))
    if (line.includes('Latchkey is up')) return;
  throw new Error('npm run dev ended before it was up');
}, 180_000);

afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  rmSync(clone, { recursive: true, force: true });
});

interface Shown {
  readonly code: string;
  /** The ```json block right after it. */
  readonly answer: unknown;
}

const shown = (blocks: readonly Block[]): readonly Shown[] =>
  blocks.flatMap(({ language, code }, index) => {
    const next = blocks[index + 1];
    return language === 'sh' ? [{ code, answer: next?.language === 'json' ? JSON.parse(next.code) : undefined }] : [];
  });

/** Values that differ from run to run, in the README and in the answers. */
const placeheld = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) => {
    if (typeof part !== 'string') return part;
    if (/^eyJ/.test(part)) return 'A TOKEN';
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part)) return 'A UUID';
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(part) ? 'A TIME' : part;
  });

it('each block of the README runs, and answers what the block after it shows', async () => {
  const blocks = shown(blocksOf(readFileSync(`${root}README.md`, 'utf8')));
  expect(blocks.length).toBeGreaterThan(0);
  const script = blocks.map(({ code }) => `${code.replaceAll(SHOWN_ORIGIN, origin)}\necho; echo '${MARK}'`).join('\n');
  // Not `execFileSync`: the server's lines go through this process.
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(child, 'close');
  const answers = output.split(MARK).map((text) => text.trim());
  expect(code, output).toBe(0);
  for (const [index, { code, answer }] of blocks.entries()) {
    if (answer === undefined) continue;
    expect(placeheld(JSON.parse(answers[index] ?? '')), code).toEqual(placeheld(answer));
  }
});
