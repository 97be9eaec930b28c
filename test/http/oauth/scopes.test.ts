// A client's token may call what its scopes name, and never what only an admin may.
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { type DocumentedOperation, openApi } from '../../support/document.ts';
import { browsing, newApp, tokensFor } from '../../support/oauth.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const SCOPES = ['openid', 'profile', 'email', 'offline_access', 'entities:read', 'entities:write'];

interface Documented {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
  /** The sufficient scope; undefined where there is none. */
  readonly scope: string | undefined;
}

const operations: readonly Documented[] = Object.entries((await openApi()).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operation,
    scope: operation.security.flatMap((scheme) => (scheme.oauth2 as string[] | undefined) ?? [])[0],
  })),
);
const isOptional = ({ operation }: Documented) => operation.security.some((each) => Object.keys(each).length === 0);
const secured = operations.filter((it) => it.operation.security.length > 0 && !isOptional(it));
const named = secured.map((it) => [`${it.method} ${it.path}`, it] as const);
const open = operations.filter(isOptional).map((it) => [`${it.method} ${it.path}`, it] as const);

/** The operations and scopes of third-party clients. An operation that is added to a scope must be added here. */
const GRANTED = [
  'DELETE /auth/inventory entities:write',
  'DELETE /entities/{id} entities:write',
  'DELETE /games/{id} entities:write',
  'GET /oauth/userinfo openid',
  'PATCH /entities/{id} entities:write',
  'POST /auth/products entities:write',
  'POST /entities entities:write',
  'POST /games entities:write',
  'POST /oauth/userinfo openid',
  'PUT /auth/inventory entities:write',
  'PUT /entities/{id} entities:write',
];

const addressOf = (path: string, username: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'username') return username;
    if (name === 'preset') return 'compatible';
    return name.endsWith('_id') || /clients|sessions|passkeys/.test(path) ? crypto.randomUUID() : '1';
  });

/** A token for each scope that has all of them but that one, and one that has them all. */
const without: Record<string, string> = {};
let all = '';
let username = '';
/** A token with the scope `openid` alone. */
let bareToken = '';
/** A private entity of the account. */
let entity = { id: 0, code: '' };

beforeAll(async () => {
  const whose = await browsing(client);
  username = whose.username;
  const { access_token: token } = (await client.post('/api/login', whose)).body;
  // The one that is deleted below has the id 1.
  for (const code of [crypto.randomUUID(), crypto.randomUUID()]) {
    const diary = { code, type: 'diary', quantity: 1, visibility: 'private' };
    entity = { code, id: (await client.post('/entities', diary, { token })).body.id };
  }
  const app = await newApp(client, { scopes: SCOPES });
  all = (await tokensFor(client, app, whose, { scope: SCOPES.join(' ') })).access_token;
  bareToken = (await tokensFor(client, app, whose, { scope: 'openid' })).access_token;
  for (const scope of SCOPES) {
    const others = SCOPES.filter((it) => it !== scope).join(' ');
    without[scope] = (await tokensFor(client, app, whose, { scope: others })).access_token;
  }
});

describe('a third-party token', () => {
  it('reaches the operations listed here', () => {
    const granted = secured.filter(({ scope }) => scope !== undefined && scope !== 'account');
    expect(granted.map(({ method, path, scope }) => `${method} ${path} ${scope}`).sort()).toEqual(GRANTED);
  });

  it.each(named)('reaches %s with its scope, and with no other', async (_, { method, path, scope, operation }) => {
    const json = operation.requestBody?.content['application/json']?.example;
    const ask = (token: string) =>
      client.send(method, addressOf(path, username), { token, ...(json === undefined ? {} : { json }) });
    const isGranted = scope !== undefined && scope !== 'account';
    const refused = await ask((isGranted ? without[scope] : all) ?? '');
    expect(refused.status).toBe(403);
    const challenge = scope === undefined ? '' : `, scope="${scope}"`;
    expect(refused.headers.get('WWW-Authenticate')).toBe(`Bearer error="insufficient_scope"${challenge}`);
    if (isGranted) expect((await ask(all)).headers.get('WWW-Authenticate')).toBeNull();
  });

  it.each(open)('gets from %s what anybody gets, unless a scope names more', async (_, { method, path, operation }) => {
    const required = (operation.parameters ?? []).filter((it) => it.in === 'query' && it.required);
    const query = required.map((it) => (it.name === 'code' ? `code=${entity.code}` : `${it.name}=${it.example}`));
    const address = `${path.replace('{id}', String(entity.id))}?${query.join('&')}`;
    const json = operation.requestBody?.content['application/json']?.example;
    const ask = async (sending: { token?: string }) => {
      const { status, body } = await client.send(method, address, {
        ...sending,
        ...(json === undefined ? {} : { json }),
      });
      return { status, body: { ...body, request_id: undefined } };
    };
    const anybody = await ask({});
    expect(JSON.stringify(anybody)).not.toMatch(username);
    expect(await ask({ token: bareToken })).toEqual(anybody);
    expect(JSON.stringify(await ask({ token: without['entities:read'] ?? '' }))).not.toContain(`"${entity.code}"`);
    expect(JSON.stringify(await ask({ token: without.profile ?? '' }))).not.toMatch(username);
  });

  it('sees private data with its scope, and greets by name with profile', async () => {
    const read = async (token: string | undefined) =>
      (await client.get(`/entities/${entity.id}`, { token: token ?? '' })).status;
    expect(await Promise.all([read(all), read(without['entities:read']), read(bareToken)])).toEqual([200, 404, 404]);
    const greeting = async (token: string | undefined) => (await client.get('/', { token: token ?? '' })).text;
    expect(await greeting(all)).toContain(username);
    expect(await greeting(without.profile)).not.toContain(username);
  });
});

