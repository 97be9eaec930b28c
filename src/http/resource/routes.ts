// The Resource API: /token, /account, /entities and /games, for CRUD clients, Swagger UI and OAuth 2 tools.
import type { Api } from '../context.ts';
import { accountOperations } from './account.ts';
import { entityReads } from './entities.ts';
import { entityWrites } from './entity-writes.ts';
import { gameOperations } from './games.ts';
import { tokenOperations } from './tokens.ts';

export function resourceContract(api: Api): void {
  tokenOperations(api);
  accountOperations(api);
  entityReads(api);
  entityWrites(api);
  gameOperations(api);
}
