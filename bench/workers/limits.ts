// What the runtime itself costs: the least a Worker could do for each of our operations, written by hand.
import { Hono } from 'hono';
import { jwtVerify } from 'jose';
import { argon2id } from '../../src/domain/passwords/argon2id.ts';
import { importKeys, type Keys } from '../../src/domain/tokens/keys.ts';

const app = new Hono<{ Bindings: Env }>();
let kept: Keys | undefined;

/** The same verify as ours: the library, the key and the claims that are asked for. */
async function verified(env: Env, authorization: string | undefined): Promise<string | undefined> {
  kept ??= await importKeys(env.JWT_KEYS, env.SECRET_KEYS);
  const keys = kept;
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

const one = (env: Env, id: string | undefined) =>
  env.DB.prepare('SELECT id, username, email FROM accounts WHERE id = ?').bind(Number(id)).first();

app.get('/json', (c) => c.json({ id: 1 }));
app.get('/verify', async (c) => c.json({ id: await verified(c.env, c.req.header('Authorization')) }));
app.get('/verify-select', async (c) => c.json(await one(c.env, await verified(c.env, c.req.header('Authorization')))));
app.get('/select/:id', async (c) => c.json(await one(c.env, c.req.param('id'))));
/** What an answer of ours shows of an entity. */
const ENTITY = 'id, code, type, quantity, attributes, private, owner_id, version, created_at, updated_at';
const shown = ({ attributes, ...row }: Record<string, unknown>) => ({
  ...row,
  attributes: JSON.parse(String(attributes)),
});
app.get('/entity/:id', async (c) => {
  const row = await c.env.DB.prepare(`SELECT ${ENTITY} FROM entities WHERE id = ?`)
    .bind(Number(c.req.param('id')))
    .first();
  return row ? c.json(shown(row)) : c.notFound();
});
app.get('/entities-20', async (c) => {
  const { results } = await c.env.DB.prepare(`SELECT ${ENTITY} FROM entities ORDER BY id LIMIT 20`).all();
  return c.json({ entities: results.map(shown) });
});
app.post('/insert', async (c) => {
  const { name } = await c.req.json<{ name: string }>();
  const { meta } = await c.env.DB.prepare('INSERT INTO notes (name) VALUES (?)').bind(name).run();
  return c.json({ id: meta.last_row_id });
});
const update = (env: Env, id: number) =>
  env.DB.prepare('UPDATE notes SET uses = uses + 1 WHERE id = ? RETURNING id, uses').bind(id).first();
app.post('/update', async (c) => c.json(await update(c.env, (await c.req.json<{ id: number }>()).id)));
app.post('/update-put', async (c) => {
  const row = await update(c.env, (await c.req.json<{ id: number }>()).id);
  c.executionCtx.waitUntil(
    c.env.REFRESH_TOKENS.put(crypto.randomUUID(), JSON.stringify(row), { expirationTtl: 24 * 60 * 60 }),
  );
  return c.json(row);
});
app.post('/argon2', async (c) =>
  c.json({ hash: await argon2id.hash((await c.req.json<{ password: string }>()).password) }),
);

export default app;
