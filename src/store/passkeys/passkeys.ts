// Passkeys in D1: their owner, and that a way to sign in is left, are conditions of the writes.
import { eq, type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import type { VerifiedChallenge } from '../../domain/passkeys/challenge.ts';
import type { NewPasskey, Passkeys } from '../../domain/passkeys/passkey.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passkeys } from '../d1/schema/passkeys.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { violatedUnique } from '../d1/unique.ts';
import { ownerWhere } from '../factors/conditions.ts';
import { forgetSecondFactors, passkeyEvent } from '../factors/removal.ts';
import { queueMail } from '../mail/queue.ts';
import { claimChallenge, wasClaimed } from './assertions.ts';
import { CREDENTIAL, credentialFrom, DESCRIPTOR, descriptorFrom, PASSKEY } from './row.ts';

export const passkeysIn = (database: Database): Passkeys => ({
  async descriptors(accountId) {
    const rows = await database.primary.select(DESCRIPTOR).from(passkeys).where(eq(passkeys.accountId, accountId));
    return rows.map(descriptorFrom);
  },

  async find(credentialId) {
    const [row] = await database.primary
      .select({ passkeyId: sql<string>`${passkeys.id}`.as('passkey_id'), ...CREDENTIAL, account: ACCOUNT })
      .from(passkeys)
      .innerJoin(accounts, eq(accounts.id, passkeys.accountId))
      .where(eq(passkeys.credentialId, credentialId));
    if (!row) return undefined;
    const { passkeyId: id, account, ...credential } = row;
    return { id, credential: credentialFrom(credential), account: accountFrom(account) };
  },

  add: (passkey, challenge, notice, audit) => add(database.primary, { passkey, challenge, notice }, audit),

  async rename(id, name, audit) {
    const db = database.primary;
    const { authority, renamed } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      renamed: db.update(passkeys).set({ name }).where(mayChange(id, audit)).returning(PASSKEY),
    });
    return renamed[0] ?? refuse(refuseEnded(authority) ? 'token_revoked' : 'passkey_not_found');
  },

  remove: (id, notice, audit) => remove(database.primary, id, notice, audit),

  async recordWrong(accountId, audit) {
    const db = database.primary;
    await auditEvent(db, 'login.refused', accountId, audit, { reason: 'invalid_passkey' });
  },
});

interface Addition {
  readonly passkey: NewPasskey;
  readonly challenge: VerifiedChallenge;
  readonly notice: NewMail | undefined;
}

async function add(db: Db, { passkey, challenge, notice }: Addition, audit: AuthorizedContext) {
  const isAdded = sql`FROM ${passkeys} WHERE ${passkeys.id} = ${passkey.id}`;
  try {
    const { added } = await batchOf(db, {
      claim: claimChallenge(db, challenge),
      added: insertPasskey(db, passkey, audit),
      event: passkeyEvent(db, 'passkey.added', isAdded, audit),
      ...queueMail(db, notice, { from: ownerWhere(audit.actorId, sql`EXISTS (SELECT 1 ${isAdded})`) }, audit),
    });
    return added[0] ?? refuse('token_revoked');
  } catch (error) {
    if (wasClaimed(error)) return refuse('invalid_new_passkey');
    if (violatedUnique(error) === 'passkeys.credential_id') return refuse('passkey_exists');
    throw error;
  }
}

async function remove(db: Db, id: string, notice: NewMail | undefined, audit: AuthorizedContext) {
  const removable = sql`${mayChange(id, audit)} AND ${leavesAWayIn(id, audit.actorId)}`;
  const from = sql`FROM ${passkeys} WHERE ${removable}`;
  const { authority, removed, left } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: passkeyEvent(db, 'passkey.removed', from, audit),
    ...queueMail(db, notice, { from: ownerWhere(audit.actorId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
    removed: db.delete(passkeys).where(removable).returning({ id: passkeys.id }),
    sessions: forgetSecondFactors(db, audit.actorId),
    left: db.select({ id: passkeys.id }).from(passkeys).where(mayChange(id, audit)),
  });
  if (removed.length > 0) return 'removed';
  if (refuseEnded(authority)) return refuse('token_revoked');
  return refuse(left.length > 0 ? 'last_credential' : 'passkey_not_found');
}

/**
 * The authority to add the passkey that the acting session asked for: the session must live, whatever the token's use.
 */
const sessionOf = ({ authority, sessionId }: AuthorizedContext) => ({ ...authority, sessionId });

function insertPasskey(db: Db, passkey: NewPasskey, audit: AuthorizedContext) {
  const { id, credentialId, publicKey, counter, aaguid, backupEligible, backedUp, name } = passkey;
  return db
    .insert(passkeys)
    .select(
      sql`SELECT ${id}, ${accounts.id}, ${credentialId}, ${publicKey}, ${counter},
        ${JSON.stringify(passkey.transports)},
        ${aaguid}, ${Number(backupEligible)}, ${Number(backedUp)}, ${name}, ${audit.now}, NULL
        FROM ${accounts} WHERE ${accounts.id} = ${audit.actorId} AND ${holds(sessionOf(audit), audit.now)}`,
    )
    .returning(PASSKEY);
}

const mayChange = (id: string, { actorId, authority, now }: AuthorizedContext): SQL =>
  sql`${passkeys.id} = ${id} AND ${passkeys.accountId} = ${actorId} AND ${holds(authority, now)}`;

/** A password, or another passkey. */
const leavesAWayIn = (id: string, accountId: number): SQL =>
  sql`(EXISTS (SELECT 1 FROM ${passwordCredentials} WHERE ${passwordCredentials.accountId} = ${accountId})
    OR EXISTS (SELECT 1 FROM ${passkeys} AS other WHERE other.account_id = ${accountId} AND other.id <> ${id}))`;
