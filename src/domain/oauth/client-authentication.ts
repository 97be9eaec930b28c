// Client authentication at the token, revocation and introspection endpoints (RFC 6749 §2.3).
import { type Refusal, refuse } from '../refusal.ts';
import type { Client, Clients } from './client.ts';
import { hashSecret } from './client-secret.ts';

/** The credentials that a client sent. */
export interface ClientCredentials {
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly secret: string | undefined;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** The credentials of a request: in an `Authorization: Basic` header or in the form, never in both (§2.3). */
export function credentialsIn(
  authorization: string | undefined,
  form: Parameters,
): ClientCredentials | Refusal<'invalid_client' | 'invalid_request'> {
  if (authorization === undefined) {
    const { client_id: clientId, client_secret: secret } = form;
    return clientId === undefined ? refuse('invalid_client') : { clientId, secret };
  }
  if (form.client_secret !== undefined)
    return refuse('invalid_request', { description: 'The client authenticates in more than one way.' });
  const basic = basicCredentials(authorization);
  if (!basic) return refuse('invalid_client');
  if (form.client_id !== undefined && form.client_id !== basic.clientId)
    return refuse('invalid_request', { description: 'client_id is not the one that authenticates.' });
  return basic;
}

/** The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicCredentials(authorization: string): ClientCredentials | undefined {
  const encoded = /^Basic +([\w+/]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    return { clientId: decodeField(id), secret: decodeField(secret) };
  } catch {
    return undefined;
  }
}

const decodeField = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** The client that these credentials prove. A public client must send no secret, a confidential one the right one. */
export async function authenticateClient(
  { clients }: { readonly clients: Clients },
  { clientId, secret }: ClientCredentials,
): Promise<Client | Refusal<'invalid_client'>> {
  const found = await clients.find(clientId);
  if (!found) return refuse('invalid_client');
  const presented = secret === undefined || secret === '' ? null : await hashSecret(secret);
  return presented === found.secretHash ? found.client : refuse('invalid_client');
}
