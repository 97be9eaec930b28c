// The Resource API: /token, /account, /entities and /games, for CRUD clients, Swagger UI and OAuth 2 tools.
import type { Api } from '../context.ts';
import { accountOperations } from './account.ts';
import { entityReads } from './entity-reads.ts';
import { entityWrites } from './entity-writes.ts';
import { gameOperations } from './games.ts';
import { tokenOperations } from './login.ts';

export function resourceContract(api: Api): void {
  tokenOperations(api);
  accountOperations(api);
  entityReads(api);
  entityWrites(api);
  gameOperations(api);
}
