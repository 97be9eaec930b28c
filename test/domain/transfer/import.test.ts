// Importing accounts: each line is read, and stands or falls, by itself; a line whose account exists changes nothing.
import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { importAccounts, type LineResult } from '../../../src/domain/transfer/import.ts';
import { HASH, lastEvent, newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { type AllPorts, domainPorts } from '../../support/domain/ports.ts';

const OPTIONS = { allowAdmins: false, replace: false, withoutPassword: false };
const LATER = '2027-01-20T21:00:00Z';

let ports: AllPorts;
let bossId: number;
beforeEach(async () => {
  ports = await domainPorts();
  bossId = (await newAdmin(ports)).id;
});

const textOf = (line: object | string) => (typeof line === 'string' ? line : JSON.stringify(line));
const write = (lines: readonly (object | string)[], options = OPTIONS, by = administering(bossId)) =>
  importAccounts(ports, lines.map(textOf), options, by);
async function results(lines: readonly (object | string)[], options = OPTIONS): Promise<readonly LineResult[]> {
  const written = await write(lines, options);
  if (isRefusal(written)) throw new Error(written.refused);
  return written;
}
const one = async (line: object | string, options = OPTIONS) => (await results([line], options))[0];
const find = async (result: LineResult | undefined) => ports.administration.find(result?.id ?? 0);

let count = 0;
const newcomer = () => {
  count += 1;
  return { email: `Newcomer.${count}@example.com`, username: `Newcomer ${count}`, password_hash: HASH };
};

describe('a line', () => {
  it('becomes an account with everything it has, and unknown fields are ignored', async () => {
    const data = JSON.parse('{"city": "Málaga", "__proto__": {"a": 1}}');
    const line = { ...newcomer(), email: ' ANN@Example.COM ', email_verified: true, active: false, data, unknown: 1 };
    const result = await one({ ...line, created_at: '2014-03-02T01:00:00.123456+02:00' });
    expect(result).toEqual({ line: 1, result: 'imported', id: expect.any(Number) });
    const account = await find(result);
    expect(account).toMatchObject({ email: 'ANN@Example.COM', emailVerified: true, active: false, role: 'user' });
    expect([JSON.stringify(account?.data), account?.updatedAt]).toEqual([JSON.stringify(data), NOW]);
    expect(new Date(account?.createdAt ?? 0).toISOString()).toBe('2014-03-01T23:00:00.123Z');
  });

  it('that has a name alone is an active user without a password, made now', async () => {
    const result = await one({ username: 'Bare', email: '', password_hash: null });
    const created = { role: 'user', active: true, data: {}, createdAt: NOW, emailVerified: false, email: null };
    expect(await find(result)).toMatchObject(created);
  });

  it('has no verified email without an email', async () => {
    expect(await find(await one({ username: 'Bare', email_verified: true }))).toMatchObject({ emailVerified: false });
  });

  it('is an admin only where the options allow it', async () => {
    const refused = { line: 1, result: 'refused', code: 'role_not_allowed', path: 'role' };
    expect(await one({ ...newcomer(), role: 'admin' })).toEqual(refused);
    const result = await one({ ...newcomer(), role: 'admin' }, { ...OPTIONS, allowAdmins: true });
    expect(await find(result)).toMatchObject({ role: 'admin' });
  });

  it('with a hash that is refused may come without a password', async () => {
    const dear = { ...newcomer(), password_hash: '$2b$14$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW' };
    expect(await one(dear)).toMatchObject({ code: 'hash_too_expensive', path: 'password_hash' });
    expect(await one({ ...newcomer(), password_hash: 'md5$salt$5f' })).toMatchObject({ code: 'unsupported_hash' });
    expect(await one(dear, { ...OPTIONS, withoutPassword: true })).toMatchObject({ result: 'imported' });
  });

  it.each<[string, object | string]>([
    ['', 'not JSON'],
    ['', '["a", "list"]'],
    ['', 'null'],
    ['', `{"username": "long", "data": {"a": "${'x'.repeat(64 * 1024)}"}}`],
    ['username', {}],
    ['username', { email: '', username: null }],
    ['email', { email: 'no address' }],
    ['email', { email: 5 }],
    ['username', { username: 'with@sign' }],
    ['email_verified', { email_verified: 'yes' }],
    ['active', { active: 1 }],
    ['role', { role: 'owner' }],
    ['data', { data: [] }],
    ['data', { data: { a: 'x'.repeat(17 * 1024) } }],
    ...['email', 'otp', 'username', 'password', 'id', 'role', 'active', 'created_at', 'updated_at'].map(
      (key): [string, object] => ['data', { data: { [key]: 'mine' } }],
    ),
    ['created_at', { created_at: 'yesterday' }],
    ['created_at', { created_at: 1_700_000_000 }],
    ['created_at', { created_at: '2019-13-20T21:00:00Z' }],
    ['created_at', { created_at: '2999-11-20T21:00:00Z' }],
    ['password_hash', { password_hash: ['$2b$'] }],
    ['refresh_tokens', { refresh_tokens: 'a token' }],
    ['refresh_tokens', { refresh_tokens: Array(101).fill({ token: 'x'.repeat(16), expires_at: LATER }) }],
    ['refresh_tokens.0.expires_at', { refresh_tokens: [{ token: 'x'.repeat(16) }] }],
    ['refresh_tokens.0', { refresh_tokens: [{ token: 'x'.repeat(15), expires_at: LATER }] }],
    ['refresh_tokens.0', { refresh_tokens: [{ token: 'x'.repeat(2049), expires_at: LATER }] }],
    ['refresh_tokens.0', { refresh_tokens: [{ sha256: 'ab', expires_at: LATER }] }],
  ])('is refused for %j where it is not valid', async (path, wrong) => {
    const isWhole = typeof wrong === 'string' || path === 'username' || Object.hasOwn(wrong, 'username');
    const line = isWhole ? wrong : { username: 'Somebody', ...wrong };
    expect(await one(line)).toEqual({ line: 1, result: 'refused', code: 'invalid_line', path });
    const { items } = await ports.administration.list({}, undefined, 9);
    expect(items.map(({ id }) => id)).toEqual([bossId]);
  });

  it('brings the refresh tokens that have not expired, as themselves or as their hashes', async () => {
    const hash = 'AB'.repeat(32);
    const refresh_tokens = [
      { token: 'x'.repeat(16), expires_at: LATER },
      { sha256: hash, expires_at: '2999-01-20T21:00:00Z' },
      { token: 'y'.repeat(16), expires_at: '2020-01-20T21:00:00Z' },
    ];
    const result = await one({ ...newcomer(), refresh_tokens });
    const { items } = await ports.ownData.sessions(result?.id ?? 0, undefined);
    expect(items).toHaveLength(2);
    // No refresh token lives longer than a setting may let it.
    expect(Math.max(...items.map(({ expiresAt }) => expiresAt))).toBeLessThan(Date.parse('2999-01-01'));
    const ends = { expiresAt: NOW + 9, maxAgeMs: 1000 };
    expect(await ports.sessions.rotate(null, hash.toLowerCase(), 'next', ends, NOW)).toMatchObject({
      accountId: result?.id,
    });
  });
});

describe('a line whose account exists', () => {
  it('is reported as existing, however often it comes and whoever made the account', async () => {
    const line = newcomer();
    const imported = await one(line);
    for (const again of [line, { email: line.email.toUpperCase() }, { username: line.username }])
      expect(await one(again)).toEqual({ line: 1, result: 'existing', id: imported?.id });
    const { id, email } = await newAccount(ports);
    expect(await one({ email })).toEqual({ line: 1, result: 'existing', id, code: 'signed_up_here' });
  });

  it('is refused where its names are those of two accounts, for the name that is another’s', async () => {
    const [a, b] = [newcomer(), newcomer()];
    await results([a, b]);
    const mixed = { email: a.email, username: b.username };
    expect(await one(mixed)).toMatchObject({ code: 'username_taken', path: 'username' });
    const { email } = await newAccount(ports);
    expect(await one({ email, username: a.username })).toMatchObject({ code: 'email_taken', path: 'email' });
  });

  it('is told apart from others of the same call, in their order', async () => {
    const [a, b] = [newcomer(), newcomer()];
    const call = [a, '', { ...a, username: b.username }, 'broken', b, a, { email: a.email, username: b.username }];
    const found = await results(call);
    expect(found.map(({ line, result }) => `${line} ${result}`)).toEqual([
      '1 imported',
      '3 refused',
      '4 refused',
      '5 imported',
      '6 existing',
      '7 refused',
    ]);
    expect(await lastEvent(ports, {})).toMatchObject({ detail: { imported: 2, refused: 3 } });
  });

  it('is refused where its refresh token is another’s', async () => {
    const refresh_tokens = [{ token: 'x'.repeat(16), expires_at: LATER }];
    await one({ ...newcomer(), refresh_tokens });
    const refused = { code: 'invalid_line', path: 'refresh_tokens' };
    expect(await one({ ...newcomer(), refresh_tokens })).toMatchObject(refused);
  });

  it('is replaced where the options say so, and nobody has used it', async () => {
    const line = newcomer();
    const imported = await one(line);
    const replacing = { ...OPTIONS, replace: true };
    const again = { ...line, data: { b: 2 } };
    expect(await one(again)).toMatchObject({ result: 'existing' });
    expect(await one(again, replacing)).toEqual({ line: 1, result: 'imported', id: imported?.id });
    expect(await find(imported)).toMatchObject({ data: { b: 2 } });
  });
});

it('an import is an admin’s', async () => {
  const { id } = await newAccount(ports);
  expect(await write([newcomer()], OPTIONS, administering(id))).toMatchObject({ refused: 'forbidden' });
});
