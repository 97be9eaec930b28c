// The Resource API: /token, /account, /entities and /games, for CRUD clients, Swagger UI and OAuth 2 tools.
import type { Api } from '../context.ts';
import { accountOperations } from './account.ts';
import { entityReads } from './entity-reads.ts';
import { entityWrites } from './entity-writes.ts';
import { gameOperations } from './games.ts';
import { loginOperations } from './login.ts';

export function resourceApi(api: Api): void {
  loginOperations(api);
  accountOperations(api);
  entityReads(api);
  entityWrites(api);
  gameOperations(api);
}
