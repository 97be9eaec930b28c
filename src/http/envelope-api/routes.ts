// The Envelope API: /auth/…, for clients of the Flask services it replaces.
import type { Api } from '../context.ts';
import { accountOperations } from './account.ts';
import { inventoryOperations } from './inventory.ts';
import { loginOperations } from './login.ts';
import { productOperations } from './products.ts';

export function envelopeApi(api: Api): void {
  loginOperations(api);
  accountOperations(api);
  productOperations(api);
  inventoryOperations(api);
}
