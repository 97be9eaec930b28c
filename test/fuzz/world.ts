// The sender of the requests: an account with a token, a session and an entity, made anew once a request used it up.
import { env } from 'cloudflare:workers';
import { newTokenId, type OneTimePurpose, oneTimeTokenOf } from '../../src/domain/one-time-tokens/one-time-token.ts';
import { hashToken } from '../../src/domain/sessions/refresh-token.ts';
import { importKeys } from '../../src/domain/tokens/keys.ts';
import type { Answer } from '../support/client.ts';
import { resigned } from '../support/jwt.ts';
import { newMailClient } from '../support/mailbox.ts';
import { stranger } from '../support/people.ts';
import { preparationOf } from './factors.ts';
import type { Plan } from './plan.ts';

type Values = Readonly<Record<string, string>>;

const client = newMailClient({ RATE_LIMITS: 'off' });

const DAY_MS = 24 * 60 * 60 * 1000;
/** The id of an account, whose address is a statement's first value. */
const ACCOUNT = '(SELECT id FROM accounts WHERE email_key = ?1)';
/** Longer than an isolate or the edge caches a setting. */
const SETTINGS_FORGOTTEN_MS = 60 * 1000;

let values: Values | undefined;
export const counts = { requests: 0, statuses: new Map<number, number>(), accounts: 0 };

/** A token and a password hash that are really ours, made once: signing and storing more of them costs no Argon2id. */
let template: Promise<Awaited<ReturnType<typeof newTemplate>>> | undefined;

async function newTemplate() {
  const person = stranger();
  const { body, text } = await client.post('/auth/register', person);
  if (typeof body?.auth_token !== 'string') throw new Error(`nobody can sign up: ${text}`);
  const row = await env.DB.prepare(
    'SELECT hash FROM password_credentials JOIN accounts ON id = account_id WHERE email = ?',
  )
    .bind(person.email)
    .first<{ hash: string }>();
  return {
    token: body.auth_token as string,
    hash: row?.hash ?? '',
    password: person.password,
  };
}

const put = (sql: string, values: readonly unknown[]) => env.DB.prepare(sql).bind(...values);

/** An account with a session, and the statements that put them where the Worker would have put them. */
async function newcomer(role: 'user' | 'admin', tokenHash: string | null) {
  template ??= newTemplate();
  const { token, hash, password } = await template;
  const { email, username } = stranger();
  const sid = crypto.randomUUID();
  const now = client.clock();
  counts.accounts += 1;
  return {
    email,
    statements: [
      put(
        `INSERT INTO accounts (username, username_key, email, email_key, password_hash, role, active, data, created_at,
           updated_at)
         VALUES (?1, ?1, ?2, ?2, ?3, ?4, 1, '{}', ?5, ?5) RETURNING id`,
        [username, email, hash, role, now],
      ),
      put(
        `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at)
         VALUES (?2, ${ACCOUNT}, ?3, ?4, ?5, ?5, ?6)`,
        [email, sid, tokenHash ? 'refresh' : 'session', tokenHash, now, now + DAY_MS],
      ),
    ],
    /** What a plan needs to know of the account, once it has its id. */
    values: async (id: number): Promise<Values> => {
      const exp = Math.floor((now + DAY_MS) / 1000);
      return {
        username,
        email,
        password,
        current_password: password,
        user_id: String(id),
        session_id: sid,
        token: await resigned(token, { payload: { sub: String(id), sid, exp } }),
      };
    },
  };
}

/** The purpose of a body's `token`, by the operation that takes it. */
const MAILED: Readonly<Record<string, OneTimePurpose>> = {
  '/api/email/verify': 'verify_email',
  '/api/email/undo': 'undo_email',
  '/api/password/reset': 'reset_password',
};

const keys = importKeys(env.JWT_KEYS, env.SECRET_KEYS);

/** The tokens of links that were mailed to the address, by purpose, and the statements that store them. */
async function mailedTokens(email: string) {
  const now = client.clock();
  const made = Object.values(MAILED).map((purpose) => ({ purpose, id: newTokenId() }));
  const tokens = made.map(async ({ purpose, id }) => [purpose, await oneTimeTokenOf(await keys, purpose, id)] as const);
  const statements = made.map(({ purpose, id }) =>
    put(
      `INSERT INTO one_time_tokens (id, purpose, account_id, email, email_key, requested, created_at, expires_at)
       VALUES (?2, ?3, ${ACCOUNT}, ?1, ?1, 0, ?4, ?5)`,
      [email, id, purpose, now, now + DAY_MS],
    ),
  );
  return { values: Object.fromEntries(await Promise.all(tokens)), statements };
}

/** An app that the account of the address has granted scopes, and the statements that store it. */
async function newApp(email: string) {
  const [id, secret, uri] = [crypto.randomUUID(), 'a'.repeat(43), 'https://app.example/callback'];
  const now = client.clock();
  const statements = [
    put(
      `INSERT INTO clients (id, name, kind, redirect_uris, post_logout_redirect_uris, scopes, first_party,
         id_token_algorithm, secret_hash, created_at, updated_at)
       VALUES (?1, 'An app', 'confidential', ?2, ?2, 'openid entities:read', 0, 'ES256', ?3, ?4, ?4)`,
      [id, JSON.stringify([uri]), await hashToken(secret), now],
    ),
    put(
      `INSERT INTO grants (account_id, client_id, scopes, created_at, last_used_at)
       VALUES (${ACCOUNT}, ?2, 'openid', ?3, ?3)`,
      [email, id, now],
    ),
  ];
  const uris = { redirect_uris: uri, post_logout_redirect_uris: uri };
  const rest = { client_secret: secret, scope: 'entities:read', grant_type: 'client_credentials' };
  return { values: { client_id: id, ...rest, ...uris }, statements };
}

