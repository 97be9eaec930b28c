// The import and export commands: stopped and resumed without duplicates or gaps, in little memory.
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/codes.ts';
import { ADMIN, post, ran, started, workerWithAdmin } from './support/transfer.ts';
import type { RunningWorker } from './support/worker.ts';

/** IMPORT_ACCOUNTS sets the number of the long form, `npm run test:import`. */
const ACCOUNTS = Number(process.env.IMPORT_ACCOUNTS || 5000);
const TIMEOUT_MS = 60_000 + ACCOUNTS * 10;
/** "U*U", from the test vectors of crypt_blowfish. */
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const MAX_MIB = 150;

const directory = mkdtempSync(join(tmpdir(), 'latchkey-import-'));
const fileOf = (name: string): string => join(directory, name);
let worker: RunningWorker;

beforeAll(async () => {
  worker = await workerWithAdmin();
});

afterAll(async () => {
  await worker.stop();
  rmSync(directory, { recursive: true, force: true });
});

const count = async (where = '1'): Promise<number> =>
  (await worker.env.DB.prepare(`SELECT count(*) AS n FROM accounts WHERE ${where}`).first<number>('n')) ?? 0;

function writeLines(name: string, lines: readonly (object | string)[]): string {
  const file = fileOf(name);
  writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return file;
}

describe('npm run import', () => {
  it('is killed halfway and resumes, without duplicates or gaps', { timeout: TIMEOUT_MS }, async ({ annotate }) => {
    const file = fileOf('many.ndjson');
    const output = createWriteStream(file);
    for (let number = 0; number < ACCOUNTS; number += 1) {
      const line = {
        email: `many${number}@example.com`,
        username: `many ${number}`,
        password_hash: BCRYPT,
        data: { number },
      };
      if (!output.write(`${JSON.stringify(line)}\n`)) await once(output, 'drain');
    }
    output.end('not a line\n');
    await once(output, 'close');
    const before = await count();
    const startedAt = performance.now();
    const kills = [0, Math.min(2000, ACCOUNTS / 2), ACCOUNTS * 0.4];
    const peaks: number[] = [];
    for (const records of kills) {
      const running = started('import', [file], worker.origin);
      await Promise.race([recorded(file, records), running.ended]);
      running.child.kill('SIGKILL');
      const { code, peakMib } = await running.ended;
      expect(code).toBeNull();
      peaks.push(peakMib);
    }
    const { code, out, err, peakMib } = await ran('import', [file], worker.origin);
    const seconds = (performance.now() - startedAt) / 1000;
    expect({ code, err: /Going on behind the first \d+ accounts/.test(err) }).toEqual({ code: 0, err: true });
    const [, imported, existing, refused] =
      /(\d+) imported, (\d+) already there, (\d+) refused/.exec(out)?.map(Number) ?? [];
    expect(refused).toBe(1);
    expect(Number(imported) + Number(existing)).toBe(ACCOUNTS);
    expect(await count()).toBe(before + ACCOUNTS);
    expect(await count("email LIKE 'many%' AND data ->> 'number' = CAST(substr(email, 5) AS INTEGER)")).toBe(ACCOUNTS);
    expect(readFileSync(`${file}.refused.ndjson`, 'utf8')).toBe('not a line\n');
    expect(existsSync(`${file}.import.json`)).toBe(false);
    const peak = Math.max(...peaks, peakMib);
    expect(peak).toBeLessThan(MAX_MIB);
    const input = (statSync(file).size / 2 ** 20).toFixed(0);
    const run = `${ACCOUNTS} accounts, ${kills.length} kills, ${seconds.toFixed(1)} s`;
    await annotate(`${run}, at most ${peak} MiB, ${input} MiB of input`);
    expect(
      (await post(`${worker.origin}/api/login`, { email: `many${ACCOUNTS - 1}@example.com`, password: 'U*U' })).status,
    ).toBe(200);
  });

  /** Resolves once the state beside the file has this many records. */
  async function recorded(file: string, records: number): Promise<void> {
    for (;;) {
      const state = existsSync(`${file}.import.json`)
        ? JSON.parse(readFileSync(`${file}.import.json`, 'utf8'))
        : undefined;
      if (state ? state.tally.records >= records : records === 0) break;
      await sleep(5);
    }
    // Somewhere in what comes next.
    await sleep(Math.random() * 150);
  }

  it('stops at SIGINT after a batch, and the same command continues', { timeout: TIMEOUT_MS }, async () => {
    const lines = Array.from({ length: 6000 }, (_, number) => ({ username: `stopped ${number}` }));
    const file = writeLines('stopped.ndjson', lines);
    const running = started('import', [file], worker.origin);
    await recorded(file, 2000);
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    // On a fast machine it may have finished.
    if (code !== 0)
      expect({ code, err }).toMatchObject({ code: 130, err: expect.stringContaining('the same command continues') });
    expect((await ran('import', [file], worker.origin)).code).toBe(0);
    expect(await count("username LIKE 'stopped %'")).toBe(6000);
  });

  it('writes refused lines to a file that can be corrected and imported', async () => {
    const file = writeLines('refused.ndjson', [
      { username: 'fine 1' },
      { username: 'dear', password_hash: BCRYPT.replace('$05$', '$15$') },
      'broken',
      { username: 'fine 2' },
      { username: 'fine 1', email: ADMIN.email },
    ]);
    const { out } = await ran('import', [file], worker.origin);
    expect(out).toContain('2 imported, 0 already there, 3 refused');
    expect(out).toContain('hash_too_expensive (1)');
    const refused = readFileSync(`${file}.refused.ndjson`, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(refused[0] ?? '')).toMatchObject({ username: 'dear', refused: { code: 'hash_too_expensive' } });
    expect(refused[1]).toBe('broken');
    expect(JSON.parse(refused[2] ?? '')).toMatchObject({ refused: { code: 'email_taken', path: 'email' } });
    expect(statSync(`${file}.refused.ndjson`).mode & 0o777).toBe(0o600);
    const again = await ran('import', [`${file}.refused.ndjson`, '--without-password'], worker.origin);
    expect(again.out).toContain('1 imported, 0 already there, 2 refused');
  });

  it('checks everything and sends nothing with --dry-run, without signing in', async () => {
    const before = await count();
    const file = writeLines('dry.ndjson', [
      { username: 'dry' },
      { username: 'with@sign' },
      { username: 'boss', role: 'admin' },
    ]);
    const { code, out } = await ran('import', [file, '--dry-run'], 'http://localhost:1');
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 could be imported, 0 already there, 2 refused'),
    });
    expect(out).toContain('role_not_allowed (1)');
    expect(readFileSync(`${file}.dry-run.refused.ndjson`, 'utf8').trimEnd().split('\n').length).toBe(2);
    expect(existsSync(`${file}.refused.ndjson`)).toBe(false);
    expect(await count()).toBe(before);
  });

  it('waits for a server that is down', async () => {
    const file = writeLines('away.ndjson', [{ username: 'patient' }]);
    const running = started('import', [file], 'http://localhost:1');
    await sleep(1000);
    expect(running.child.exitCode).toBeNull();
    running.child.kill('SIGKILL');
    await running.ended;
  });

  it.each([
    ['nothing', []],
    ['a source that there is not', ['x.ndjson', '--from', 'nowhere']],
    ['a field that there is not', ['x.csv', '--from', 'csv', '--map', 'shoe=size']],
    ['a file that there is not', ['not-there.ndjson']],
    ['a CSV file that there is not', ['not-there.csv', '--from', 'csv']],
  ])('says what it wants where it is given %s', async (_, args) => {
    const { code, err } = await ran('import', args, worker.origin);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^import: /) });
  });

  it('refuses a file that is not UTF-8, as lines, CSV and JSON, and sends nothing of it', async () => {
    const latin1 = Buffer.from('[{"username":"Jos\xe9"}]\n', 'latin1');
    const file = fileOf('latin1');
    writeFileSync(file, latin1);
    for (const source of ['latchkey', 'csv', 'django']) {
      const { code, err } = await ran('import', [file, '--from', source], worker.origin);
      expect({ source, code, err }).toEqual({ source, code: 1, err: expect.stringContaining('is not UTF-8') });
    }
  });

  it('sends a password over https only', async () => {
    const file = writeLines('http.ndjson', [{ username: 'careful' }]);
    const { code, err } = await ran('import', [file], 'http://auth.example.com');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('over https only') });
  });
});

