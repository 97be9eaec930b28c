// A passkey that is used, in D1: its challenge is claimed, and its signature counter must have risen.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { VerifiedChallenge } from '../../domain/passkeys/challenge.ts';
import type { PasskeyEvidence } from '../../domain/passkeys/passkey.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { passkeys, usedChallenges } from '../d1/schema/passkeys.ts';
import { violatedUnique } from '../d1/unique.ts';

/** A counter that does not rise may be a copy's (WebAuthn Level 3 §6.1.1). Synced passkeys keep none: it stays 0. */
const rises = ({ counter }: PasskeyEvidence): SQL =>
  sql`(${passkeys.counter} < ${counter} OR (${passkeys.counter} = 0 AND ${counter} = 0))`;

/** Whether the passkey is the account's, and its counter has risen since it was used last. */
export const hasRisen = (accountId: number, evidence: PasskeyEvidence): SQL =>
  sql`EXISTS (SELECT 1 FROM ${passkeys} WHERE ${passkeys.id} = ${evidence.passkeyId}
    AND ${passkeys.accountId} = ${accountId} AND ${rises(evidence)})`;

export function passkeyEffects(db: Db, evidence: PasskeyEvidence, happened: SQL, audit: AuditContext) {
  const { passkeyId, counter, backedUp } = evidence;
  const wentBack = sql`${passkeys.id} = ${passkeyId} AND NOT ${rises(evidence)} AND NOT ${happened}`;
  const event = {
    action: 'passkey.counter_went_back',
    from: sql`FROM ${passkeys} WHERE ${wentBack}`,
    account: sql`${passkeys.accountId}`,
    detail: sql`json_object('passkey_id', ${passkeys.id}, 'stored', ${passkeys.counter}, 'sent', ${counter})`,
  } as const;
  return {
    wentBack: auditEach(db, event, audit),
    used: db
      .update(passkeys)
      .set({ counter, backedUp, lastUsedAt: audit.now })
      .where(sql`${passkeys.id} = ${passkeyId} AND ${rises(evidence)} AND ${happened}`),
  };
}

/** Claims a challenge. One that was claimed before fails the whole batch. */
export const claimChallenge = (db: Db, { id, expiresAt }: VerifiedChallenge) =>
  db.insert(usedChallenges).values({ challenge: id, expiresAt });

export const wasClaimed = (error: unknown): boolean => violatedUnique(error) === 'used_challenges.challenge';
