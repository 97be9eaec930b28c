// What proves who somebody is: /api/email/*, /api/password/*.
import type { Api } from '../context.ts';
import { emailOperations } from './email.ts';
import { recoveryOperations } from './recovery.ts';

export function identityApi(api: Api): void {
  emailOperations(api);
  recoveryOperations(api);
}
