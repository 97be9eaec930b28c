// Reauthentication: a live session proves its credentials again, all of its account's factors or a passkey.
import type { AuthorizedContext } from '../audit-context.ts';
import type { SecondFactorRefusal } from '../factors/second-factor.ts';
import { checkPasskey } from '../passkeys/assertion.ts';
import type { ChallengeScope } from '../passkeys/challenge.ts';
import type { PasskeyPorts } from '../passkeys/registration.ts';
import type { AssertionResponse } from '../passkeys/responses.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { checkCredentials, type Secrets } from './credentials.ts';
import { noticesOf } from './proof.ts';
import { refuseOvertaken, type SignInPorts, type SignIns } from './sign-in.ts';

export const reauthenticationScope = ({ actorId, sessionId }: AuthorizedContext): ChallengeScope => ({
  purpose: 'reauthentication',
  accountId: actorId,
  sessionId,
});

/** Wrong passwords are counted by session, wrong codes by account. */
export async function reauthenticate(
  ports: SignInPorts,
  secrets: Secrets,
  audit: AuthorizedContext,
): Promise<'renewed' | SecondFactorRefusal | Refusal<'wrong_password' | 'token_revoked'>> {
  const guess = await ports.guesses.guessForSession(audit.actorId, audit.sessionId, audit);
  if (!guess.account) return refuse('token_revoked');
  const proof = await checkCredentials(ports, guess, secrets, audit);
  if (isRefusal(proof)) return proof;
  const outcome = await ports.signIns.renewSession(proof, audit);
  if (outcome === 'ended') return refuse('token_revoked');
  if (outcome === 'renewed') {
    ports.mailing.deliverSoon(noticesOf(proof), audit.now);
    return outcome;
  }
  const refusal = refuseOvertaken(outcome);
  return refusal.refused === 'invalid_credentials' ? refuse('wrong_password') : refuse('invalid_second_factor');
}

/** Whether the caller's own passkey answers a challenge that this session asked for. */
export async function reauthenticateWithPasskey(
  ports: PasskeyPorts & { readonly signIns: SignIns },
  assertion: AssertionResponse,
  audit: AuthorizedContext,
): Promise<'renewed' | Refusal<'invalid_passkey' | 'token_revoked'>> {
  const proof = await checkPasskey(ports, assertion, reauthenticationScope(audit), audit);
  if (isRefusal(proof)) return proof;
  const outcome = await ports.signIns.renewSession(proof, audit);
  if (outcome === 'renewed') return outcome;
  return refuse(outcome === 'ended' ? 'token_revoked' : 'invalid_passkey');
}
