// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): which client asks, and where it may redirect.
import type { Issuer } from '../tokens/jwt.ts';
import type { Client, Clients } from './client.ts';
import { type IdTokenHint, readHint } from './id-token.ts';
import { isRegistered } from './redirect-uri.ts';

interface LogoutPorts {
  readonly clients: Clients;
  readonly issuer: Issuer;
}

export interface Logout {
  /** The client that the hint or `client_id` names. */
  readonly client: Client | undefined;
  readonly hint: IdTokenHint | undefined;
  /** Where the browser goes afterwards; undefined for a page of ours. */
  readonly redirectUri: string | undefined;
}

/** A logout request; undefined for a redirect that the client has not registered. */
export async function parseLogout(
  { clients, issuer }: LogoutPorts,
  parameters: Readonly<Record<string, string | undefined>>,
): Promise<Logout | undefined> {
  const { id_token_hint: token, client_id: named, post_logout_redirect_uri: redirectUri } = parameters;
  const hint = token === undefined ? undefined : await readHint(issuer, token);
  const isContradicted = hint !== undefined && named !== undefined && named !== hint.clientId;
  const clientId = hint?.clientId ?? named;
  const client = clientId === undefined ? undefined : (await clients.find(clientId))?.client;
  if (redirectUri === undefined) return { client, hint, redirectUri };
  const isTheirs = client?.postLogoutRedirectUris.some((registered) => isRegistered(redirectUri, registered));
  return isTheirs && !isContradicted ? { client, hint, redirectUri } : undefined;
}
