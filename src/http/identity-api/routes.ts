// Factors and proofs of identity: /api/factors, /api/passkeys, /api/reauthenticate, /api/email/*, /api/password/*.
import type { Api } from '../context.ts';
import { emailOperations } from './email.ts';
import { factorOperations } from './factors.ts';
import { passkeyLoginOperations } from './passkey-login.ts';
import { passkeyOperations } from './passkeys.ts';
import { reauthenticationOperations } from './reauthenticate.ts';
import { recoveryOperations } from './recovery.ts';

export function identityApi(api: Api): void {
  emailOperations(api);
  recoveryOperations(api);
  factorOperations(api);
  passkeyOperations(api);
  passkeyLoginOperations(api);
  reauthenticationOperations(api);
}
