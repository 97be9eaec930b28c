// Clients: apps that sign people in with this service. Admins register them.
import { base64url } from 'jose';
import type { AuthorizedContext } from '../audit-context.ts';
import { sha256Hex } from '../digest.ts';
import type { Page } from '../page.ts';
import { type FieldError, isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Keys } from '../tokens/keys.ts';
import { refuseRedirectUri } from './redirect-uri.ts';
import type { Scope } from './scopes.ts';

export type ClientKind = 'public' | 'confidential';
export type IdTokenAlgorithm = 'ES256' | 'RS256';

/** What an admin decides about a client. */
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

/** A client with the hash of its secret, which public clients have none of. */
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
  /** Replaces the metadata where the client is as it was read: `updatedAt` of `before`. */
  replace(before: Client, client: Client, audit: AuthorizedContext): Promise<'replaced' | 'overtaken' | Ended>;
  replaceSecret(id: string, secretHash: string, audit: AuthorizedContext): Promise<'replaced' | 'not_found' | Ended>;
  /** Deletes a client; its grants, codes and sessions end in the same transaction. */
  remove(id: string, audit: AuthorizedContext): Promise<'removed' | 'not_found' | Ended>;
}

interface ClientPorts {
  readonly clients: Clients;
  readonly issuer: { readonly keys: Keys };
}

/** A client as it was registered. The secret is shown once, and only its hash is stored. */
export interface RegisteredClient {
  readonly client: Client;
  readonly secret: string | undefined;
}

const SECRET_BYTES = 32;

const newSecret = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

/** Unsalted: a secret has 256 random bits. */
export const hashSecret = sha256Hex;

export async function registerClient(
  { clients, issuer }: ClientPorts,
  metadata: ClientMetadata,
  audit: AuthorizedContext,
): Promise<RegisteredClient | Ended | Refusal<'invalid_body'>> {
  const errors = errorsOf(metadata, issuer.keys);
  if (errors.length > 0) return refuse('invalid_body', { errors });
  const secret = metadata.kind === 'confidential' ? newSecret() : undefined;
  const client = { ...metadata, id: crypto.randomUUID(), createdAt: audit.now, updatedAt: audit.now };
  const added = await clients.add(client, secret === undefined ? null : await hashSecret(secret), audit);
  return isRefusal(added) ? added : { client, secret };
}

/** A change gives up after this many concurrent ones in a row. */
const CHANGE_ATTEMPTS = 20;

/** Changes what is given. The kind stays: a secret must not come or go by an edit. */
export async function changeClient(
  { clients, issuer }: ClientPorts,
  id: string,
  change: Partial<Omit<ClientMetadata, 'kind'>>,
  audit: AuthorizedContext,
): Promise<Client | Ended | Refusal<'invalid_body' | 'client_not_found' | 'unavailable'>> {
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt += 1) {
    const before = (await clients.find(id))?.client;
    if (!before) return refuse('client_not_found');
    // Strictly later, so that two changes in one millisecond are distinguished.
    const after = { ...before, ...change, updatedAt: Math.max(audit.now, before.updatedAt + 1) };
    const errors = errorsOf(after, issuer.keys);
    if (errors.length > 0) return refuse('invalid_body', { errors });
    const replaced = await clients.replace(before, after, audit);
    if (isRefusal(replaced)) return replaced;
    if (replaced === 'replaced') return after;
  }
  return refuse('unavailable');
}

/** Gives a confidential client a new secret; the one before works no more. */
export async function replaceClientSecret(
  { clients }: ClientPorts,
  id: string,
  audit: AuthorizedContext,
): Promise<RegisteredClient | Ended | Refusal<'client_not_found' | 'client_is_public'>> {
  const client = (await clients.find(id))?.client;
  if (!client) return refuse('client_not_found');
  if (client.kind === 'public') return refuse('client_is_public');
  const secret = newSecret();
  const replaced = await clients.replaceSecret(id, await hashSecret(secret), audit);
  if (isRefusal(replaced)) return replaced;
  return replaced === 'replaced' ? { client, secret } : refuse('client_not_found');
}

/** What is wrong with the metadata as a whole; each field is valid by itself. */
function errorsOf(metadata: ClientMetadata, keys: Keys): readonly FieldError[] {
  const { kind, redirectUris, postLogoutRedirectUris, scopes, firstParty, idTokenAlgorithm } = metadata;
  const uris = (path: string, list: readonly string[]): readonly FieldError[] =>
    list.flatMap((uri, index) => {
      const message = refuseRedirectUri(uri, kind);
      return message ? [{ path: `${path}.${index}`, message }] : [];
    });
  const errors = [...uris('redirect_uris', redirectUris), ...uris('post_logout_redirect_uris', postLogoutRedirectUris)];
  if (scopes.includes('account') && !firstParty)
    errors.push({ path: 'scopes', message: 'may include account for a first-party client only' });
  if (kind === 'public' && redirectUris.length === 0)
    errors.push({ path: 'redirect_uris', message: 'must name one at least: a public client has no other grant' });
  if (idTokenAlgorithm === 'RS256' && !keys.rsa)
    errors.push({ path: 'id_token_signed_response_alg', message: 'needs an RSA key in JWT_KEYS' });
  return errors;
}
