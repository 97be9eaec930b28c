// The cost of the runtime itself: the least a Worker could do for each of our operations, written by hand. A statement
// here is one of ours without its conditions: the same table, columns and indexes, and so the same rows, in one round
// trip as well. The conditions of ours (who may see or do it, whether that account is active) are part of its cost, and
// so are the token, the log line and the headers. test/bench/limits.test.ts holds both to the same rows.
import { Hono } from 'hono';
import { jwtVerify } from 'jose';
import { argon2id } from '../../src/domain/passwords/argon2id.ts';
import { importKeys, type Keys } from '../../src/domain/tokens/keys.ts';

const app = new Hono<{ Bindings: Env }>();
let imported: Keys | undefined;

/** The same verify as ours: the library, the key and the required claims. */
async function verified(env: Env, authorization: string | undefined): Promise<string | undefined> {
  imported ??= await importKeys(env.JWT_KEYS, env.SECRET_KEYS);
  const keys = imported;
  const { payload } = await jwtVerify(
    (authorization ?? '').slice('Bearer '.length),
    ({ kid }) => keys.verifying.get(kid ?? '') as CryptoKey,
    {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: env.ISSUER,
      audience: env.ISSUER,
      requiredClaims: ['iss', 'aud', 'client_id', 'sub', 'sid', 'iat', 'exp', 'jti', 'token_use'],
    },
  );
  return payload.sub;
}

const oneOf = async <T = Record<string, unknown>>(statement: D1PreparedStatement): Promise<T | undefined> =>
  (await statement.all<T>()).results[0];

const ACCOUNT = 'id, username, email, email_key, verified_email_key, role, active, data, created_at, updated_at';
const account = (env: Env, id: string | undefined) =>
  oneOf(env.DB.prepare(`SELECT ${ACCOUNT} FROM accounts WHERE id = ?`).bind(Number(id)));

app.get('/json', (c) => c.json({ id: 1 }));
app.get('/verify', async (c) => c.json({ id: await verified(c.env, c.req.header('Authorization')) }));
app.get('/verify-select', async (c) =>
  c.json(await account(c.env, await verified(c.env, c.req.header('Authorization')))),
);
app.get('/accounts/:id', async (c) => c.json(await account(c.env, c.req.param('id'))));

const ENTITY = 'id, code, type, quantity, attributes, private, owner_id, version, created_at, updated_at';
const shown = ({ attributes, ...row }: Record<string, unknown>) => ({
  ...row,
  attributes: JSON.parse(String(attributes)),
});

app.get('/entities/:id', async (c) => {
  const statement = c.env.DB.prepare(`SELECT ${ENTITY} FROM entities WHERE id = ?`);
  const row = await oneOf(statement.bind(Number(c.req.param('id'))));
  return row ? c.json(shown(row)) : c.notFound();
});

/** Along our index, with the extra row that tells whether there is another page. */
app.get('/entities', async (c) => {
  const { results } = await c.env.DB.prepare(
    `SELECT ${ENTITY}, seq FROM entities INDEXED BY entities_by_id WHERE private = 0 ORDER BY id LIMIT 21`,
  ).all();
  return c.json({ entities: results.slice(0, 20).map(shown) });
});

interface NewEntity {
  readonly code: string;
  readonly type: string;
  readonly quantity: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A row, the counter of ids, thirteen indexes and three words: `owned` is given as well, or a trigger would write the
 * row once more.
 */
app.post('/entities', async (c) => {
  const { code, type, quantity, attributes } = await c.req.json<NewEntity>();
  const words = { code: [code], type: [type], attributes: Object.values(attributes) };
  const now = Date.now();
  const statement = c.env.DB.prepare(
    `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, words,
       owned)
     VALUES (?, ?, ?, ?, 0, 1, 1, ?, ?, ?, 1) RETURNING ${ENTITY}`,
  );
  const row = await oneOf(
    statement.bind(code, type, quantity, JSON.stringify(attributes), now, now, JSON.stringify(words)),
  );
  return c.json(shown(row ?? {}), 201);
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** A session to rotate, looked up by its token where ours is looked up by the token's hash. */
app.post('/session', async (c) => {
  const [token, now] = [crypto.randomUUID(), Date.now()];
  await c.env.DB.prepare(
    `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at, authenticated_at,
       amr)
     VALUES (?, 1, 'refresh', ?, ?, ?, ?, ?, 'pwd')`,
  )
    .bind(crypto.randomUUID(), token, now, now, now + 30 * DAY_MS, now)
    .run();
  return c.json({ refresh_token: token });
});

interface Rotated {
  readonly id: string;
  readonly account_id: number;
}

/** The row and the index on its token, found by that index. */
function rotated(env: Env, presented: string, next: string): Promise<Rotated | undefined> {
  const now = Date.now();
  const statement = env.DB.prepare(
    `UPDATE sessions SET token_hash = ?, spent_hash = ?, spent_at = ?, last_used_at = ?, expires_at = ?
     WHERE token_hash = ? AND revoked_at IS NULL AND expires_at > ?
     RETURNING id, account_id, client_id, scope, created_at, authenticated_at, amr`,
  );
  return oneOf<Rotated>(statement.bind(next, presented, now, now, now + 30 * DAY_MS, presented, now));
}

app.post('/rotate', async (c) => {
  const next = crypto.randomUUID();
  const { refresh_token } = await c.req.json<{ refresh_token: string }>();
  const session = await rotated(c.env, refresh_token, next);
  return session ? c.json({ refresh_token: next }) : c.notFound();
});

/** As ours: the next token is put into KV after the answer. */
app.post('/rotate-put', async (c) => {
  const next = crypto.randomUUID();
  const { refresh_token } = await c.req.json<{ refresh_token: string }>();
  const session = await rotated(c.env, refresh_token, next);
  if (!session) return c.notFound();
  const issued = { session_id: session.id, user_id: session.account_id, issued_at: Date.now() };
  c.executionCtx.waitUntil(
    c.env.REFRESH_TOKENS.put(next, JSON.stringify(issued), { expirationTtl: (30 * DAY_MS) / 1000 }),
  );
  return c.json({ refresh_token: next });
});

app.post('/argon2', async (c) =>
  c.json({ hash: await argon2id.hash((await c.req.json<{ password: string }>()).password) }),
);

export default app;
