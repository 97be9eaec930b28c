// The Identity API: /api/factors, /api/passkeys, /api/login/passkey and /api/reauthenticate.
import type { Api } from '../context.ts';
import { factorOperations } from './factors.ts';
import { passkeyLoginOperations } from './passkey-login.ts';
import { passkeyOperations } from './passkeys.ts';
import { reauthenticationOperations } from './reauthenticate.ts';

export function identityApi(api: Api): void {
  factorOperations(api);
  passkeyOperations(api);
  passkeyLoginOperations(api);
  reauthenticationOperations(api);
}