/** An account with all that a request may name, and an admin: stored by one call, of which fuzzing makes thousands. */
async function newValues(): Promise<Values> {
  const refresh_token = crypto.randomUUID();
  const user = await newcomer('user', await hashToken(refresh_token));
  const admin = await newcomer('admin', null);
  const { email } = user;
  const code = `code-${counts.accounts}`;
  const now = client.clock();
  const [mailed, app] = [await mailedTokens(email), await newApp(email)];
  const answers = await env.DB.batch<{ id: number }>([
    ...user.statements,
    ...admin.statements,
    put(
      `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at,
         words)
       VALUES (?2, 'chair', 1, '{}', 0, ${ACCOUNT}, 1, ?3, ?3, '{"code":[],"type":[],"attributes":[]}')
       RETURNING id`,
      [email, code, now],
    ),
    put(
      `INSERT INTO games (stamps, changes, first_offset, last_offset, owner_id, created_at)
       VALUES (1, 1, 0, 0, ${ACCOUNT}, ?2) RETURNING id`,
      [email, now],
    ),
    put('INSERT INTO game_scores SELECT max(id), 0, 0, 0 FROM games', []),
    ...mailed.statements,
    ...app.statements,
  ]);
  const ids = answers.flatMap(({ results }) => results.map(({ id }) => id));
  const [userId = 0, adminId = 0, entityId = 0, gameId = 0] = ids;
  return {
    ...(await user.values(userId)),
    ...mailed.values,
    ...app.values,
    admin_token: (await admin.values(adminId)).token ?? '',
    preset: 'compatible',
    code,
    entity_id: String(entityId),
    game_id: String(gameId),
    refresh_token,
  };
}

const fresh = (name: string): string => `fresh-${counts.requests}${name === 'fresh_email' ? '@example.com' : ''}`;

const filled = (text: string, live: Values): string =>
  text.replaceAll(
    /\{\{(\w+)\}\}/g,
    (whole, name: string) => live[name] ?? (name.startsWith('fresh_') ? fresh(name) : whole),
  );

/** A credential is an object, which its placeholder, a string, stands for. */
const filledBody = (text: string, live: Values): string =>
  filled(live.credential ? text.replaceAll('"{{credential}}"', () => live.credential ?? '') : text, live);

/** The live values, with those that the operation needs. */
async function valuesFor({ method, path }: Plan): Promise<Values> {
  const route = `${method} ${path}`;
  const prepare = preparationOf(method, path);
  if (prepare && values?.prepared !== route) values = undefined;
  values ??= await newValues();
  if (prepare && values.prepared !== route)
    values = { ...values, ...(await prepare(client, values.token ?? '')), prepared: route };
  return values;
}

/** Sends the request of a plan; the client itself throws for an answer that the document does not describe. */
export async function sendPlan(plan: Plan): Promise<Answer> {
  const live = await valuesFor(plan);
  const mailed = MAILED[plan.path];
  const inBody = mailed ? { ...live, token: live[mailed] ?? '' } : live;
  const query = plan.query
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(filled(value, live).toWellFormed())}`,
    )
    .join('&');
  const answer = await client.send(plan.method, `${filled(plan.path, live)}${query ? `?${query}` : ''}`, {
    headers: Object.fromEntries(Object.entries(plan.headers).map(([name, value]) => [name, filled(value, live)])),
    ...(plan.body === undefined
      ? {}
      : { raw: typeof plan.body === 'string' ? filledBody(plan.body, inBody) : plan.body }),
  });
  counts.requests += 1;
  counts.statuses.set(answer.status, (counts.statuses.get(answer.status) ?? 0) + 1);
  if (isUsedUp(plan, answer)) values = undefined;
  if (plan.path.startsWith('/api/admin/settings') && plan.method !== 'GET') await forgetSettings();
  return answer;
}

/** Whether a live value may no longer be live: it was changed, ended or deleted, or the account is locked. */
const isUsedUp = ({ method }: Plan, { status }: Answer): boolean =>
  status === 429 || status === 401 || (status < 300 && method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS');

async function forgetSettings(): Promise<void> {
  const { keys } = await env.CONFIG.list();
  await Promise.all(keys.map(({ name }) => env.CONFIG.delete(name)));
  client.clock.advance(SETTINGS_FORGOTTEN_MS);
  values = undefined;
}

/** Texts that no answer may hold: a store's message, a stack, a hash. */
const LEAK = /D1_ERROR|SQLITE_|\.ts:\d|at async |\$argon2id\$/;

/** The error of an answer that the document does not forbid; undefined for none. */
export function faultOf({ status, text, body, headers }: Answer): string | undefined {
  if (status >= 500) return `${status} ${text}`;
  if (LEAK.test(text)) return `leaks ${text.slice(0, 300)}`;
  if (!headers.get('X-Request-Id') || headers.get('X-Content-Type-Options') !== 'nosniff')
    return 'lacks its base headers';
  // A client that did not authenticate by Basic gets no challenge (RFC 6749 §5.2).
  const isClients = status === 401 && body?.error === 'invalid_client';
  const challenge = headers.get('WWW-Authenticate') ?? '';
  if (status === 401 && !(isClients ? /^(Basic .*)?$/ : /^Bearer/).test(challenge)) return '401 with no challenge';
  if (status === 405 && !headers.get('Allow')) return '405 with no Allow';
  if (status === 429 && !/^[1-9]\d*$/.test(headers.get('Retry-After') ?? '')) return '429 with no Retry-After';
  return undefined;
}
