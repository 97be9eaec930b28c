// The Envelope API: /auth/…, for clients of the Flask services it replaces.
import type { Api } from '../context.ts';
import { accountOperations } from './account.ts';
import { inventoryOperations } from './inventory.ts';
import { sessionOperations } from './login.ts';
import { productOperations } from './products.ts';

export function envelopeContract(api: Api): void {
  sessionOperations(api);
  accountOperations(api);
  productOperations(api);
  inventoryOperations(api);
}
