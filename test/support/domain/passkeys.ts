// Passkeys made through the port, with any adapter, and their proofs.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { VerifiedChallenge } from '../../../src/domain/passkeys/challenge.ts';
import type { NewPasskey, Passkey, PasskeyEvidence } from '../../../src/domain/passkeys/passkey.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { Proof } from '../../../src/domain/sign-in/proof.ts';
import type { Adapters } from '../memory/adapters.ts';
import { acting, MINUTE_MS, NOW } from './contexts.ts';

/** A challenge that was verified and not claimed. */
export const newChallenge = (): VerifiedChallenge => ({
  challenge: 'a challenge',
  id: crypto.randomUUID(),
  expiresAt: NOW + 5 * MINUTE_MS,
});

/** A passkey's fields, with a credential that no other has. */
export const passkeyFields = (fields: Partial<NewPasskey> = {}): NewPasskey => ({
  id: crypto.randomUUID(),
  name: 'Phone',
  credentialId: crypto.randomUUID(),
  transports: ['internal', 'hybrid'],
  publicKey: 'a COSE key',
  backupEligible: false,
  backedUp: false,
  counter: 0,
  aaguid: '00000000-0000-0000-0000-000000000000',
  ...fields,
});

/** A passkey of an account, added in one of its sessions. */
export async function newPasskey(
  { passkeys }: Pick<Adapters, 'passkeys'>,
  { id }: Account,
  sessionId: string,
  fields: Partial<NewPasskey> = {},
  now = NOW,
): Promise<Passkey> {
  const added = await passkeys.add(passkeyFields(fields), newChallenge(), undefined, acting(id, { sessionId, now }));
  if (isRefusal(added)) throw new Error(`no passkey: ${added.refused}`);
  return added;
}

/** The proof of a right assertion by a passkey. */
export const provenBy = (account: Account, passkeyId: string, fields: Partial<PasskeyEvidence> = {}): Proof => ({
  account,
  evidence: [
    { kind: 'passkey', passkeyId, counter: 0, isSynced: false, backedUp: false, challenge: newChallenge(), ...fields },
  ],
});