const STAMPS = [
  { offset: 0, score: { home: 0, away: 0 } },
  { offset: 5, score: { home: 1, away: 0 } },
];

describe("an admin's client", () => {
  it('has no admin rights, with the scope account either', async () => {
    const chief = await admin(client);
    const visitor = await signIn(client, chief);
    const app = await newApp(client, { first_party: true, scopes: ['account', 'openid'] });
    const { access_token: token } = await tokensFor(client, app, visitor, { scope: 'openid account' });
    const owner = await loggedIn(client);
    const entity = { code: crypto.randomUUID(), type: 'x', quantity: 1, visibility: 'private' };
    const { body } = await client.post('/entities', entity, { token: owner.access_token });
    const mine = { ...entity, code: crypto.randomUUID() };
    expect((await client.post('/entities', mine, { token })).status).toBe(201);

    expect((await client.get('/api/me', { token })).status).toBe(200);
    expect((await client.get(`/user/${owner.username}`, { token })).status).toBe(403);
    expect((await client.get(`/user/${chief.username}`, { token })).status).toBe(200);
    expect((await client.get(`/entities/${body.id}`, { token })).status).toBe(404);
    expect((await client.patch(`/entities/${body.id}`, { quantity: 2 }, { token })).status).toBe(404);
    expect((await client.delete(`/entities/${body.id}`, { token })).status).toBe(404);
    expect((await client.get(`/auth/inventory?code=${entity.code}`, { token })).status).toBe(404);
    const game = await client.post('/games', { stamps: STAMPS }, { token: owner.access_token });
    expect((await client.delete(`/games/${game.body.id}`, { token })).status).toBe(403);
    const listed = async (query: string, held: string) =>
      (await client.get(`/entities?${query}`, { token: held })).body.entities.map(({ code }: { code: string }) => code);
    for (const query of ['limit=100', `owner=${owner.id}`, `code=${entity.code}`, 'q=x', 'type=x', 'sort=quantity']) {
      expect(await listed(query, chief.access_token)).toContain(entity.code);
      expect(await listed(query, token)).not.toContain(entity.code);
    }
    expect(await listed('owner=me', token)).toContain(mine.code);
    expect(await listed('limit=100', token)).toContain(mine.code);
  });
});

describe('a scope that is taken away', () => {
  it('counts at the next authorize and refresh; account needs a first-party client', async () => {
    const { access_token: token } = await admin(client);
    const whose = await browsing(client);
    const app = await newApp(client, { first_party: true, scopes: ['openid', 'account', 'offline_access'] });
    const tokens = await tokensFor(client, app, whose, { scope: 'openid account offline_access' });
    const change = (json: object) => client.patch(`/api/admin/clients/${app.id}`, json, { token });
    expect((await change({ first_party: false })).status).toBe(400);
    expect((await change({ first_party: false, scopes: ['openid', 'offline_access'] })).status).toBe(200);
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: app.id };
    const { body } = await client.send('POST', '/oauth/token', { form });
    expect(body.scope).toBe('openid offline_access');
    expect((await change({ scopes: ['email'] })).status).toBe(200);
    const left = await client.send('POST', '/oauth/token', { form: { ...form, refresh_token: body.refresh_token } });
    expect(left.body.error).toBe('invalid_scope');
  });
});
