// The Token API: /api/*, for apps that want an access and a refresh token.
import type { Api } from '../context.ts';
import { tokenOperations } from './login.ts';
import { meOperations } from './me.ts';
import { sessionOperations } from './sessions.ts';

export function pairContract(api: Api): void {
  tokenOperations(api);
  meOperations(api);
  sessionOperations(api);
}
