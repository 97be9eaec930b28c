// Issuing an authorization code: one batch writes it with its grant, where the acting session still lives.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { NewCode } from '../../domain/oauth/code.ts';
import { formatScopes } from '../../domain/oauth/scopes.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db } from '../d1/database.ts';
import { rowsFrom } from '../d1/row-where.ts';
import { authorizationCodes, clients, grants } from '../d1/schema/oauth.ts';
import { sessions } from '../d1/schema/sessions.ts';

export async function issue(db: Db, code: NewCode, audit: AuthorizedContext) {
  const { clientId } = code;
  const scopes = formatScopes(code.scopes);
  const isKept = sql`EXISTS (SELECT 1 FROM ${clients} WHERE ${clients.id} = ${clientId}
    AND ${clients.deletedAt} IS NULL)`;
  const mayAct = sql`${holds(audit.authority, audit.now)} AND ${isKept}`;
  const acting = sql`FROM ${sessions} WHERE ${sessions.id} = ${audit.sessionId} AND ${mayAct}`;
  const { authority, issued } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: grantEvent(db, clientId, scopes, mayAct, audit),
    grant: db
      .insert(grants)
      .select(sql`SELECT ${audit.actorId}, ${clientId}, ${scopes}, ${audit.now}, ${audit.now} WHERE ${mayAct}`)
      .onConflictDoUpdate({
        target: [grants.accountId, grants.clientId],
        set: { scopes: union(grants.scopes, sql`${scopes}`), lastUsedAt: audit.now },
      }),
    issued: db
      .insert(authorizationCodes)
      .select(
        rowsFrom(
          authorizationCodes,
          {
            ...code,
            scopes,
            accountId: audit.actorId,
            authenticatedAt: sql`coalesce(${sessions.authenticatedAt}, ${sessions.createdAt})`,
            amr: sql`coalesce(${sessions.amr}, 'pwd')`,
            createdAt: audit.now,
          },
          acting,
        ),
      )
      .returning({ hash: authorizationCodes.hash }),
  });
  return issued.length > 0 ? 'issued' : (refuseEnded(authority) ?? refuse('token_revoked'));
}

/** Both lists of words as one, each word once. */
const union = (one: SQL | typeof grants.scopes, other: SQL): SQL =>
  sql`(SELECT group_concat(value, ' ') FROM (
    SELECT value FROM json_each(${words(one)}) UNION SELECT value FROM json_each(${words(other)})))`;

const words = (text: SQL | typeof grants.scopes): SQL => sql`'["' || replace(${text}, ' ', '","') || '"]'`;

/** An event where the account grants something that it had not granted yet. */
function grantEvent(db: Db, clientId: string, scopes: string, mayAct: SQL, audit: AuthorizedContext) {
  const granted = sql`SELECT 1 FROM ${grants} WHERE ${grants.accountId} = ${audit.actorId}
    AND ${grants.clientId} = ${clientId}
      AND ${union(grants.scopes, sql`${scopes}`)} = ${union(grants.scopes, sql`${grants.scopes}`)}`;
  const from = sql`WHERE ${mayAct} AND NOT EXISTS (${granted})`;
  const detail = sql`json_object('client_id', ${clientId}, 'scope', ${scopes})`;
  return auditEach(db, { action: 'grant.given', from, account: sql`${audit.actorId}`, detail }, audit);
}
