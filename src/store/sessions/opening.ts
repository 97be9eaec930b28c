// Opening sessions in D1: what a proof rests on is a condition of the insert, and the inserted row decides the rest.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { NewSession } from '../../domain/sessions/session.ts';
import type { Evidence, Proof } from '../../domain/sign-in/proof.ts';
import type { SignInNeeds, SignIns } from '../../domain/sign-in/sign-in.ts';
import { auditEach, auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db, Statement } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { IS_VERIFIED, IS_VERIFIED_OR_NONE } from '../email/conditions.ts';
import { requestMail } from '../mail/queue.ts';
import { hasHash } from '../passwords/credentials.ts';
import { clearGuess } from '../passwords/guesses.ts';
import { rememberNetwork } from '../passwords/known-networks.ts';

export const signInsIn = (database: Database): SignIns => ({
  async openSession(proof, needs, session, audit) {
    const db = database.primary;
    const { id } = proof.account;
    const isOpen = sql`EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions.id} = ${session.id})`;
    const { opened, account } = await batchOf(db, {
      opened: insertSession(db, session, provenAccount(proof, needs), audit),
      event: loginEvent(db, session, audit),
      ...effectsOf(db, id, proof.evidence, isOpen),
      network: rememberNetwork(db, id, isOpen, audit),
      account: db
        .select({ active: accounts.active, emailKey: accounts.emailKey, verifiedEmailKey: accounts.verifiedEmailKey })
        .from(accounts)
        .where(sql`${accounts.id} = ${id}`),
    });
    if (opened.length > 0) return 'opened';
    const [row] = account;
    if (row && !row.active) return 'account_disabled';
    const isUnverified = needs.verifiedEmail && row && row.emailKey !== null && row.emailKey !== row.verifiedEmailKey;
    return isUnverified ? 'email_not_verified' : 'overtaken';
  },

  async recordRefusal({ account, evidence }, reason, mail, audit) {
    const db = database.primary;
    await batchOf(db, {
      event: auditEvent(db, 'login.refused', account.id, audit, { reason }),
      ...clearedGuesses(db, evidence),
      ...requestMail(db, mail, sql`${accounts.id} = ${account.id} AND NOT (${IS_VERIFIED})`, audit),
    });
  },
});

/** The account of a proof, while it is active and every piece of evidence still holds. */
function provenAccount({ account, evidence }: Proof, { verifiedEmail }: SignInNeeds): SQL {
  const conditions = evidence.map((each) => conditionOf(account.id, each));
  return sql`FROM ${accounts} WHERE ${accounts.id} = ${account.id} AND ${accounts.active} = 1
    AND ${verifiedEmail ? IS_VERIFIED_OR_NONE : sql`1`} AND ${sql.join(conditions, sql` AND `)}`;
}

/** A password must still be the one that matched. */
const conditionOf = (accountId: number, { passwordHash }: Evidence): SQL =>
  sql`EXISTS (SELECT 1 FROM ${passwordCredentials} WHERE ${hasHash(accountId, passwordHash)})`;

/** What a sign-in on this evidence changes: the counts of its guesses are cleared, an outdated hash is replaced. */
function effectsOf(db: Db, accountId: number, evidence: Proof['evidence'], isOpen: SQL) {
  const rehashes = evidence.flatMap(({ passwordHash, rehash }) => {
    if (rehash === undefined) return [];
    const unchanged = sql`${hasHash(accountId, passwordHash)} AND ${isOpen}`;
    return [['rehashed', db.update(passwordCredentials).set({ hash: rehash }).where(unchanged)] as const];
  });
  return { ...clearedGuesses(db, evidence), ...numbered(rehashes) };
}

const clearedGuesses = (db: Db, evidence: Proof['evidence']) =>
  numbered(evidence.map(({ guess }) => ['guess', clearGuess(db, guess)] as const));

/** Statements of a list, by names that differ. */
const numbered = (
  statements: readonly (readonly [string, Statement])[],
): Readonly<Record<`${string}.${number}`, Statement>> =>
  Object.fromEntries(statements.map(([name, statement], index) => [`${name}.${index}`, statement]));

const loginEvent = (db: Db, session: NewSession, audit: AuditContext) => {
  const detail = sql`json_object('session_id', ${sessions.id}, 'kind', ${sessions.kind})`;
  const from = sql`FROM ${sessions} WHERE ${sessions.id} = ${session.id}`;
  return auditEach(db, { action: 'login.succeeded', from, account: sql`${sessions.accountId}`, detail }, audit);
};

/** Inserts `session` for the account that `from` finds, a FROM clause over accounts; for none where it finds none. */
export const insertSession = (db: Db, session: NewSession, from: SQL, audit: AuditContext) =>
  db
    .insert(sessions)
    .select(
      sql`SELECT ${session.id}, ${accounts.id}, ${session.kind}, ${session.tokenHash}, NULL, NULL,
        ${audit.now}, ${audit.now}, ${session.expiresAt}, NULL, ${audit.userAgent}, ${audit.ip} ${from}`,
    )
    .returning({ id: sessions.id });
