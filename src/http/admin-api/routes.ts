// The administration: /api/admin/*, for admins and the tools they write.
import type { Api } from '../context.ts';
import { adminAuditOperations } from './audit.ts';
import { adminFactorOperations } from './factors.ts';
import { adminSessionOperations } from './sessions.ts';
import { adminSettingsOperations } from './settings.ts';
import { adminUserOperations } from './users.ts';

export function adminApi(api: Api): void {
  adminSettingsOperations(api);
  adminUserOperations(api);
  adminSessionOperations(api);
  adminFactorOperations(api);
  adminAuditOperations(api);
}
