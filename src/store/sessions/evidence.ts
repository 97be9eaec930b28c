// The evidence of a proof in D1: each piece is a condition of the write, and is used up or renewed with it.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { RecoveryCodeEvidence, TotpEvidence } from '../../domain/factors/second-factor.ts';
import type { Evidence, Proof } from '../../domain/sign-in/proof.ts';
import { auditEach } from '../audit/events.ts';
import type { Db, Statement } from '../d1/database.ts';
import { recoveryCodes, totp } from '../d1/schema/factors.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { hasTotp, ownerWhere } from '../factors/conditions.ts';
import { queueMail } from '../mail/queue.ts';
import { claimChallenge, hasRisen, passkeyEffects } from '../passkeys/assertions.ts';
import { hasHash } from '../passwords/credentials.ts';
import { clearGuess } from '../passwords/guesses.ts';

/**
 * Whether all evidence of a proof still holds. A password alone proves only an account without an authenticator app.
 */
export function allHold(proof: Proof): SQL {
  const conditions = proof.evidence.map((evidence) => conditionOf(proof.account.id, evidence));
  const isAlone = proof.evidence.length === 1 && proof.evidence[0].kind === 'password';
  return sql.join(isAlone ? [...conditions, sql`NOT ${hasTotp(proof.account.id)}`] : conditions, sql` AND `);
}

function conditionOf(accountId: number, evidence: Evidence): SQL {
  switch (evidence.kind) {
    case 'password':
      return sql`EXISTS (SELECT 1 FROM ${passwordCredentials} WHERE ${hasHash(accountId, evidence.passwordHash)})`;
    case 'totp':
      return sql`EXISTS (SELECT 1 FROM ${totp} WHERE ${isUnusedStep(accountId, evidence)})`;
    case 'recovery_code':
      return sql`EXISTS (SELECT 1 FROM ${recoveryCodes} WHERE ${isRecoveryCode(accountId, evidence)})`;
    case 'passkey':
      return hasRisen(accountId, evidence);
  }
}

/** The secret is the one that the code was checked with, and no code of its step or a later one was accepted. */
const isUnusedStep = (accountId: number, { box, step }: TotpEvidence): SQL =>
  sql`${totp.accountId} = ${accountId} AND ${totp.box} = ${box} AND ${totp.confirmedAt} IS NOT NULL
    AND ${totp.lastStep} < ${step}`;

const isRecoveryCode = (accountId: number, { hash }: RecoveryCodeEvidence): SQL =>
  sql`${recoveryCodes.accountId} = ${accountId} AND ${recoveryCodes.hash} = ${hash}`;

/** Which pieces of evidence hold, in their order, before the write changes that; undefined for a single piece. */
export function selectHeld(db: Db, { account, evidence }: Proof) {
  if (evidence.length === 1) return undefined;
  const conditions = evidence.map((each) => conditionOf(account.id, each));
  return db
    .select({ held: sql<string>`json_array(${sql.join(conditions, sql`, `)})`.as('held') })
    .from(sql`(SELECT 1)`);
}

/** The kind of the first piece of evidence that did not hold. */
export function firstFailed({ evidence }: Proof, rows: readonly { readonly held: string }[] | undefined) {
  const held = JSON.parse(rows?.[0]?.held ?? '[]') as readonly number[]; // of conditions, as above
  return (evidence.find((_, index) => held[index] === 0) ?? evidence[0]).kind;
}

type Statements = Readonly<Record<string, Statement | undefined>>;

/** Claims one-time evidence by inserting its row: evidence that was claimed before fails the whole batch. */
export function claimsOf(db: Db, { evidence }: Proof): Statements {
  const passkey = evidence.find((each) => each.kind === 'passkey');
  return passkey ? { claim: claimChallenge(db, passkey.challenge) } : {};
}

/** The effects of evidence that was used: `happened` is whether the write that it was proven for took place. */
export function effectsOf(db: Db, proof: Proof, happened: SQL, audit: AuditContext): Statements {
  const effects = proof.evidence.map((evidence) => effectsOfEach(db, proof.account.id, evidence, happened, audit));
  return Object.assign({}, ...effects);
}

function effectsOfEach(db: Db, accountId: number, evidence: Evidence, happened: SQL, audit: AuditContext): Statements {
  switch (evidence.kind) {
    case 'password': {
      const { passwordHash, rehash, guess } = evidence;
      const unchanged = sql`${hasHash(accountId, passwordHash)} AND ${happened}`;
      const renewed = rehash === undefined ? {} : { rehash: setHash(db, rehash, unchanged) };
      return { guess: clearGuess(db, guess, happened), ...renewed };
    }
    case 'totp': {
      const { step, box, newBox = box } = evidence;
      return { step: acceptCode(db, accountId, { lastStep: step, box: newBox }, happened) };
    }
    case 'recovery_code': {
      const used = sql`${isRecoveryCode(accountId, evidence)} AND ${happened}`;
      const from = sql`FROM ${recoveryCodes} WHERE ${used}`;
      const account = sql`${recoveryCodes.accountId}`;
      return {
        recoveryCodeEvent: auditEach(db, { action: 'recovery_code.used', from, account }, audit),
        ...queueMail(db, evidence.notice, { from: ownerWhere(accountId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
        recoveryCode: db.delete(recoveryCodes).where(used),
        codes: acceptCode(db, accountId, {}, happened),
      };
    }
    case 'passkey':
      return passkeyEffects(db, evidence, happened, audit);
  }
}

const setHash = (db: Db, hash: string, condition: SQL) => db.update(passwordCredentials).set({ hash }).where(condition);

/** A right code ends the row of wrong ones. */
const acceptCode = (
  db: Db,
  accountId: number,
  set: { readonly lastStep?: number; readonly box?: string },
  happened: SQL,
) =>
  db
    .update(totp)
    .set({ ...set, wrongCodes: 0, triedAt: '[]' })
    .where(sql`${totp.accountId} = ${accountId} AND ${happened}`);
