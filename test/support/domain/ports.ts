// Everything that functions of the domain take: ports in memory, cheap hashes, and an issuer with keys of its own.
import { relyingPartyOf } from '../../../src/domain/passkeys/relying-party.ts';
import type { SettingKey } from '../../../src/domain/settings/settings.ts';
import { cheapHashing } from '../hashing.ts';
import { inMemory } from '../memory/adapters.ts';
import { ORIGIN } from '../soft-authenticator.ts';
import { NOW } from './contexts.ts';
import { newIssuer } from './issuer.ts';
import { knownPasswords } from './known-passwords.ts';
import { newMailing } from './mailing.ts';

export const domainPorts = async () => ({
  ...inMemory(),
  hashing: cheapHashing,
  issuer: await newIssuer(),
  mailing: newMailing(),
  breachedPasswords: knownPasswords({}),
  relyingParty: relyingPartyOf(ORIGIN, ''),
});

export type AllPorts = Awaited<ReturnType<typeof domainPorts>>;

/** Stores settings as an admin would, without the domain. */
export async function configure(
  { settings }: Pick<AllPorts, 'settings'>,
  texts: Readonly<Partial<Record<SettingKey, string>>>,
): Promise<void> {
  const changes = Object.entries(texts).map(([key, text]) => ({
    key: key as SettingKey, // the only keys that its type has
    from: '',
    to: '',
    replaced: null,
    text,
  }));
  await settings.write(changes, NOW);
}
