// The Token API: /api/*, for apps that want an access and a refresh token.
import type { Api } from '../context.ts';
import { exportOperations } from './export.ts';
import { loginOperations } from './login.ts';
import { meOperations } from './me.ts';
import { sessionOperations } from './sessions.ts';

export function tokenApi(api: Api): void {
  loginOperations(api);
  meOperations(api);
  sessionOperations(api);
  exportOperations(api);
}
