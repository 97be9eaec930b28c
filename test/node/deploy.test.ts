// `npm run deploy -- --dry-run` shows each step and builds what would be deployed, with no network and no account.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { STEPS } from '../../scripts/deployment.ts';
import { root } from '../../scripts/wrangler.ts';

// Nothing listens there: a call to Cloudflare would fail.
const env = {
  ...process.env,
  CLOUDFLARE_API_BASE_URL: 'http://127.0.0.1:9',
  CLOUDFLARE_API_TOKEN: '',
  WRANGLER_LOG: 'log',
};

const deploy = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [`${root}scripts/deploy.ts`, ...args], { cwd: root, env }).catch(
    (failed: { readonly code: number; readonly stdout: string; readonly stderr: string }) => failed,
  );

it('a dry run shows every step in order, builds the Worker, and changes nothing', async () => {
  const config = readFileSync(`${root}wrangler.toml`, 'utf8');
  const { stdout, ...rest } = await deploy('--dry-run', '--location=enam', '--origin=https://auth.example.com');
  expect(rest).not.toHaveProperty('code');
  const titles = STEPS.map(({ title }, index) => `${index + 1}. ${title}`);
  expect(stdout.split('\n').filter((line) => /^\d+\. /.test(line))).toEqual(titles);
  expect(stdout).toContain('wrangler d1 create latchkey --location=enam');
  expect(stdout).toContain('wrangler deploy --var=ISSUER:https://auth.example.com');
  expect(Number(/gzip: ([\d.]+) KiB/.exec(stdout)?.[1])).toBeLessThan(350);
  expect(stdout.trim().endsWith('Nothing was changed.')).toBe(true);
  expect(readFileSync(`${root}wrangler.toml`, 'utf8')).toBe(config);
});

it('a deploy reports that wrangler is not logged in', async () => {
  expect(await deploy()).toMatchObject({ code: 1, stderr: expect.stringContaining('not logged in') });
});

it.each([['--location=mars'], ['--origin=http://plain.example.com'], ['--origin=https://auth.example.com/path']])(
  'a deploy refuses %s',
  async (argument) => {
    expect(await deploy('--dry-run', argument)).toMatchObject({ code: 1, stderr: expect.stringContaining('usage: ') });
  },
);
