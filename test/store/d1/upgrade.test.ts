// An upgrade without downtime: while both versions run on the new schema, each logs in the accounts of the other.
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { logIn, stranger } from '../../support/people.ts';

const client = newClient();
const VERSION_1 = 4;

/** The statements of version 1, as it sent them. */
const before = {
  async register(person: { readonly email: string; readonly password: string }): Promise<number> {
    const row = await env.DB.prepare(
      `insert into "accounts" ("id", "email", "email_key", "password_hash", "role", "active", "data", "created_at",
         "updated_at") values (null, ?1, ?1, ?2, 'user', 1, '{}', 1, 1) returning "id"`,
    )
      .bind(person.email, await cheapHashing.hash(person.password))
      .first<{ id: number }>();
    return row?.id ?? 0;
  },

  passwordHash: (email: string): Promise<string | null> =>
    env.DB.prepare('select "password_hash" from "accounts" where "email_key" = ?')
      .bind(email)
      .first<string>('password_hash'),

  /** Opens a session if the hash that was verified is still there. */
  async openSession(email: string, passwordHash: string): Promise<boolean> {
    const { meta } = await env.DB.prepare(
      `insert into "sessions" ("id", "account_id", "kind", "token_hash", "spent_hash", "spent_at", "created_at",
         "last_used_at", "expires_at", "revoked_at", "user_agent", "ip")
       select ?, "accounts"."id", 'session', null, null, null, 1, 1, 9e12, null, null, null
       from "accounts" where "accounts"."email_key" = ? and "accounts"."password_hash" = ? and "accounts"."active" = 1`,
    )
      .bind(crypto.randomUUID(), email, passwordHash)
      .run();
    return meta.changes > 0;
  },

  async logIn({ email, password }: { readonly email: string; readonly password: string }): Promise<boolean> {
    const passwordHash = (await before.passwordHash(email)) ?? '';
    return (await cheapHashing.verify(passwordHash, password)) && before.openSession(email, passwordHash);
  },

  async changePassword(email: string, from: string, to: string): Promise<void> {
    const current = await before.passwordHash(email);
    expect(await cheapHashing.verify(current ?? undefined, from)).toBe(true);
    await env.DB.prepare('update "accounts" set "password_hash" = ?, "updated_at" = 2 where "password_hash" = ?')
      .bind(await cheapHashing.hash(to), current)
      .run();
  },

  remove: (email: string) => env.DB.prepare('delete from "accounts" where "email_key" = ?').bind(email).run(),
};

const people = { early: stranger(), late: stranger() };

beforeAll(async () => {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS.slice(0, VERSION_1));
  await before.register(people.early);
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await before.register(people.late);
});

describe.each(['early', 'late'] as const)('an account that version 1 made %s', (when) => {
  it('logs in under both versions', async () => {
    await logIn(client, people[when]);
    expect(await before.logIn(people[when])).toBe(true);
  });

  it('has the password that version 1 changed', async () => {
    const { email, password } = people[when];
    await before.changePassword(email, password, 'changed by version 1');
    expect((await client.post('/api/login', { email, password })).status).toBe(401);
    await logIn(client, { email, password: 'changed by version 1' });
    await before.changePassword(email, 'changed by version 1', password);
  });

  it('has the password that this version changed', async () => {
    const { email, password } = people[when];
    const { access_token: token } = await logIn(client, { email, password });
    const change = { current_password: password, new_password: 'changed by version 2' };
    expect((await client.post('/api/password', change, { token })).status).toBe(204);
    expect(await before.logIn({ email, password })).toBe(false);
    expect(await before.logIn({ email, password: 'changed by version 2' })).toBe(true);
    await before.changePassword(email, 'changed by version 2', password);
  });

  it('is deleted by version 1 with its password', async () => {
    const person = { ...stranger() };
    const id = await before.register(person);
    await before.remove(person.email);
    const left = await env.DB.prepare('SELECT count(*) AS n FROM password_credentials WHERE account_id = ?')
      .bind(id)
      .first('n');
    expect(left).toBe(0);
  });
});

describe('an account that this version makes', () => {
  it('logs in under version 1, which a rollback brings back', async () => {
    const person = stranger();
    expect((await client.post('/api/register', { email: person.email, password: person.password })).status).toBe(201);
    expect(await before.logIn(person)).toBe(true);
    expect(await before.logIn({ ...person, password: 'not it' })).toBe(false);
    await logIn(client, person);
  });

  it('cannot log in under version 1 once its password was removed', async () => {
    const person = stranger();
    const { body } = await client.post('/api/register', { email: person.email, password: person.password });
    await env.DB.prepare('DELETE FROM password_credentials WHERE account_id = ?').bind(body.id).run();
    expect(await before.passwordHash(person.email)).toBe('');
    expect(await before.logIn(person)).toBe(false);
  });
});
