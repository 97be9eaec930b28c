// Users of a real Django project and a real Flask app move in, and log in with their old passwords.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { post, ran, workerWithAdmin } from './support/transfer.ts';
import type { RunningWorker } from './support/worker.ts';

const PYTHON = process.env.PYTHON || '/usr/bin/python3';
const MODULES = 'django, flask, bcrypt, argon2, werkzeug';
const isThere = spawnSync(PYTHON, ['-c', `import ${MODULES}`]).status === 0;
if (!isThere) {
  const missing = `${PYTHON} has not all of ${MODULES}: nobody moves in from Django or Flask`;
  if (process.env.GITHUB_ACTIONS) throw new Error(missing);
  console.error(
    `\n!!! ${missing}. Debian: apt-get install python3-django python3-flask python3-bcrypt python3-argon2\n`,
  );
}

interface User {
  readonly username?: string;
  readonly email: string;
  readonly password: string;
}

const directory = mkdtempSync(join(tmpdir(), 'latchkey-moving-'));
let worker: RunningWorker;

beforeAll(async () => {
  worker = await workerWithAdmin();
});

afterAll(async () => {
  await worker.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a service's script in a directory of its own, and returns what it prints of its users. */
function made(script: string): { readonly path: string; readonly said: Record<string, never> & { users: User[] } } {
  const path = join(directory, script);
  mkdirSync(path);
  const said = execFileSync(PYTHON, [`${root}test/fixtures/services/${script}.py`, path], { encoding: 'utf8' });
  return { path, said: JSON.parse(said) };
}

const passwordHash = (email: string): Promise<string | null> =>
  worker.env.DB.prepare('SELECT hash FROM password_credentials JOIN accounts ON id = account_id WHERE email_key = ?')
    .bind(email)
    .first('hash');

/** The statuses of all kinds of login. */
async function logins({ email, username, password }: User): Promise<readonly number[]> {
  const byEmail = ['/api/login', '/auth/login', '/token'].map((path) =>
    post(worker.origin + path, { email, password }),
  );
  const byUsername = username ? [post(`${worker.origin}/auth`, { username, password })] : [];
  return Promise.all([...byEmail, ...byUsername].map(async (answer) => (await answer).status));
}

/** Logs in with the old password and no other, before and after its hash is replaced. */
async function expectMoved(user: User): Promise<void> {
  expect(await passwordHash(user.email), user.email).not.toMatch(/^\$argon2id\$v=19\$m=19456,/);
  const wrong = { ...user, password: user.password.slice(0, -1) };
  expect((await post(`${worker.origin}/api/login`, wrong)).status, user.email).toBe(401);
  for (const _ of ['as it came', 'after the rehash']) {
    for (const status of await logins(user)) expect(status, user.email).toBe(200);
    expect(await passwordHash(user.email)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  }
  for (const status of await logins(wrong)) expect([401, 404]).toContain(status);
}

describe.runIf(isThere)('a Django project', () => {
  it('moves in, with its live refresh tokens', { timeout: 120_000 }, async () => {
    const { path, said } = made('django_project');
    const refused = await ran('import', [join(path, 'auth.json'), '--from', 'django'], worker.origin);
    expect(refused).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${said.users.length + 2} imported, 0 already there, 1 refused`),
    });
    expect(refused.out).toContain('hash_too_expensive (1)');
    const mended = join(path, 'auth.json.refused.ndjson');
    expect(readFileSync(mended, 'utf8')).toContain('dear@django.example');
    const without = await ran('import', [mended, '--without-password'], worker.origin);
    expect(without.out).toContain('1 imported, 0 already there, 0 refused');
    const custom = await ran('import', [join(path, 'custom.json'), '--from', 'django'], worker.origin);
    expect(custom.out).toContain('1 imported');

    for (const user of said.users) await expectMoved(user);
    for (const user of ['dear', 'sso']) {
      const login = { email: `${user}@django.example`, password: 'the default of Django' };
      expect((await post(`${worker.origin}/api/login`, login)).status).toBe(401);
    }
    const gone = { email: 'gone@django.example', password: 'left' };
    expect((await post(`${worker.origin}/api/login`, gone)).body.code).toBe('account_disabled');
    for (const [token, status] of [
      [said.live, 200],
      [said.live, 401],
      [said.expired, 401],
      [said.spent, 401],
    ] as const)
      expect((await post(`${worker.origin}/api/refresh`, { refresh_token: token })).status, token).toBe(status);
  });

  it('brings its superusers as admins where that is allowed, who sign in to the pages', async () => {
    const { path } = { path: join(directory, 'django_project') };
    const args = [join(path, 'auth.json'), '--from', 'django', '--allow-admins', '--replace'];
    expect(await ran('import', args, worker.origin)).toMatchObject({ code: 0 });
    const answer = await fetch(`${worker.origin}/id/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Sec-Fetch-Site': 'same-origin', Origin: worker.origin },
      body: new URLSearchParams({ name: 'boss@django.example', password: 'the boss' }),
    });
    expect(answer.status).toBe(303);
  });
});

describe.runIf(isThere)('a Flask app', () => {
  it('moves in from its SQLite file', { timeout: 60_000 }, async () => {
    const { path, said } = made('flask_app');
    const imported = await ran('import', [join(path, 'app.sqlite3'), '--from', 'flask'], worker.origin);
    expect(imported.out).toContain('2 imported, 0 already there, 0 refused');
    for (const user of said.users) await expectMoved(user);
  });
});
