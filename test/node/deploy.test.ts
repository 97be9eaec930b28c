// `npm run deploy -- --dry-run` shows each step and builds what would be deployed, with no network and no account.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('the step for mail', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'));
    cpSync(`${root}scripts`, join(copy, 'scripts'), { recursive: true });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** What it says where wrangler.toml has these variables. */
  async function said(from: string, url: string): Promise<string> {
    const config = readFileSync(`${root}wrangler.toml`, 'utf8')
      .replace('MAIL_FROM = ""', `MAIL_FROM = "${from}"`)
      .replace('MAIL_API_URL = ""', `MAIL_API_URL = "${url}"`);
    writeFileSync(join(copy, 'wrangler.toml'), config);
    const script = `import { checkMail } from './scripts/deployment-checks.ts'; console.log(await checkMail());`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', `--eval=${script}`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: copy, env });
    return stdout;
  }

  it.each([
    ['no sender', '', 'http://api.example.com', /^MAIL_FROM is empty/],
    ['no provider', 'a@example.com', '', /^from a@example\.com through Cloudflare/],
    ['a provider without TLS', 'a@example.com', 'http://api.example.com', /^MAIL_API_URL is not https, so no mail/],
    ['a provider without a key', 'a@example.com', 'https://api.example.com', /^MAIL_API_KEY is not set/],
  ])('names %s', async (_, from, url, sentence) => {
    expect(await said(from, url)).toMatch(sentence);
  });
});
