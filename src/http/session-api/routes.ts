// The Session API: /, /user and /auth, for clients of the sign-up and session service it replaces.
import type { Api } from '../context.ts';
import { greetingOperation } from './greeting.ts';
import { loginOperations } from './login.ts';
import { userOperations } from './users.ts';

export function sessionApi(api: Api): void {
  greetingOperation(api);
  userOperations(api);
  loginOperations(api);
}
