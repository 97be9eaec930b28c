// Clients: apps that sign people in with this service. Admins register them.
import type { AuthorizedContext } from '../audit-context.ts';
import type { Page } from '../page.ts';
import type { Refusal } from '../refusal.ts';
import type { Scope } from './scopes.ts';

export type ClientKind = 'public' | 'confidential';
export type IdTokenAlgorithm = 'ES256' | 'RS256';

/** The data of a client that an admin edits. */
export interface ClientMetadata {
  /** 1 to 64 characters, as people read it on the consent page. */
  readonly name: string;
  readonly kind: ClientKind;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** The scopes that it may ask for. */
  readonly scopes: readonly Scope[];
  /** One of the service's own apps: no consent is asked, and it may have the scope `account`. */
  readonly firstParty: boolean;
  readonly idTokenAlgorithm: IdTokenAlgorithm;
}

export interface Client extends ClientMetadata {
  /** A UUID: its `client_id`. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Whether a client may have a scope, now: `account` is for first-party clients. */
export const isAllowed = ({ scopes, firstParty }: Client, scope: Scope): boolean =>
  scopes.includes(scope) && (scope !== 'account' || firstParty);

/** A client with the hash of its secret; a public client has none. */
export interface ClientWithSecret {
  readonly client: Client;
  readonly secretHash: string | null;
}

type Ended = Refusal<'token_revoked' | 'forbidden'>;

/** The clients table. A method that writes records its audit event in the same transaction. */
export interface Clients {
  find(id: string): Promise<ClientWithSecret | undefined>;
  /** Whether a public client has a redirect of this origin: its pages may call the token endpoint. */
  hasOrigin(origin: string): Promise<boolean>;
  /** The newest first. */
  list(after: string | undefined, limit: number): Promise<Page<Client>>;
  add(client: Client, secretHash: string | null, audit: AuthorizedContext): Promise<'added' | Ended>;
  /** Replaces the metadata if the stored `updatedAt` is still that of `before`. */
  replace(before: Client, client: Client, audit: AuthorizedContext): Promise<'replaced' | 'overtaken' | Ended>;
  replaceSecret(id: string, secretHash: string, audit: AuthorizedContext): Promise<'replaced' | 'not_found' | Ended>;
  /** Deletes a client; its grants, codes and sessions end in the same transaction. */
  remove(id: string, audit: AuthorizedContext): Promise<'removed' | 'not_found' | Ended>;
}
