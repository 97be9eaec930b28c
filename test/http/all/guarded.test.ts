// Every secured operation of the OpenAPI document refuses callers without the right, and a refusal changes nothing.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { type DocumentedOperation, openApi } from '../../support/document.ts';
import { payloadOf, resigned } from '../../support/jwt.ts';
import { admin, loggedIn, type Person, sessionToken, signedIn } from '../../support/people.ts';

const client = newClient();

interface Guarded {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

const operations: readonly Guarded[] = Object.entries((await openApi()).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);
const isOptional = ({ operation }: Guarded) => operation.security.some((scheme) => Object.keys(scheme).length === 0);
const secured = operations.filter((it) => it.operation.security.length > 0 && !isOptional(it));
/** The greeting treats an invalid token as none, and refuses nobody. */
const isLenient = ({ path }: Guarded) => path === '/';
const optional = operations.filter((it) => isOptional(it) && !isLenient(it));
const named = (list: readonly Guarded[]) => list.map((it) => [`${it.method} ${it.path}`, it] as const);

/** Forgetting to declare a guard makes an operation public, so each public one must be listed here. */
const PUBLIC = [
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration',
  'GET /.well-known/jwks.json',
  'GET /games/{id}',
  'GET /games/{id}/score',
  'GET /healthz',
  'POST /api/email/undo',
  'POST /api/email/verify',
  'POST /api/login',
  'POST /api/login/passkey',
  'POST /api/login/passkey/options',
  'POST /api/logout',
  'POST /api/password/forgot',
  'POST /api/password/reset',
  'POST /api/refresh',
  'POST /api/register',
  'POST /auth',
  'POST /auth/login',
  'POST /auth/register',
  'POST /oauth/introspect',
  'POST /oauth/revoke',
  'POST /oauth/token',
  'POST /token',
  'POST /user',
];

interface Victim extends Person {
  readonly sessionId: string;
  readonly entityId: number;
  readonly gameId: number;
  readonly code: string;
}

/** A person with a session, a private entity and a game. */
async function victim(): Promise<Victim> {
  const person = await signedIn(client);
  const code = `private-${person.id}`;
  const { entityId } = (await client.env.DB.prepare(
    `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, words)
     VALUES (?, 'chair', 1, '{}', 1, ?, 1, ?, ?, '{"code":[],"type":[],"attributes":[]}') RETURNING id AS entityId`,
  )
    .bind(code, person.id, client.clock(), client.clock())
    .first<{ entityId: number }>()) ?? { entityId: 0 };
  const stamps = [{ offset: 0, score: { home: 0, away: 0 } }];
  const gameId: number = (await client.post('/games', { stamps }, { token: person.token })).body.id;
  return { ...person, sessionId: String(payloadOf(person.token).sid), entityId, gameId, code };
}

/** A client id that does not exist. */
const clientId = '6f9619ff-8b86-4011-b42d-00c04fc964ff';

/** The address of a person's own resource. An unknown parameter throws. */
function addressOf(path: string, whose: Victim): string {
  const ids = {
    '/api/admin/clients': clientId,
    '/api/sessions': whose.sessionId,
    '/entities': whose.entityId,
    '/games': whose.gameId,
  };
  const values: Record<string, string | number> = {
    username: encodeURIComponent(whose.username),
    preset: 'compatible',
    session_id: whose.sessionId,
    client_id: clientId,
    id: Object.entries(ids).find(([start]) => path.startsWith(start))?.[1] ?? whose.id,
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`what is {${name}} in ${path}?`);
    return String(values[name]);
  });
}

