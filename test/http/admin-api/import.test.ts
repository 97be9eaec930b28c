// Importing accounts: each line by itself, once, whole, and nothing beside it.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { importer } from '../../support/imports.ts';
import { admin, loggedIn, logIn, registered, stranger } from '../../support/people.ts';
import { RACE_TIMEOUT_MS, raced } from '../../support/race.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();
const { boss, send, one } = await importer(client);
const user = await loggedIn(client);
const cheap = (password: string) => `$cheap$${crypto.randomUUID()}$${password}`;

/** A line for a new account. */
function newcomer() {
  const { email, username, password } = stranger();
  return { password, line: { email, username, password_hash: cheap(password) } };
}

const accountAt = async (id: number) => (await client.get(`/api/admin/users/${id}`, { token: boss.access_token })).body;
const rows = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n')) ?? 0;

describe('a line', () => {
  it('may have a name that looks like another one: somebody is known by it', async () => {
    const username = `Ив${stranger().username}`;
    expect((await client.post('/api/register', { username, password: 'correct horse' })).status).toBe(400);
    const { result, id } = await one({ username });
    expect({ result, username: (await accountAt(id)).username }).toEqual({ result: 'imported', username });
  });

  it('with an email that somebody may still take back is refused', async () => {
    const { line } = newcomer();
    await env.DB.prepare(
      `INSERT INTO one_time_tokens (id, purpose, account_id, email, email_key, requested, created_at, expires_at)
       VALUES (?1, 'undo_email', ?2, ?3, ?4, 0, 0, 9e15)`,
    )
      .bind(crypto.randomUUID(), user.id, line.email, line.email.toLowerCase())
      .run();
    expect(await one(line)).toEqual({ result: 'refused', code: 'email_taken', path: 'email' });
    expect((await one({ ...line, email: undefined })).result).toBe('imported');
  });

  it('with a verified email is as if the account had followed the link', async () => {
    const { line } = newcomer();
    const { id } = await one({ ...line, email_verified: true });
    const row = await env.DB.prepare(
      'SELECT verified_email_key = email_key AS verified, ever_verified FROM accounts WHERE id = ?',
    )
      .bind(id)
      .first();
    expect(row).toEqual({ verified: 1, ever_verified: 1 });
  });

  it('becomes an account with everything it has', async () => {
    const { email, username } = stranger();
    const line = {
      email: ` ${email.toUpperCase()} `,
      username: `${username} ﬁne`,
      email_verified: true,
      role: 'user',
      active: false,
      data: JSON.parse('{"city": "Málaga", "__proto__": {"a": 1}}'),
      created_at: '2014-03-02T01:00:00.123456+02:00',
      unknown: 'is ignored',
    };
    const { result, id } = await one(line);
    expect(result).toBe('imported');
    expect(await accountAt(id)).toEqual({
      id,
      email: email.toUpperCase(),
      email_verified: true,
      username: `${username} fine`,
      role: 'user',
      active: false,
      data: line.data,
      created_at: '2014-03-01T23:00:00.123Z',
      updated_at: new Date(client.clock()).toISOString(),
    });
  });

  it('that has a name alone is an active user without a password, made now', async () => {
    const { username } = stranger();
    const { id } = await one({ username, email: '', password_hash: null });
    expect(await accountAt(id)).toMatchObject({
      email: null,
      email_verified: false,
      role: 'user',
      active: true,
      data: {},
    });
    const credentials = await env.DB.prepare('SELECT 1 FROM password_credentials WHERE account_id = ?').bind(id).all();
    expect(credentials.results).toEqual([]);
    for (const password of ['', 'null', username])
      expect((await client.post('/api/login', { username, password })).status).toBe(401);
  });

  it('logs in with its password, on every surface', async () => {
    const { line, password } = newcomer();
    await one(line);
    await logIn(client, { email: line.email, password });
    expect((await client.post('/auth/login', { email: line.email, password })).status).toBe(200);
    expect((await client.post('/auth', { username: line.username, password })).status).toBe(200);
    expect((await client.post('/token', { email: line.email, password })).status).toBe(200);
    expect((await client.post('/api/login', { email: line.email, password: `${password}x` })).status).toBe(401);
  });

  it('is an admin only where the query allows it', async () => {
    const { line } = newcomer();
    expect(await one({ ...line, role: 'admin' })).toEqual({
      result: 'refused',
      code: 'role_not_allowed',
      path: 'role',
    });
    const { id } = await one({ ...line, role: 'admin' }, '?allow_admins=true');
    expect((await accountAt(id)).role).toBe('admin');
  });

  it('with a hash that is refused may come without a password', async () => {
    const { line } = newcomer();
    const dear = { ...line, password_hash: '$2b$14$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW' };
    expect(await one(dear)).toEqual({ result: 'refused', code: 'hash_too_expensive', path: 'password_hash' });
    const unknown = { ...line, password_hash: 'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99' };
    expect(await one(unknown)).toEqual({ result: 'refused', code: 'unsupported_hash', path: 'password_hash' });
    expect(await one(dear, '?without_password=true')).toMatchObject({ result: 'imported' });
  });

  // Every rule of a line: test/domain/transfer/import.test.ts.
  it.each<[string, object | string]>([
    ['', 'not JSON'],
    ['username', {}],
    ['data', { data: { a: 'x'.repeat(17 * 1024) } }],
    ['refresh_tokens.0.expires_at', { refresh_tokens: [{ token: 'x'.repeat(16) }] }],
  ])('is refused for %j where it is not valid', async (path, wrong) => {
    const before = await rows('accounts');
    const isWhole = typeof wrong === 'string' || path === 'username' || Object.hasOwn(wrong, 'username');
    const line = isWhole ? wrong : { username: stranger().username, ...wrong };
    expect(await one(line)).toEqual({ result: 'refused', code: 'invalid_line', path });
    expect(await rows('accounts')).toBe(before);
  });
});

