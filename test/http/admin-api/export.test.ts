// Exporting accounts: each once, in the form of an import, which makes equal accounts of them.
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { argon2id } from '../../../src/domain/passwords/argon2id.ts';
import { newClient } from '../../support/client.ts';
import { importer } from '../../support/imports.ts';
import { admin, loggedIn, logIn, registered, stranger } from '../../support/people.ts';

const client = newClient();

interface Line {
  readonly email: string | null;
  readonly password_hash?: string;
  readonly refresh_tokens?: readonly object[];
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** The lines of all pages. */
async function exported(token: string, query = ''): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (let path = `/api/admin/users/export/${query}`; path !== ''; ) {
    const { status, text, headers } = await client.get(path, { token });
    expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 200, type: 'application/x-ndjson' });
    lines.push(...linesOf(text));
    path = /^<([^>]+)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1] ?? '';
  }
  return lines;
}

describe('an export', () => {
  it('asks for recent credentials', async () => {
    const { access_token: token, id } = await admin(client);
    await env.DB.prepare('UPDATE sessions SET authenticated_at = ? WHERE account_id = ?')
      .bind(client.clock() - 601_000, id)
      .run();
    const { status, body } = await client.get('/api/admin/users/export', { token });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'reauthentication_required' });
  });

  it('leads through the pages by Link, and has every account once', async () => {
    const { boss, send } = await importer(client);
    await send(Array.from({ length: 1200 }, () => ({ username: stranger().username })));
    const { boss: other, send: sendMore } = await importer(client);
    await sendMore(Array.from({ length: 20 }, () => ({ username: stranger().username })));
    const lines = await exported(boss.access_token);
    const accounts = await env.DB.prepare('SELECT count(*) AS n FROM accounts').first('n');
    expect(lines.length).toBe(accounts);
    expect(new Set(lines.map((line) => JSON.stringify(line))).size).toBe(lines.length);
    expect(await exported(other.access_token)).toEqual(lines);
  });

  it('has hashes where they are asked for, and nowhere else', async () => {
    const boss = await admin(client);
    const person = await loggedIn(client);
    const [without, withThem] = [await exported(boss.access_token), await exported(boss.access_token, '?hashes=true')];
    const mine = (lines: readonly Line[]) => lines.find(({ email }) => email === person.email);
    expect(mine(without)).not.toHaveProperty('password_hash');
    expect(JSON.stringify(without)).not.toContain('$cheap$');
    expect(JSON.stringify(without)).not.toContain('sha256');
    expect(mine(withThem)).toMatchObject({
      password_hash: expect.stringMatching(/^\$cheap\$/),
      refresh_tokens: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), expires_at: expect.any(String) }],
    });
  });

  it('refuses a cursor of another query', async () => {
    const boss = await admin(client);
    const { headers } = await client.get('/api/admin/users/export', { token: boss.access_token });
    const cursor = /cursor=([^>&]+)/.exec(headers.get('Link') ?? '')?.[1];
    for (const query of [`hashes=true&cursor=${cursor}`, `cursor=${cursor}x`, 'cursor=MQ.AAAA']) {
      const { status, body } = await client.get(`/api/admin/users/export?${query}`, { token: boss.access_token });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_cursor' });
    }
  });

  it('is recorded page by page, with whether it held hashes; a HEAD is not', async () => {
    const boss = await admin(client);
    const events = async () =>
      (await client.get('/api/admin/audit?action=accounts.exported&limit=100', { token: boss.access_token })).body
        .events;
    const before = (await events()).length;
    await client.send('HEAD', '/api/admin/users/export', { token: boss.access_token });
    expect((await events()).length).toBe(before);
    await client.get('/api/admin/users/export?hashes=true', { token: boss.access_token });
    const after = await events();
    expect(after.length).toBe(before + 1);
    expect(after[0]).toMatchObject({
      actor_id: boss.id,
      user_id: null,
      detail: { hashes: true, after: 0, accounts: 500 },
    });
  });

  it('is refused to everybody but admins', async () => {
    const { access_token: token } = await loggedIn(client);
    expect((await client.get('/api/admin/users/export', { token })).status).toBe(403);
    expect((await client.get('/api/admin/users/export')).status).toBe(401);
  });
});

async function emptied(): Promise<void> {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

describe('an export that is imported into an empty Latchkey', () => {
  it('makes equal accounts, which log in and refresh', async () => {
    await emptied();
    const real = newClient({}, { hashing: argon2id, clock: client.clock });
    const { boss, one } = await importer(real);
    const person = await loggedIn(real);
    await real.patch(`/user/${person.username}`, JSON.parse('{"__proto__": {"a": [1, null]}, "ß": "é"}'), {
      token: person.access_token,
    });
    const disabled = await registered(real);
    await real.patch(`/api/admin/users/${disabled.id}`, { active: false }, { token: boss.access_token });
    const { email } = stranger();
    const bcrypt = '$2b$05$' + 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    await one({ email, email_verified: true, created_at: '2012-01-02T03:04:05Z', password_hash: bcrypt });
    await one({ username: stranger().username });
    const lines = await exported(boss.access_token, '?hashes=true');

    await emptied();
    const there = await importer(real);
    const { body } = await real.send('POST', '/api/admin/users/import?allow_admins=true', {
      raw: lines.map((line) => JSON.stringify(line)).join('\n'),
      token: there.boss.access_token,
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    expect(body).toMatchObject({ imported: lines.length, existing: 0, refused: 0 });
    const back = await exported(there.boss.access_token, '?hashes=true');
    expect(back.filter((line) => line.email !== there.boss.email)).toEqual(lines);

    await logIn(real, person);
    expect((await real.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
    await logIn(real, { email, password: 'U*U' });
    expect((await real.post('/api/login', { email: disabled.email, password: disabled.password })).body.code).toBe(
      'account_disabled',
    );
  });
});
