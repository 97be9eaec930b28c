// Registering and changing clients, and their secrets.
import type { AuthorizedContext } from '../audit-context.ts';
import { type FieldError, isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Keys } from '../tokens/keys.ts';
import type { Client, ClientMetadata, Clients } from './client.ts';
import { hashSecret, newSecret } from './client-secret.ts';
import { refuseRedirectUri } from './redirect-uri.ts';

type Ended = Refusal<'token_revoked' | 'forbidden'>;

interface ClientPorts {
  readonly clients: Clients;
  readonly issuer: { readonly keys: Keys };
}

/** A client as it was registered. The secret is shown once, and only its hash is stored. */
export interface RegisteredClient {
  readonly client: Client;
  readonly secret: string | undefined;
}

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

/** A change fails after this many concurrent changes in a row. */
const CHANGE_ATTEMPTS = 20;

/** Changes the given fields. The kind cannot change: an edit must not add or remove a secret. */
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

/** Gives a confidential client a new secret; the earlier one stops working. */
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

/** The errors of metadata as a whole, whose fields are each valid. */
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