describe('a line whose account exists', () => {
  it('is reported as existing, however often it comes and whoever made the account', async () => {
    const { line } = newcomer();
    const { id } = await one(line);
    for (const again of [
      line,
      { ...line, email: line.email.toUpperCase() },
      { email: line.email },
      { username: line.username },
    ])
      expect(await one(again)).toEqual({ result: 'existing', id });
    const person = await registered(client);
    expect(await one({ email: person.email, password_hash: cheap('another') })).toEqual({
      result: 'existing',
      id: person.id,
      code: 'signed_up_here',
    });
    await logIn(client, person);
  });

  it('is told apart from others of the same call', async () => {
    const [a, b] = [newcomer().line, newcomer().line];
    const { body } = await send([
      a,
      '',
      { ...a, username: b.username },
      'broken',
      b,
      a,
      { email: a.email, username: b.username },
    ]);
    const results = body.results.map(({ line, result }: { line: number; result: string }) => `${line} ${result}`);
    expect(results).toEqual(['1 imported', '3 refused', '4 refused', '5 imported', '6 existing', '7 refused']);
    expect(body.results[1]).toEqual({ line: 3, result: 'refused', code: 'username_taken', path: 'username' });
    expect(body).toMatchObject({ imported: 2, existing: 1, refused: 3 });
  });
});

