// The audit trail in the administration: newest first, page by page, by account and by action.
import { beforeAll, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, stranger } from '../../support/people.ts';

const client = newClient();
const path = '/api/admin/audit';
let token: string;

beforeAll(async () => {
  token = (await admin(client)).access_token;
});

it('has the actor, action, account, time and address of each event', async () => {
  const { email, password } = stranger();
  const { body: account } = await client.post('/api/register', { email, password });
  const headers = { 'CF-Connecting-IP': '203.0.113.7', 'User-Agent': 'a browser' };
  await client.post('/api/login', { email, password }, { headers });
  const { body } = await client.get(`${path}?user_id=${account.id}&limit=1`, { token });
  expect(body.events).toEqual([
    {
      id: expect.any(Number),
      at: new Date(client.clock()).toISOString(),
      action: 'login.succeeded',
      actor_id: account.id,
      user_id: account.id,
      ip: '203.0.113.7',
      user_agent: 'a browser',
      detail: { session_id: expect.any(String), kind: 'refresh', amr: ['pwd'] },
    },
  ]);
});

it('reads each event once, newest first, page by page', async () => {
  const person = await loggedIn(client);
  for (let login = 0; login < 3; login += 1)
    await client.post('/api/login', { email: person.email, password: 'not it' });
  const ids: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { events: { id: number }[]; next_cursor: string | null } = (
      await client.get(`${path}/?user_id=${person.id}&limit=2${cursor && `&cursor=${cursor}`}`, { token })
    ).body;
    ids.push(...page.events.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(ids).toHaveLength(5);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
});

it('filters by action, with and without an account', async () => {
  const person = await loggedIn(client);
  const own = (await client.get(`${path}?user_id=${person.id}&action=account.registered`, { token })).body.events;
  expect(own.map(({ action, user_id }: { action: string; user_id: number }) => [action, user_id])).toEqual([
    ['account.registered', person.id],
  ]);
  const all = (await client.get(`${path}?action=account.registered&limit=100`, { token })).body.events;
  expect(new Set(all.map(({ action }: { action: string }) => action))).toEqual(new Set(['account.registered']));
});

it('refuses a cursor that is made up or of another query', async () => {
  const { next_cursor: cursor } = (await client.get(`${path}?limit=1`, { token })).body;
  for (const query of ['cursor=Nw', `action=login.succeeded&cursor=${cursor}`]) {
    const { status, body } = await client.get(`${path}?${query}`, { token });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_cursor' });
  }
});

it.each(['action=everything', 'user_id=me', 'limit=1000'])('refuses ?%s', async (query) => {
  const { status, body } = await client.get(`${path}?${query}`, { token });
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_query' });
});
