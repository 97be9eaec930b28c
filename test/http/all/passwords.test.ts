// Passwords are stored as Argon2id, may have any Unicode, and are never shown or logged.
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { argon2id } from '../../../src/domain/passwords/argon2id.ts';
import { newClient } from '../../support/client.ts';
import { loggedIn, logIn, registered, stranger } from '../../support/people.ts';

const client = newClient({}, { hashing: argon2id });

const hashOf = async (id: number): Promise<string> =>
  (await env.DB.prepare('SELECT hash FROM password_credentials WHERE account_id = ?').bind(id).first<string>('hash')) ??
  '';

describe('a password', () => {
  it('is stored as an Argon2id PHC string with the current parameters', async () => {
    const { id, password } = await registered(client);
    expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{24}\$[\w+/]{43}$/);
    expect(await hashOf(id)).not.toContain(password);
  });

  it.each([
    '  spaces kept  ',
    'пароль-密碼-🔑🔑',
    'nul\0byte',
    '𝔘'.repeat(256),
    'a'.repeat(256),
    '\u0001\u0002\u0003\u0004\u0005\u0006',
  ])('may be any Unicode: %j', async (password) => {
    const { email } = stranger();
    expect((await client.post('/api/register', { email, password })).status).toBe(201);
    await logIn(client, { email, password });
    for (const other of [
      `${password} `,
      password.slice(0, -1),
      password.trim().slice(1),
      password.split('\0')[0] ?? '',
    ].filter((text) => text !== password)) {
      expect((await client.post('/api/login', { email, password: other })).status).toBe(401);
    }
  });

  it('is the same however its characters were composed', async () => {
    const { email } = stranger();
    await client.post('/api/register', { email, password: 'cafe\u0301 ﬁne' });
    await logIn(client, { email, password: 'café fine' });
  });

  it.each(['a'.repeat(257), 'ﬁ'.repeat(129), '\ud800lone!', 5, null, ['password']])(
    'is refused as a new one: %j',
    async (password) => {
      const { status, body } = await client.post('/api/register', { email: stranger().email, password });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
    },
  );

  it('of six characters is long enough, of five not', async () => {
    expect((await client.post('/api/register', { email: stranger().email, password: '123456' })).status).toBe(201);
    expect((await client.post('/api/register', { email: stranger().email, password: '12345' })).body.code).toBe(
      'password_too_short',
    );
  });
});

describe('a hash with older parameters', () => {
  // "password" under m=1024, t=1, p=1.
  const OLDER = '$argon2id$v=19$m=1024,t=1,p=1$c29tZSBvbGRlciBzYWx0$O9GqFjUakPY651CCGZ9RH2BOzzX3rD8RwYiiYDdefsU';

  it('is replaced at the next login, and not by a wrong password', async () => {
    const { id, email } = await registered(client);
    await env.DB.prepare('UPDATE password_credentials SET hash = ? WHERE account_id = ?').bind(OLDER, id).run();
    expect((await client.post('/api/login', { email, password: 'not it' })).status).toBe(401);
    expect(await hashOf(id)).toBe(OLDER);
    await logIn(client, { email, password: 'password' });
    expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await logIn(client, { email, password: 'password' });
  });
});

describe('the log', () => {
  it('holds no token, password, hash or name', async () => {
    const lines: unknown[] = [];
    for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const)
      vi.spyOn(console, level).mockImplementation((...args) => lines.push(...args));
    const person = await loggedIn(client);
    const next = await client.post('/api/refresh', { refresh_token: person.refresh_token });
    await client.post('/api/refresh', { refresh_token: person.refresh_token });
    await client.get('/api/me', { token: person.access_token });
    await client.get(`/api/me?token=${person.access_token}`, { token: `${person.access_token}x` });
    await client.post('/api/register', { email: person.email, password: person.password });
    await client.post(
      '/api/password',
      { current_password: person.password, new_password: 'the next secret' },
      { token: person.access_token },
    );
    const broken = newClient({ DB: {} as D1Database });
    expect((await broken.post('/api/login', { email: person.email, password: person.password })).status).toBe(500);
    vi.restoreAllMocks();
    const log = JSON.stringify(lines);
    expect(lines.length).toBeGreaterThan(8);
    for (const secret of [
      person.access_token,
      person.refresh_token,
      next.body.refresh_token,
      person.password,
      'the next secret',
      person.email,
      '$argon2id',
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