describe('?replace=true', () => {
  it('replaces an account that an import made and nobody has used, whole, under the same id', async () => {
    const { line, password } = newcomer();
    const [old, next] = [crypto.randomUUID(), crypto.randomUUID()];
    const expires_at = new Date(client.clock() + 86_400_000).toISOString();
    const { id } = await one({ ...line, data: { a: 1 }, refresh_tokens: [{ token: old, expires_at }] });
    const changed = {
      email: stranger().email,
      username: line.username,
      password_hash: cheap('changed there'),
      active: true,
    };
    expect(await one({ ...changed, refresh_tokens: [{ token: next, expires_at }] }, '?replace=true')).toEqual({
      result: 'imported',
      id,
    });
    expect(await accountAt(id)).toMatchObject({ email: changed.email, username: line.username, data: {} });
    expect((await client.post('/api/login', { username: line.username, password })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: old })).status).toBe(401);
    // Once more, with the very token that it has.
    expect(await one({ ...changed, refresh_tokens: [{ token: next, expires_at }] }, '?replace=true')).toMatchObject({
      id,
    });
    expect((await client.post('/api/refresh', { refresh_token: next })).status).toBe(200);
    await logIn(client, { email: changed.email, password: 'changed there' });
  });

  it('clears fields that the line no longer has', async () => {
    const { line } = newcomer();
    const { id } = await one({ ...line, email_verified: true, role: 'admin', data: { a: 1 } }, '?allow_admins=true');
    expect(await one({ username: line.username }, '?replace=true')).toEqual({ result: 'imported', id });
    expect(await accountAt(id)).toMatchObject({ email: null, email_verified: false, role: 'user', data: {} });
  });

  type Line = ReturnType<typeof newcomer> & { readonly id: number };

  it.each<[string, (them: Line) => Promise<unknown>]>([
    ['logged in', ({ line, password }) => logIn(client, { email: line.email, password })],
    ['refreshed', ({ line }) => client.post('/api/refresh', { refresh_token: `token of ${line.email}` })],
    ['logged out', ({ line }) => client.post('/api/logout', { refresh_token: `token of ${line.email}` })],
    [
      'was deactivated',
      ({ id }) => client.patch(`/api/admin/users/${id}`, { active: false }, { token: boss.access_token }),
    ],
    ['was changed', ({ line }) => client.patch(`/user/${line.username}`, { a: 1 }, { token: boss.access_token })],
  ])('leaves an account alone that %s since', async (_, use) => {
    const { line, password } = newcomer();
    const token = { token: `token of ${line.email}`, expires_at: new Date(client.clock() + 86_400_000).toISOString() };
    const { id } = await one({ ...line, refresh_tokens: [token] });
    await use({ line, password, id });
    const before = await accountAt(id);
    expect(await one({ ...line, data: { b: 2 }, password_hash: cheap('other') }, '?replace=true')).toEqual({
      result: 'existing',
      id,
    });
    expect(await accountAt(id)).toEqual(before);
  });

  it('leaves an account alone that signed up here', async () => {
    const { email, id } = await registered(client);
    expect(await one({ email, password_hash: cheap('taken over') }, '?replace=true')).toEqual({
      result: 'existing',
      id,
      code: 'signed_up_here',
    });
    expect((await client.post('/api/login', { email, password: 'taken over' })).status).toBe(401);
  });

  it('replaces an account once, by the first of two lines that fit it', async () => {
    const { line } = newcomer();
    const { id } = await one(line);
    const [email, username] = [stranger().email, stranger().username];
    const { body } = await send(
      [
        { ...line, username },
        { email, username: line.username },
      ],
      '?replace=true',
    );
    expect(body.results).toEqual([
      { line: 1, result: 'imported', id },
      { line: 2, result: 'existing', id },
    ]);
    expect(await accountAt(id)).toMatchObject({ email: line.email, username });
  });
});

describe('the event', () => {
  it('has the counts of its call, and marks what the call made', async () => {
    const { line } = newcomer();
    const person = await registered(client);
    await send([line, { email: person.email }, 'broken', newcomer().line]);
    const { body } = await client.get('/api/admin/audit?action=accounts.imported&limit=1', {
      token: boss.access_token,
    });
    expect(body.events[0]).toMatchObject({
      actor_id: boss.id,
      user_id: null,
      detail: { imported: 2, existing: 1, refused: 1 },
    });
    const made = await env.DB.prepare('SELECT count(*) AS n FROM accounts WHERE import_id = ?')
      .bind(body.events[0].detail.import_id)
      .first('n');
    expect(made).toBe(2);
  });
});