/** A request that is valid except for its sender. */
function ask(
  { method, path, operation }: Guarded,
  whose: Victim,
  headers: Record<string, string>,
  slash = '',
): Promise<Answer> {
  const json = operation.requestBody?.content['application/json']?.example;
  const query = path === '/auth/inventory' ? `?code=${whose.code}` : '';
  const body = json && query ? { ...(json as object), code: whose.code } : json;
  return client.send(method, `${addressOf(path, whose)}${slash}${query}`, {
    ...(body === undefined ? {} : { json: body }),
    headers,
  });
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Everything that is stored, without what a refusal may write: the trail, and the last use of a session. */
async function kept(): Promise<string> {
  const tables = ['accounts', 'sessions', 'entities', 'games', 'idempotency_keys', 'mails', 'one_time_tokens'];
  const rows = await client.env.DB.batch(tables.map((table) => client.env.DB.prepare(`SELECT * FROM ${table}`)));
  const settings = await client.env.CONFIG.list();
  return JSON.stringify([rows.map(({ results }) => results), settings.keys], (key, value) =>
    key === 'last_used_at' ? 0 : value,
  );
}

let target: Victim;
let stranger: readonly string[];
/** Access tokens that live on to their expiry, though their accounts do not. */
let orphaned: Record<string, string> = {};
/** Credentials that are no longer valid, or never were. */
const refused: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  const over = await signedIn(client);
  const [gone, off] = [await loggedIn(client), await loggedIn(client)];
  orphaned = { 'a deleted account': gone.access_token, 'a deactivated account': off.access_token };
  await client.delete('/api/me', { token: gone.access_token });
  expect((await client.delete('/auth', { token: over.token })).status).toBe(204);
  const deactivated = await signedIn(client);
  const { access_token: token } = await admin(client);
  for (const { id } of [deactivated, off]) {
    expect((await client.patch(`/api/admin/users/${id}`, { active: false }, { token })).status).toBe(200);
  }
  const deleted = await signedIn(client);
  expect((await client.delete('/api/me', { token: deleted.token })).status).toBe(204);
  const live = await loggedIn(client);
  const expired = await resigned(live.access_token, { payload: { exp: Math.floor(client.clock() / 1000) } });
  Object.assign(refused, {
    garbage: bearer('garbage'),
    'two tokens': { Authorization: `Bearer ${live.access_token}, Bearer ${live.access_token}` },
    'Basic credentials': { Authorization: `Basic ${btoa(`${live.username}:${live.password}`)}` },
    'a token as a cookie': { Authorization: 'Bearer', Cookie: `token=${live.access_token}` },
    'an expired token': bearer(expired),
    'a refresh token': bearer(live.refresh_token),
    "an ended session's token": bearer(over.token),
    "a deactivated account's session token": bearer(deactivated.token),
    "a deleted account's session token": bearer(deleted.token),
  });
  const person = await loggedIn(client);
  stranger = [person.access_token, await sessionToken(client, person)];
  target = await victim();
});

describe('the OpenAPI document', () => {
  it('has no public operations but those listed here', () => {
    const open = operations
      .filter(({ operation }) => operation.security.length === 0)
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.filter((it) => !PUBLIC.includes(it))).toEqual([]);
    expect(secured.length).toBeGreaterThan(20);
  });
});

describe.each(named(secured))('%s', (_, it_) => {
  it('asks for a token where none is sent', async () => {
    const before = await kept();
    for (const slash of ['', '/']) {
      const { status, headers, body } = await ask(it_, target, {}, slash);
      // The Envelope API's logout alone calls a missing token forbidden.
      if (it_.path === '/auth/logout')
        expect({ status, message: body.message }).toEqual({ status: 403, message: 'Provide a valid auth token.' });
      else expect({ status, challenge: headers.get('WWW-Authenticate') }).toEqual({ status: 401, challenge: 'Bearer' });
    }
    expect(await kept()).toBe(before);
  });

  it('refuses invalid tokens', async () => {
    const before = await kept();
    const answers = Object.entries(refused).map(
      async ([kind, headers]) => [kind, await ask(it_, target, headers)] as const,
    );
    for (const [kind, { status, headers }] of await Promise.all(answers)) {
      expect({ kind, status }).toEqual({ kind, status: 401 });
      expect(headers.get('WWW-Authenticate'), kind).toContain('error="invalid_token"');
      expect(headers.get('Cache-Control'), kind).toBe('no-store');
    }
    expect(await kept()).toBe(before);
  });

  it('lets an access token change nothing once its account may not', async () => {
    for (const [whose, token] of Object.entries(orphaned)) {
      const before = await kept();
      const { status } = await ask(it_, target, bearer(token));
      expect((await kept()) === before, `${whose} was answered ${status} and changed nothing`).toBe(true);
    }
  });
});

describe.each(named(optional))('%s', (_, it_) => {
  it('is not fooled by an invalid token', async () => {
    const before = await kept();
    const answers = Object.entries(refused).map(async ([kind, headers]) => ({
      kind,
      status: (await ask(it_, target, headers)).status,
    }));
    for (const { kind, status } of await Promise.all(answers)) expect({ kind, status }).toEqual({ kind, status: 401 });
    expect(await kept()).toBe(before);
  });
});

describe.each(named(operations.filter(isLenient)))('%s', (_, it_) => {
  it('treats an invalid token as none', async () => {
    const none = await ask(it_, target, {});
    for (const [kind, headers] of Object.entries(refused)) {
      const { status, body } = await ask(it_, target, headers);
      expect({ kind, status, body }).toEqual({ kind, status: 200, body: none.body });
    }
  });
});

/** Operations that name somebody else's resource, or act on a product by its code. Games are public. */
const foreign = [...secured, ...optional].filter(
  ({ method, path }) =>
    (path.includes('{') && !(method === 'GET' && path.startsWith('/games/'))) ||
    path === '/auth/inventory' ||
    path.startsWith('/api/admin/'),
);

describe.each(named(foreign))('a stranger at %s', (_, it_) => {
  it(`is ${it_.path.startsWith('/api/admin/') ? 'forbidden' : 'kept from resources of others'}`, async () => {
    const before = await kept();
    for (const token of stranger) {
      const { status } = await ask(it_, target, bearer(token));
      if (it_.path.startsWith('/api/admin/') || it_.path.startsWith('/user/')) expect(status).toBe(403);
      else expect([403, 404]).toContain(status);
    }
    expect(await kept()).toBe(before);
  });
});
