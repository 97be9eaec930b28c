// The stores of the OAuth provider in D1.
import type { Clients } from '../../domain/oauth/client.ts';
import type { Codes } from '../../domain/oauth/code.ts';
import type { Grants } from '../../domain/oauth/grant.ts';
import type { Database } from '../d1/database.ts';
import { clientsIn } from './clients.ts';
import { codesIn } from './codes.ts';
import { grantsIn } from './grants.ts';

interface OAuthStores {
  readonly clients: Clients;
  readonly codes: Codes;
  readonly grants: Grants;
}

export const oauthIn = (database: Database): OAuthStores => ({
  clients: clientsIn(database),
  codes: codesIn(database),
  grants: grantsIn(database),
});