describe('npm run export', () => {
  it('writes what an import takes', { timeout: TIMEOUT_MS }, async () => {
    const { code, out, err, peakMib } = await ran('export', ['--hashes'], worker.origin);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('with the hashes') });
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBe(await count());
    expect(peakMib).toBeLessThan(MAX_MIB);
    const file = fileOf('exported.ndjson');
    writeFileSync(file, out);
    const again = await ran('import', [file, '--allow-admins'], worker.origin);
    expect(again.out).toContain(`0 imported, ${lines.length} already there, 0 refused`);
  });
});

// The last test: it gives the admin an authenticator app.
it('signs in with a code of an authenticator app, once for each code', async () => {
  const send = async (path: string, json: object, token: string) => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(json),
    };
    return (await (await fetch(worker.origin + path, init)).json()) as { secret: string; recovery_codes: string[] };
  };
  const { body } = await post(`${worker.origin}/api/login`, ADMIN);
  const { secret } = await send('/api/factors/totp', {}, body.access_token);
  const otp = codeAt(secret, Date.now());
  const [code = ''] = (await send('/api/factors/totp/confirm', { otp }, body.access_token)).recovery_codes;
  const file = writeLines('factor.ndjson', [{ username: 'behind two factors' }]);
  const run = (otp?: string) =>
    started('import', [file], worker.origin, otp === undefined ? {} : { LATCHKEY_ADMIN_OTP: otp }).ended;
  expect(await run()).toMatchObject({ code: 1, err: expect.stringContaining('LATCHKEY_ADMIN_OTP') });
  expect(await run(code)).toMatchObject({ code: 0, out: expect.stringContaining('1 imported') });
  expect(await run(code)).toMatchObject({ code: 1, err: expect.stringContaining('signing in') });
});
