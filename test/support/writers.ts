// Accounts that write, with their sessions, tokens and things: put into D1 as the Worker would have put them.
import { env } from 'cloudflare:workers';
import type { TokenUse } from '../../src/domain/tokens/claims.ts';
import { csrfTokenOf } from '../../src/domain/tokens/csrf-token.ts';
import { signToken } from '../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../src/domain/tokens/keys.ts';
import { cheapHashing } from './hashing.ts';
import { stranger } from './people.ts';
import { unique } from './things.ts';

const HOUR_SECONDS = 60 * 60;
export const PASSWORD = 'the current secret';

export interface Writer {
  readonly id: number;
  readonly username: string;
  readonly sessionId: string;
  /** A public entity of theirs, a game, and another live session. */
  readonly entity: { readonly id: number; readonly code: string };
  readonly game: { readonly id: number };
  readonly otherSessionId: string;
  /** The time of the writer's calls, in milliseconds since the epoch. */
  readonly now: number;
}

// Ids that no account or entity has had: rows are deleted between tries, and ids are never used again.
let lastId = 0;

interface Made {
  readonly writers: readonly Writer[];
  readonly statements: readonly D1PreparedStatement[];
}

/** An account that writes for each of these roles, and the statements that put them into D1. */
export async function newWriters(roles: readonly ('user' | 'admin')[], now: number): Promise<Made> {
  const made = roles.map((role) => {
    lastId += 1;
    const { email, username } = stranger();
    const [sessionId, otherSessionId] = [crypto.randomUUID(), crypto.randomUUID()];
    const entity = { id: lastId, code: unique('CODE') };
    const writer: Writer = { id: lastId, username, sessionId, otherSessionId, now, entity, game: { id: lastId } };
    return { ...writer, email, role };
  });
  const rows = JSON.stringify(made);
  const hash = await cheapHashing.hash(PASSWORD);
  // One statement a table, of a row for each writer: ?1 are the writers, ?2 is the time.
  const each = (sql: string, ...values: readonly unknown[]) =>
    env.DB.prepare(`${sql} FROM json_each(?1) AS w`).bind(rows, now, ...values);
  const session = (id: string) =>
    each(
      `INSERT INTO sessions (id, account_id, kind, created_at, last_used_at, expires_at, authenticated_at, amr)
       SELECT w.value ->> '${id}', w.value ->> 'id', 'session', ?2, ?2, ?3, ?2 - 60000, 'pwd'`,
      now + HOUR_SECONDS * 1000,
    );
  const statements = [
    each(
      `INSERT INTO accounts (id, username, username_key, email, email_key, password_hash, role, active, data,
         created_at, updated_at)
       SELECT w.value ->> 'id', w.value ->> 'username', w.value ->> 'username', w.value ->> 'email',
         w.value ->> 'email', ?3, w.value ->> 'role', 1, '{"color":"red"}', ?2, ?2`,
      hash,
    ),
    session('sessionId'),
    session('otherSessionId'),
    each(
      `INSERT INTO entities (id, code, type, quantity, attributes, private, owner_id, version, created_at, updated_at,
         words)
       SELECT w.value ->> 'id', w.value ->> '$.entity.code', 'chair', 1, '{"a":1}', 0, w.value ->> 'id', 1, ?2, ?2,
         '{"code":[],"type":[],"attributes":[]}'`,
    ),
    each(
      `INSERT INTO games (id, stamps, changes, first_offset, last_offset, owner_id, created_at)
       SELECT w.value ->> 'id', 1, 1, 0, 0, w.value ->> 'id', ?2`,
    ),
    env.DB.prepare(`INSERT INTO game_scores SELECT value ->> 'id', 0, 0, 0 FROM json_each(?)`).bind(rows),
  ];
  return { writers: made, statements };
}

const keys = importKeys(env.JWT_KEYS, env.SECRET_KEYS);

/** A token of the writer's session. */
export async function tokenOf({ id, sessionId }: Writer, use: TokenUse, now: number): Promise<string> {
  const issuer = { name: env.ISSUER, keys: await keys };
  return signToken(issuer, { accountId: id, sessionId, use }, HOUR_SECONDS, now);
}

/** The token that each form of the writer's admin pages has. */
export const formTokenOf = async ({ sessionId }: Writer): Promise<string> => csrfTokenOf(await keys, sessionId);
