// The administration: /api/admin/*, for admins and the tools they write.
import type { Api } from '../context.ts';
import { adminAuditOperations } from './audit.ts';
import { clientReads } from './client-reads.ts';
import { clientWrites } from './client-writes.ts';
import { exportOperations } from './export.ts';
import { adminFactorOperations } from './factors.ts';
import { importOperations } from './import.ts';
import { adminSessionOperations } from './sessions.ts';
import { adminSettingsOperations } from './settings.ts';
import { adminUserOperations } from './users.ts';

export function adminApi(api: Api): void {
  adminSettingsOperations(api);
  // Before the routes of an account by its id, which would take these paths for ids.
  importOperations(api);
  exportOperations(api);
  adminUserOperations(api);
  adminSessionOperations(api);
  adminFactorOperations(api);
  clientReads(api);
  clientWrites(api);
  adminAuditOperations(api);
}
