// Authenticator apps, set up through the ports, with any adapters.
import type { Account } from '../../../src/domain/accounts/account.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { Adapters } from '../memory/adapters.ts';
import { acting, NOW } from './contexts.ts';

/** The box of an app whose codes nothing makes. */
export const BOX = 'a box';
/** The step whose code confirmed an app. */
export const CONFIRMED_STEP = 10;
export const RECOVERY_CODE_HASHES = ['one hash', 'another hash'];

/** Confirms an authenticator app of an account in one of its sessions, which proves two factors by that. */
export async function enrol(
  { factors }: Pick<Adapters, 'factors'>,
  { id }: Account,
  sessionId: string,
  box = BOX,
  now = NOW,
): Promise<void> {
  const audit = acting(id, { sessionId, now });
  await factors.beginTotp(box, audit);
  const confirmation = { box, step: CONFIRMED_STEP, recoveryCodeHashes: RECOVERY_CODE_HASHES };
  const confirmed = await factors.confirmTotp(confirmation, undefined, audit);
  if (isRefusal(confirmed)) throw new Error(`no app: ${confirmed.refused}`);
}
