// Names that look like others are refused for new accounts and new names, on every surface, and still log in where they
// exist.
import { describe, expect, it } from 'vitest';
import { foldKey, normaliseName } from '../../../src/domain/accounts/names.ts';
import { newClient } from '../../support/client.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { loggedIn, stranger } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });

const INVISIBLE = 'must not have characters that are invisible or blank';
const MIXED = 'must not mix Latin letters with Cyrillic or Greek ones';
const FAKES = [
  ['ad\u3164min', INVISIBLE],
  ['ad\u2800min', INVISIBLE],
  ['admin\ufe0f', INVISIBLE],
  ['\u0430dmin', MIXED],
  ['adm\u03b9n', MIXED],
] as const;

describe.each(FAKES)('the username %j', (username, message) => {
  const errors = [{ path: 'username', message }];

  it('signs nobody up, and the answer says why', async () => {
    const { email, password } = stranger();
    for (const path of ['/api/register', '/user']) {
      const { status, body } = await client.post(path, { email, password, username });
      expect({ path, status, code: body.code, errors: body.errors }).toEqual({
        path,
        status: 400,
        code: 'invalid_body',
        errors,
      });
    }
    const { status, body } = await client.post('/auth/register', { email, password, username });
    expect({ status, body }).toEqual({ status: 400, body: { status: 'error', message: 'Invalid payload.' } });
  });

  it('is no new name of an account', async () => {
    const { access_token: token } = await loggedIn(client);
    const { status, body } = await client.patch('/api/me', { username }, { token });
    expect({ status, errors: body.errors }).toEqual({ status: 400, errors });
  });

  it('logs in where an account has it already', async () => {
    const { password } = stranger();
    const name = `${normaliseName(username)} ${crypto.randomUUID().slice(0, 8)}`;
    const { id } = (await client.env.DB.prepare(
      `INSERT INTO accounts (username, username_key, password_hash, role, active, data, created_at, updated_at)
       VALUES (?1, ?2, ?3, 'user', 1, '{}', 1, 1) RETURNING id`,
    )
      .bind(name, foldKey(name), await cheapHashing.hash(password))
      .first<{ id: number }>()) ?? { id: 0 };
    const { status, body } = await client.post('/api/login', { username: name, password });
    expect(status).toBe(200);
    expect((await client.get('/api/me', { token: body.access_token })).body).toEqual({ id, username: name, email: '' });
    expect((await client.post('/auth', { username: name.toUpperCase(), password })).status).toBe(200);
    const other = await client.patch('/api/me', { email: stranger().email }, { token: body.access_token });
    expect({ status: other.status, username: other.body.username }).toEqual({ status: 200, username: name });
  });
});
