// Proving an account by one of its passkeys: at a login, where the passkey names the account, and at a
// reauthentication.
import type { AuditContext } from '../audit-context.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Proof } from '../sign-in/proof.ts';
import {
  CHALLENGE_MS,
  type ChallengeScope,
  newChallenge,
  type VerifiedChallenge,
  verifyChallenge,
} from './challenge.ts';
import type { CredentialDescriptor, FoundPasskey } from './passkey.ts';
import type { PasskeyPorts } from './registration.ts';
import { type AssertionResponse, challengeOf, userHandleOf } from './responses.ts';
import { verifyAssertion } from './verification.ts';

/** The options with which a browser uses a passkey. */
export interface AssertionOptions {
  readonly challenge: string;
  readonly relyingPartyId: string;
  /** The acceptable passkeys; empty for any that the person has for the relying party. */
  readonly allow: readonly CredentialDescriptor[];
  readonly timeoutMs: number;
}

export async function assertionOptions(
  { passkeys, issuer, relyingParty }: PasskeyPorts,
  scope: ChallengeScope,
  now: number,
): Promise<AssertionOptions> {
  const [challenge, allow] = await Promise.all([
    newChallenge(issuer.keys, scope, now),
    scope.purpose === 'login' ? [] : passkeys.descriptors(scope.accountId),
  ]);
  return { challenge, relyingPartyId: relyingParty.id, allow, timeoutMs: CHALLENGE_MS };
}

/** Verifies an assertion. One to a challenge that is not ours is refused before any read of storage. */
export async function checkPasskey(
  ports: PasskeyPorts,
  assertion: AssertionResponse,
  scope: ChallengeScope,
  audit: AuditContext,
): Promise<Proof | Refusal<'invalid_passkey'>> {
  const { passkeys, issuer } = ports;
  const claimed = challengeOf(assertion.response.clientDataJSON) ?? '';
  const challenge = await verifyChallenge(issuer.keys, scope, claimed, audit.now);
  if (!challenge) return refuse('invalid_passkey');
  const found = await passkeys.find(assertion.id);
  const proof = found && isOwned(found, assertion, scope) && (await prove(ports, found, challenge, assertion));
  if (proof) return proof;
  await passkeys.recordWrong(found?.account.id ?? null, audit);
  return refuse('invalid_passkey');
}

/** The user handle is not signed: it must name the owner of the credential (WebAuthn Level 3 §7.2, step 6). */
function isOwned({ account }: FoundPasskey, { response }: AssertionResponse, scope: ChallengeScope): boolean {
  const { userHandle } = response;
  if (userHandle !== undefined && userHandle !== userHandleOf(account.id)) return false;
  return scope.purpose === 'login' ? userHandle !== undefined : scope.accountId === account.id;
}

async function prove(
  { relyingParty }: PasskeyPorts,
  { id, credential, account }: FoundPasskey,
  challenge: VerifiedChallenge,
  assertion: AssertionResponse,
): Promise<Proof | undefined> {
  const verified = await verifyAssertion(relyingParty, challenge, credential, assertion);
  if (!verified) return undefined;
  const isSynced = credential.backupEligible;
  return { account, evidence: [{ kind: 'passkey', passkeyId: id, isSynced, challenge, ...verified }] };
}
