// The Token API: /api/*, for apps that want an access and a refresh token.
import type { Api } from '../context.ts';
import { adminAuditOperations } from './admin-audit.ts';
import { adminSessionOperations } from './admin-sessions.ts';
import { adminSettingsOperations } from './admin-settings.ts';
import { adminUserOperations } from './admin-users.ts';
import { meOperations } from './me.ts';
import { sessionOperations } from './sessions.ts';
import { tokenOperations } from './tokens.ts';

export function pairContract(api: Api): void {
  tokenOperations(api);
  meOperations(api);
  sessionOperations(api);
  adminSettingsOperations(api);
  adminUserOperations(api);
  adminSessionOperations(api);
  adminAuditOperations(api);
}
