// The networks that signed in to an account, which a lock of the account does not shut out.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { networkOf } from '../../domain/network.ts';
import { KNOWN_NETWORK_MS } from '../../domain/passwords/lockout.ts';
import type { Db } from '../d1/database.ts';
import { knownNetworks } from '../d1/without-rowid.ts';

/** The network of the client; empty where its address is not known. */
export const networkIn = ({ ip }: AuditContext): string => (ip === null ? '' : networkOf(ip));

/** Whether the client's network signed in to the account lately. */
export const isKnownNetwork = (accountId: SQL, audit: AuditContext): SQL =>
  sql`EXISTS (SELECT 1 FROM known_networks WHERE account_id = ${accountId} AND network = ${networkIn(audit)}
    AND last_at > ${audit.now - KNOWN_NETWORK_MS})`;

/** Known networks are written at most this often. */
const REMEMBERED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Remembers the network of a sign-in under the condition that it happened. */
export const rememberNetwork = (db: Db, accountId: number, condition: SQL, audit: AuditContext) =>
  db
    .insert(knownNetworks)
    .select(sql`SELECT ${accountId}, ${networkIn(audit)}, ${audit.now} WHERE ${condition} AND ${audit.ip} IS NOT NULL`)
    .onConflictDoUpdate({
      target: [knownNetworks.accountId, knownNetworks.network],
      set: { lastAt: audit.now },
      setWhere: sql`${knownNetworks.lastAt} < ${audit.now - REMEMBERED_AFTER_MS}`,
    });