describe('a call', () => {
  const post = (raw: BodyInit, token: string, type = 'application/x-ndjson', query = '') =>
    client.send('POST', `/api/admin/users/import${query}`, { raw, token, headers: { 'Content-Type': type } });

  it('of 2 000 lines takes three round trips, two of which identify the caller', async () => {
    const { env: stores, calls, reset } = counted(env);
    const counting = newClient(stores, { clock: client.clock });
    const lines = Array.from({ length: 2000 }, () => newcomer().line);
    reset();
    const { status, body } = await counting.send('POST', '/api/admin/users/import', {
      raw: lines.map((line) => JSON.stringify(line)).join('\n'),
      token: boss.access_token,
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    expect({ status, imported: body.imported }).toEqual({ status: 200, imported: 2000 });
    expect(calls).toMatchObject({ d1: 3, kvWrites: 0 });
    expect((await send(lines)).body).toMatchObject({ imported: 0, existing: 2000, refused: 0 });
  });

  it('of 4 MiB is written whole, in as many round trips', async () => {
    const { env: stores, calls, reset } = counted(env);
    const counting = newClient(stores, { clock: client.clock });
    const lines = Array.from({ length: 260 }, () => ({ ...newcomer().line, data: { a: 'x'.repeat(15_800) } }));
    const raw = lines.map((line) => JSON.stringify(line)).join('\n');
    expect(raw.length).toBeGreaterThan(3.9 * 1024 * 1024);
    reset();
    const { body } = await counting.send('POST', '/api/admin/users/import', {
      raw,
      token: boss.access_token,
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    expect(body).toMatchObject({ imported: 260, refused: 0 });
    expect(calls.d1).toBe(3);
  });

  it('without lines imports nothing', async () => {
    expect((await post('', boss.access_token)).body).toMatchObject({
      imported: 0,
      existing: 0,
      refused: 0,
      results: [],
    });
  });

  it.each<[string, number, () => Promise<{ readonly status: number }>]>([
    ['by nobody', 401, () => post(JSON.stringify(newcomer().line), '')],
    ['by somebody who is no admin', 403, async () => post(JSON.stringify(newcomer().line), user.access_token)],
    ['as JSON', 415, () => post(JSON.stringify(newcomer().line), boss.access_token, 'application/json')],
    ['as a form', 415, () => post('username=ben', boss.access_token, 'application/x-www-form-urlencoded')],
    [
      'in Latin-1',
      415,
      () => post(JSON.stringify(newcomer().line), boss.access_token, 'application/x-ndjson; charset=latin1'),
    ],
    [
      'of 2 001 lines',
      413,
      () => post(Array.from({ length: 2001 }, () => JSON.stringify(newcomer().line)).join('\n'), boss.access_token),
    ],
    [
      'of 5 MiB',
      413,
      () => post(`${JSON.stringify(newcomer().line)}\n`.padEnd(5 * 1024 * 1024, '\n'), boss.access_token),
    ],
    [
      'of bytes that are no UTF-8',
      400,
      () =>
        post(
          new Uint8Array([...new TextEncoder().encode(JSON.stringify(newcomer().line)), 0x0a, 0xff]),
          boss.access_token,
        ),
    ],
    [
      'with an option that is neither true nor false',
      400,
      () => post(JSON.stringify(newcomer().line), boss.access_token, 'application/x-ndjson', '?replace=yes'),
    ],
  ])('%s is refused, and writes nothing', async (_, status, call) => {
    const [accounts, events] = [await rows('accounts'), await rows("audit_events WHERE action = 'accounts.imported'")];
    expect((await call()).status).toBe(status);
    expect(await rows('accounts')).toBe(accounts);
    expect(await rows("audit_events WHERE action = 'accounts.imported'")).toBe(events);
  });
});

describe('an import where admins need a second factor', () => {
  it('is refused without one, and writes nothing', async () => {
    const { line } = newcomer();
    await configure(client, { ADMIN_SECOND_FACTOR_REQUIRED: 'true' });
    const { status, body } = await send([line]);
    await configure(client, { ADMIN_SECOND_FACTOR_REQUIRED: null });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'second_factor_enrollment_required' });
    expect((await one(line)).result).toBe('imported');
  });

  it('asks for recent credentials where changes do', async () => {
    const { line } = newcomer();
    const late = await importer(client);
    await env.DB.prepare('UPDATE sessions SET authenticated_at = 0 WHERE account_id = ?').bind(late.boss.id).run();
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: 'true' });
    const { status, body } = await late.send([line]);
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: null });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'reauthentication_required' });
    expect((await late.one(line)).result).toBe('imported');
  });
});

