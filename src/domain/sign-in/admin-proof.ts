// The setting ADMIN_SECOND_FACTOR_REQUIRED: the rights of an admin need a session that proved two factors.
import type { Account } from '../accounts/account.ts';
import type { SessionProof } from '../audit-context.ts';
import type { Factors } from '../factors/factor.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type Authentication, provedTwoFactors } from '../sessions/authentication.ts';

export interface AdminProofPorts {
  readonly factors: Factors;
}

/** The proof that the writes of an admin must require of the session; refused where it did not prove two factors. */
export async function proveAdmin(
  { factors }: AdminProofPorts,
  { account, authentication }: { readonly account: Account; readonly authentication: Authentication },
): Promise<SessionProof | Refusal<'forbidden' | 'reauthentication_required' | 'second_factor_enrollment_required'>> {
  if (account.role !== 'admin') return refuse('forbidden');
  if (provedTwoFactors(authentication)) return { factors: 2 };
  const hasFactor = await factors.hasAny(account.id);
  return refuse(hasFactor ? 'reauthentication_required' : 'second_factor_enrollment_required');
}
