// A passkey's row as its owner sees it, and as assertions are verified with it.
import type { Credential, CredentialDescriptor } from '../../domain/passkeys/passkey.ts';
import { passkeys } from '../d1/schema/passkeys.ts';

export const PASSKEY = {
  id: passkeys.id,
  name: passkeys.name,
  createdAt: passkeys.createdAt,
  lastUsedAt: passkeys.lastUsedAt,
  backedUp: passkeys.backedUp,
};

export const DESCRIPTOR = { credentialId: passkeys.credentialId, transports: passkeys.transports };

export const CREDENTIAL = { ...DESCRIPTOR, publicKey: passkeys.publicKey, backupEligible: passkeys.backupEligible };

interface DescriptorRow {
  readonly credentialId: string;
  readonly transports: string;
}

export const descriptorFrom = ({ credentialId, transports }: DescriptorRow): CredentialDescriptor => ({
  credentialId,
  transports: JSON.parse(transports) as readonly string[], // only we write it
});

export const credentialFrom = ({
  publicKey,
  backupEligible,
  ...descriptor
}: DescriptorRow & Pick<Credential, 'publicKey' | 'backupEligible'>): Credential => ({
  ...descriptorFrom(descriptor),
  publicKey,
  backupEligible,
});
