// Each source reads the export of another service, and names what it leaves out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { parseMap } from '../../scripts/import/sources/columns.ts';
import type { SourceOptions } from '../../scripts/import/sources/source.ts';
import { SOURCES } from '../../scripts/import/sources/table.ts';
import { isProblem, readAccountLine } from '../../src/domain/transfer/account-line.ts';

const directory = mkdtempSync(join(tmpdir(), 'latchkey-sources-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
function written(content: string): string {
  files += 1;
  const file = join(directory, String(files));
  writeFileSync(file, content);
  return file;
}

const OPTIONS: SourceOptions = { map: new Map(), table: undefined, allowAdmins: false, onRead: () => {} };
const context = {
  options: { allowAdmins: true, replace: false, withoutPassword: false },
  refuseHash: () => undefined,
  now: Date.parse('2026-11-20T21:00:00Z'),
};

/** The records of a source as the lines that an import sends. */
async function recordsOf(source: string, file: string, options: Partial<SourceOptions> = {}) {
  const records: { line: Record<string, unknown>; left: readonly string[] }[] = [];
  const reading = SOURCES[source]?.(file, { ...OPTIONS, ...options });
  if (!reading) throw new Error(`no source ${source}`);
  for await (const { line, left } of reading) {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    const read = await readAccountLine(text, context);
    expect(isProblem(read), `${JSON.stringify(read)} of ${text}`).toBe(false);
    records.push({ line: JSON.parse(text), left });
  }
  return records;
}

const BCRYPT = '$2a$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const at = '2024-05-01T10:00:00';

describe('csv', () => {
  it('takes the columns that --map names, and those named as fields are', async () => {
    const file = written(
      '\ufeffLogin,password_hash,City,Shoes,active,Token,Until\n' +
        `"ben@example.com",${BCRYPT},"Málaga, ""ES""",43,no,${'t'.repeat(20)},2027-01-01 00:00:00\n`,
    );
    const map = parseMap('email=Login,data.city=City,refresh_token=Token,refresh_token_expires_at=Until');
    const [record] = await recordsOf('csv', file, { map });
    expect(record?.line).toEqual({
      email: 'ben@example.com',
      password_hash: BCRYPT,
      active: false,
      data: { city: 'Málaga, "ES"' },
      refresh_tokens: [{ token: 't'.repeat(20), expires_at: '2027-01-01T00:00:00Z' }],
    });
    expect(record?.left).toEqual(['Shoes']);
  });
});

describe('django', () => {
  const dump = (fields: object) => written(JSON.stringify([{ model: 'auth.user', pk: 7, fields }]));
  const user = {
    password: 'pbkdf2_sha256$260000$salt$aGFzaA==',
    username: 'ben',
    email: 'ben@example.com',
    first_name: 'Ben',
    is_active: true,
    is_superuser: true,
    groups: [1],
    user_permissions: [],
    date_joined: `${at}Z`,
    last_login: `${at}Z`,
  };

  it('takes users, and says which rights they had', async () => {
    const [record] = await recordsOf('django', dump(user));
    expect(record?.line).toMatchObject({
      username: 'ben',
      email: 'ben@example.com',
      password_hash: user.password,
      active: true,
      created_at: `${at}Z`,
      data: { first_name: 'Ben', old_id: 7 },
    });
    expect(record?.line.role).toBeUndefined();
    expect(record?.left).toEqual(['groups', 'last_login', 'is_superuser']);
  });

  it('makes superusers admins with --allow-admins, and an unusable password none', async () => {
    const [record] = await recordsOf('django', dump({ ...user, password: '!unusable' }), { allowAdmins: true });
    expect(record?.line.role).toBe('admin');
    expect(record?.line.password_hash).toBeUndefined();
    expect(record?.left).not.toContain('is_superuser');
  });
});

describe('flask', () => {
  it('takes the one table that has passwords, whatever its columns are called', async () => {
    const file = join(directory, 'app.sqlite3');
    const database = new DatabaseSync(file);
    database.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, password BLOB, registered_on TEXT,
      confirmed INTEGER, is_admin INTEGER, phone TEXT); CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT)`);
    database
      .prepare('INSERT INTO users VALUES (3, ?, ?, ?, 1, 1, ?)')
      .run('ben@example.com', Buffer.from(BCRYPT), '2024-05-01 10:00:00.123456', '555');
    database.close();
    const [record] = await recordsOf('flask', file);
    expect(record?.line).toMatchObject({
      email: 'ben@example.com',
      password_hash: BCRYPT,
      email_verified: true,
      created_at: '2024-05-01T10:00:00.123456Z',
      data: { old_id: 3 },
    });
    expect(record?.left).toEqual(['is_admin', 'phone']);
    expect((await recordsOf('flask', file, { allowAdmins: true }))[0]?.line.role).toBe('admin');
  });

  it('takes a CSV file as well', async () => {
    const [record] = await recordsOf('flask', written(`id,username,password_hash\n1,ben,${BCRYPT}\n`));
    expect(record?.line).toMatchObject({ username: 'ben', password_hash: BCRYPT });
  });
});

it('supabase: auth.users as CSV', async () => {
  const metadata = JSON.stringify({ sub: 'x', email: 'ben@example.com', city: 'Lisbon' }).replaceAll('"', '""');
  const time = at.replace('T', ' ');
  const file = written(
    `id,email,encrypted_password,email_confirmed_at,raw_user_meta_data,phone,banned_until,created_at
5f1c,ben@example.com,${BCRYPT},${time}+00,"${metadata}",555,2999-01-01 00:00:00+00,${time}.5+00
`,
  );
  const [record] = await recordsOf('supabase', file);
  expect(record?.line).toMatchObject({
    email: 'ben@example.com',
    email_verified: true,
    password_hash: BCRYPT,
    active: false,
    created_at: `${at}.5+00:00`,
    data: { city: 'Lisbon', old_id: '5f1c' },
  });
  expect(record?.left).toEqual(['phone']);
});

it('better-auth: the accounts may come before or after their users', async () => {
  const user = [{ id: 'u1', email: 'ben@example.com', name: 'Ben', emailVerified: true, createdAt: `${at}Z` }];
  const account = [
    { userId: 'u1', providerId: 'credential', password: 'aa:bb' },
    { userId: 'u1', providerId: 'github' },
  ];
  for (const document of [
    { user, account },
    { account, user },
  ]) {
    const [record, ...more] = await recordsOf('better-auth', written(JSON.stringify(document)));
    expect(more).toEqual([]);
    expect(record?.line).toMatchObject({
      email: 'ben@example.com',
      email_verified: true,
      password_hash: 'aa:bb',
      data: { name: 'Ben', old_id: 'u1' },
    });
    expect(record?.left).toEqual(['login with github']);
  }
});

it('firebase: a hash with its salt, and providers by name', async () => {
  const user = {
    localId: 'f1',
    email: 'ben@example.com',
    emailVerified: true,
    passwordHash: 'aGFzaA==',
    salt: 'c2FsdA==',
    createdAt: '1714557600000',
    disabled: true,
    providerUserInfo: [{ providerId: 'password' }, { providerId: 'google.com' }],
    mfaInfo: [{}],
  };
  const [record] = await recordsOf('firebase', written(JSON.stringify({ users: [user] })));
  expect(record?.line).toMatchObject({
    password_hash: '$firebase-scrypt$c2FsdA==$aGFzaA==',
    email_verified: true,
    active: false,
    created_at: '2024-05-01T10:00:00.000Z',
    data: { old_id: 'f1' },
  });
  expect(record?.left).toEqual(['login with google.com', 'mfaInfo']);
});

it('auth0: a bulk export, with password hashes if it has them', async () => {
  const user = {
    user_id: 'auth0|1',
    email: 'ben@example.com',
    email_verified: false,
    passwordHash: BCRYPT,
    created_at: `${at}.000Z`,
    user_metadata: { city: 'Lisbon', id: 9 },
    app_metadata: { plan: 'gold' },
    identities: [{ provider: 'auth0' }, { provider: 'google-oauth2' }],
  };
  const [record] = await recordsOf('auth0', written(`${JSON.stringify(user)}\n`));
  expect(record?.line).toMatchObject({
    email: 'ben@example.com',
    email_verified: false,
    password_hash: BCRYPT,
    active: true,
    data: { city: 'Lisbon', old_id: 'auth0|1' },
  });
  expect(record?.left).toEqual(['login with google-oauth2', 'app_metadata', 'id']);
});

it('latchkey: lines as they are, longer than a piece of the file', async () => {
  const lines = Array.from({ length: 20 }, (_, number) => ({
    username: `user ${number}`,
    data: { a: 'é'.repeat(7000) },
  }));
  const records = await recordsOf('latchkey', written(lines.map((line) => JSON.stringify(line)).join('\r\n')));
  expect(records.map(({ line }) => line)).toEqual(lines);
});

it('a time without a zone is UTC, and a missing time stays missing', async () => {
  const file = written(
    ['created_at,username', '2024-05-01 10:00,a', '1714557600,b', '2024-05-01T10:00:00+0200,c', '2024-05-01,d'].join(
      '\n',
    ),
  );
  expect((await recordsOf('csv', file)).map(({ line }) => line.created_at)).toEqual([
    '2024-05-01T10:00Z',
    '2024-05-01T10:00:00.000Z',
    '2024-05-01T10:00:00+02:00',
    '2024-05-01T00:00:00Z',
  ]);
});
