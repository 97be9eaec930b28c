// Each request leaves one line, and its answer says where the time went.
import { expect, it, vi } from 'vitest';
import { argon2id } from '../../../src/domain/passwords/argon2id.ts';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';

/** The log lines of requests since the spy was set. */
const linesOf = (log: {
  readonly mock: { readonly calls: readonly unknown[][] };
}): readonly Record<string, unknown>[] =>
  log.mock.calls.flatMap(([line]) =>
    typeof line === 'string' && line.includes('"event":"request"') ? [JSON.parse(line)] : [],
  );

it('a request is one line: its route, its account, the rows that D1 read and wrote, and no query', async () => {
  const client = newClient();
  const person = await loggedIn(client);
  const log = vi.spyOn(console, 'log');
  const { headers } = await client.get('/api/me?secret=1', { token: person.access_token });
  await client.patch('/api/me', { username: `renamed ${person.id}` }, { token: person.access_token });
  await client.get('/nowhere?secret=1');
  const [read, write, nowhere] = linesOf(log);
  expect(read).toEqual({
    event: 'request',
    request_id: headers.get('X-Request-Id'),
    method: 'GET',
    route: '/api/me',
    status: 200,
    duration_ms: expect.any(Number),
    user_id: person.id,
    d1_rows_read: 1,
    d1_rows_written: 0,
  });
  expect(write).toMatchObject({ route: '/api/me', user_id: person.id, d1_rows_written: expect.any(Number) });
  expect(write?.d1_rows_written).toBeGreaterThan(0);
  expect(nowhere).not.toHaveProperty('user_id');
  expect(JSON.stringify([read, write, nowhere])).not.toContain('secret');
});

it('no line and no data point holds a part of a path, whatever the answer is', async () => {
  const recorded: unknown[] = [];
  for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation((...args) => recorded.push(...args));
  const writeDataPoint = (point: unknown) => recorded.push(point);
  // The binding is optional, so Env has none.
  const client = newClient({ ANALYTICS: { writeDataPoint } } as Partial<Env>);
  const name = `mallory-${crypto.randomUUID()}`;
  const { access_token: token } = await loggedIn(client);
  const answers = [
    await client.get(`/user/${name}`),
    await client.get(`/user/${name}/`, { token }),
    await client.put(`/user/${name}?q=${name}`, {}, { token }),
    await client.post(`/user/${name}`, {}),
    await client.send('OPTIONS', `/user/${name}`),
    await client.send('HEAD', `/user/${name}`),
    await client.get(`/${name}`),
    await client.get(`/admin/users/${name}`),
    await client.get(`/auth/${name}`),
    await newClient({ DB: {} as D1Database }).get(`/user/${name}`, { token }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 403, 403, 405, 204, 401, 404, 303, 404, 500]);
  vi.restoreAllMocks();
  const record = JSON.stringify(recorded);
  expect(recorded.length).toBeGreaterThan(2 * answers.length);
  expect(record).toContain('/user/:username');
  expect(record).not.toContain(name);
});

it('every answer says in Server-Timing how long it waited for each part', async () => {
  const client = newClient({}, { hashing: argon2id });
  const timings = (headers: Headers) =>
    Object.fromEntries(
      [...(headers.get('Server-Timing') ?? '').matchAll(/(\w+);dur=([\d.]+)/g)].map(([, part, took]) => [
        part,
        Number(took),
      ]),
    );
  const login = timings(
    (await client.post('/api/login', { email: 'nobody@example.com', password: 'password' })).headers,
  );
  expect(Object.keys(login)).toEqual(['total', 'auth', 'd1', 'kv', 'hash']);
  expect(login.hash).toBeGreaterThan(0);
  expect(login.total).toBeGreaterThanOrEqual((login.hash ?? 0) + (login.d1 ?? 0));
  expect(timings((await client.get('/nowhere')).headers)).toMatchObject({ d1: 0, kv: 0, hash: 0 });
});

it('Analytics Engine gets a data point where it is bound', async () => {
  const writeDataPoint = vi.fn();
  // The binding is optional, so Env has none.
  const client = newClient({ ANALYTICS: { writeDataPoint } } as Partial<Env>);
  await client.get('/healthz');
  expect(writeDataPoint.mock.calls).toEqual([
    [{ indexes: ['/healthz'], blobs: ['/healthz', 'GET', '200'], doubles: [expect.any(Number), 0, 0, 0, 0, 0] }],
  ]);
});
