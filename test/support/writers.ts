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
  readonly writer: Writer;
  readonly statements: readonly D1PreparedStatement[];
}

/** An account that writes, and the statements that put it into D1. */
export async function newWriter(role: 'user' | 'admin', now: number): Promise<Made> {
  lastId += 1;
  const { email, username } = stranger();
  const writer: Writer = {
    id: lastId,
    username,
    sessionId: crypto.randomUUID(),
    otherSessionId: crypto.randomUUID(),
    now,
    entity: { id: lastId, code: unique('CODE') },
    game: { id: lastId },
  };
  const account = env.DB.prepare(
    `INSERT INTO accounts (id, username, username_key, email, email_key, password_hash, role, active, data, created_at,
       updated_at)
     VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?5, 1, '{"color":"red"}', ?6, ?6)`,
  ).bind(writer.id, username, email, await cheapHashing.hash(PASSWORD), role, now);
  const sessions = [writer.sessionId, writer.otherSessionId].map((id) =>
    env.DB.prepare(
      `INSERT INTO sessions (id, account_id, kind, created_at, last_used_at, expires_at, authenticated_at, amr)
       VALUES (?1, ?2, 'session', ?3, ?3, ?4, ?3 - 60000, 'pwd')`,
    ).bind(id, writer.id, now, now + HOUR_SECONDS * 1000),
  );
  const entity = env.DB.prepare(
    `INSERT INTO entities (id, code, type, quantity, attributes, private, owner_id, version, created_at, updated_at,
       words)
     VALUES (?1, ?2, 'chair', 1, '{"a":1}', 0, ?1, 1, ?3, ?3, '{"code":[],"type":[],"attributes":[]}')`,
  ).bind(writer.id, writer.entity.code, now);
  const game = env.DB.prepare(
    `INSERT INTO games (id, stamps, changes, first_offset, last_offset, owner_id, created_at)
     VALUES (?1, 1, 1, 0, 0, ?1, ?2)`,
  ).bind(writer.id, now);
  const score = env.DB.prepare('INSERT INTO game_scores VALUES (?, 0, 0, 0)').bind(writer.id);
  return { writer, statements: [account, ...sessions, entity, game, score] };
}

const keys = importKeys(env.JWT_KEYS, env.SECRET_KEYS);

/** A token of the writer's session. */
export async function tokenOf({ id, sessionId }: Writer, use: TokenUse, now: number): Promise<string> {
  const issuer = { name: env.ISSUER, keys: await keys };
  return signToken(issuer, { accountId: id, sessionId, use }, HOUR_SECONDS, now);
}

/** The token that each form of the writer's admin pages has. */
export const formTokenOf = async ({ sessionId }: Writer): Promise<string> => csrfTokenOf(await keys, sessionId);