describe('an import that something else overtakes', () => {
  it('by a former admin writes nothing', async () => {
    const held = heldD1(env.DB);
    const slow = newClient({ DB: held.DB }, { clock: client.clock });
    const former = await admin(client);
    const { line } = newcomer();
    const events = await rows("audit_events WHERE action = 'accounts.imported'");
    // The admin, before the body and after it, and then the batch.
    const came = held.hold(2);
    const answer = slow.send('POST', '/api/admin/users/import', {
      raw: JSON.stringify(line),
      token: former.access_token,
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    await came;
    await client.patch(`/api/admin/users/${former.id}`, { role: 'user' }, { token: boss.access_token });
    held.letGo();
    expect((await answer).status).toBe(403);
    expect((await client.post('/api/login', line)).status).toBe(400);
    expect(await rows("audit_events WHERE action = 'accounts.imported'")).toBe(events);
    expect((await one(line)).result).toBe('imported');
  });

  it(
    'by the same import makes each account once',
    async ({ annotate }) => {
      await raced(annotate, async (start) => {
        const lines = Array.from({ length: 20 }, (_, index) => ({
          ...newcomer().line,
          refresh_tokens: [{ token: `token ${index} ${crypto.randomUUID()}`, expires_at: '2999-01-01T00:00:00Z' }],
        }));
        const answers = await start([() => send(lines), () => send(lines), () => send(lines, '?replace=true')]);
        const made = answers.map(({ body }) => body.imported);
        const keys = JSON.stringify(lines.map(({ email }) => email.toLowerCase()));
        const count = (sql: string) => env.DB.prepare(sql).bind(keys).first<number>('n');
        const accounts = 'FROM accounts WHERE email_key IN (SELECT value FROM json_each(?))';
        expect(await count(`SELECT count(*) AS n ${accounts}`)).toBe(20);
        expect(await count(`SELECT count(*) AS n FROM sessions WHERE account_id IN (SELECT id ${accounts})`)).toBe(20);
        expect(made.filter((imported) => imported === 20).length).toBeGreaterThan(0);
        return made.join('/');
      });
    },
    RACE_TIMEOUT_MS,
  );

  it(
    'by a login is a login, and the account is not replaced',
    async ({ annotate }) => {
      await raced(annotate, async (start) => {
        const { line, password } = newcomer();
        const { id } = await one(line);
        const [login, replaced] = await start([
          () => client.post('/api/login', { email: line.email, password }),
          () => send([{ ...line, password_hash: cheap('another') }], '?replace=true'),
        ]);
        const result = replaced?.body.results[0];
        expect(result.id).toBe(id);
        // The second write finds the result of the first: a login that was overtaken opens nothing.
        if (login?.status === 200) expect(result.result).toBe('existing');
        else expect({ status: login?.status, result: result.result }).toEqual({ status: 401, result: 'imported' });
        return `${login?.status} ${result.result}`;
      });
    },
    RACE_TIMEOUT_MS,
  );
});
