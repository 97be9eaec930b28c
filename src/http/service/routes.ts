// Routes for people, monitors and other services: health, public keys, the OpenAPI document and Swagger UI.
import type { Api } from '../context.ts';
import { docsPages } from './docs.ts';
import { healthOperation } from './health.ts';
import { keysOperation } from './keys.ts';

export function serviceApi(api: Api): void {
  healthOperation(api);
  keysOperation(api);
  docsPages(api);
}
