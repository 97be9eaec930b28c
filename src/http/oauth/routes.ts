// The OAuth 2.1 and OpenID provider: /oauth/*, its discovery documents, and /api/grants.
import type { Api } from '../context.ts';
import { discoveryOperations } from './discovery.ts';
import { grantOperations } from './grants.ts';
import { tokenOperation } from './token.ts';
import { introspectOperation, revokeOperation } from './token-state.ts';
import { userinfoOperations } from './userinfo.ts';

export function oauthProvider(api: Api): void {
  discoveryOperations(api);
  tokenOperation(api);
  revokeOperation(api);
  introspectOperation(api);
  userinfoOperations(api);
  grantOperations(api);
}
