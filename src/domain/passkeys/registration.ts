// Adding a passkey, from the options to the browser's response, and removing one. The owner is notified.
import type { Account } from '../accounts/account.ts';
import type { AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, newMail } from '../mail/mail.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Keys } from '../tokens/keys.ts';
import { CHALLENGE_MS, type ChallengeScope, newChallenge, verifyChallenge } from './challenge.ts';
import type { CredentialDescriptor, Passkey, Passkeys } from './passkey.ts';
import type { RelyingParty } from './relying-party.ts';
import { challengeOf, type RegistrationResponse, userHandleOf } from './responses.ts';
import { ALGORITHMS, verifyRegistration } from './verification.ts';

export interface PasskeyPorts {
  readonly passkeys: Passkeys;
  readonly issuer: { readonly keys: Keys };
  readonly relyingParty: RelyingParty;
}

/** The options with which a browser makes a passkey. */
export interface RegistrationOptions {
  readonly challenge: string;
  readonly relyingPartyId: string;
  readonly relyingPartyName: string;
  readonly userHandle: string;
  readonly userName: string;
  readonly displayName: string;
  readonly algorithms: readonly number[];
  /** Passkeys that the account has: an authenticator with one of them makes no other. */
  readonly exclude: readonly CredentialDescriptor[];
  readonly timeoutMs: number;
}

const scopeOf = ({ actorId, sessionId }: AuthorizedContext): ChallengeScope => ({
  purpose: 'registration',
  accountId: actorId,
  sessionId,
});

/** The options for a new passkey of the acting account. */
export async function registrationOptions(
  { passkeys, issuer, relyingParty, settings }: PasskeyPorts & { readonly settings: SettingsStore },
  { id, email, username }: Account,
  audit: AuthorizedContext,
): Promise<RegistrationOptions> {
  const [{ SERVICE_NAME: relyingPartyName }, challenge, exclude] = await Promise.all([
    settings.current(audit.now),
    newChallenge(issuer.keys, scopeOf(audit), audit.now),
    passkeys.descriptors(id),
  ]);
  return {
    challenge,
    relyingPartyId: relyingParty.id,
    relyingPartyName,
    userHandle: userHandleOf(id),
    userName: email ?? username ?? '',
    displayName: username ?? email ?? '',
    algorithms: ALGORITHMS,
    exclude,
    timeoutMs: CHALLENGE_MS,
  };
}

/** Adds the passkey that a browser made from our options, in the same session. */
export async function addPasskey(
  { passkeys, issuer, relyingParty, mailing }: PasskeyPorts & { readonly mailing: Mailing },
  response: RegistrationResponse,
  name: string,
  audit: AuthorizedContext,
): Promise<Passkey | Refusal<'passkey_exists' | 'invalid_new_passkey' | 'token_revoked'>> {
  const claimed = challengeOf(response.response.clientDataJSON) ?? '';
  const challenge = await verifyChallenge(issuer.keys, scopeOf(audit), claimed, audit.now);
  const credential = challenge && (await verifyRegistration(relyingParty, challenge, response));
  if (!credential) return refuse('invalid_new_passkey');
  const notice = newMail(mailing, 'factor_added', { factor: 'passkey' }, audit.now);
  const added = await passkeys.add({ ...credential, id: crypto.randomUUID(), name }, challenge, notice, audit);
  if (!isRefusal(added)) mailing.deliverSoon(mailsIn([notice]), audit.now);
  return added;
}

/** Removes a passkey of the caller, unless it is the last way to sign in. */
export async function removePasskey(
  { passkeys, mailing }: { readonly passkeys: Passkeys; readonly mailing: Mailing },
  id: string,
  audit: AuthorizedContext,
): Promise<'removed' | Refusal<'passkey_not_found' | 'last_credential' | 'token_revoked'>> {
  const notice = newMail(mailing, 'factor_removed', { factor: 'passkey' }, audit.now);
  const removed = await passkeys.remove(id, notice, audit);
  if (!isRefusal(removed)) mailing.deliverSoon(mailsIn([notice]), audit.now);
  return removed;
}
