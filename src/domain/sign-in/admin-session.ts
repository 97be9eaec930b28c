// Sessions on the admin pages: a browser's session whose account is an active admin now.
import type { SessionProof } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { type AdminProofPorts, proveAdmin } from './admin-proof.ts';
import type { PageSession } from './page-session.ts';

export interface AdminSession extends PageSession {
  /** The proof that was required of the session; its writes require it again. */
  readonly proven?: SessionProof;
}

/** Why a live session may see no admin page. */
export type AdminRefusal = Refusal<'forbidden' | 'reauthentication_required' | 'second_factor_enrollment_required'>;

/** The session as an admin's, if its account is one. */
export async function authorizeAdmin(
  ports: AdminProofPorts & { readonly settings: SettingsStore },
  session: PageSession,
  now: number,
): Promise<AdminSession | AdminRefusal> {
  if (session.account.role !== 'admin') return refuse('forbidden');
  const { ADMIN_SECOND_FACTOR_REQUIRED: isRequired } = await ports.settings.current(now);
  if (!isRequired) return session;
  const proven = await proveAdmin(ports, session);
  return isRefusal(proven) ? proven : { ...session, proven };
}
