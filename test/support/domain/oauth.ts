// Clients and codes made through the ports, with any adapters.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { Client } from '../../../src/domain/oauth/client.ts';
import type { NewCode, PresentedCode } from '../../../src/domain/oauth/code.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { Adapters } from '../memory/adapters.ts';
import { newAdmin, newSession } from './accounts.ts';
import { acting, administering, HOUR_MS, MINUTE_MS, NOW, nobody } from './contexts.ts';

export const REDIRECT = 'https://app.example.com/callback';

/** A public client's fields, with an id that no other has. */
export const clientFields = (fields: Partial<Client> = {}): Client => ({
  id: crypto.randomUUID(),
  name: 'Photo Album',
  kind: 'public',
  redirectUris: [REDIRECT],
  postLogoutRedirectUris: [],
  scopes: ['openid', 'profile', 'offline_access', 'entities:read'],
  firstParty: false,
  idTokenAlgorithm: 'ES256',
  createdAt: NOW,
  updatedAt: NOW,
  ...fields,
});

/** A client that an admin registered. */
export async function addClient(
  adapters: Pick<Adapters, 'clients' | 'registrations' | 'makeAdmin'>,
  fields: Partial<Client> = {},
  secretHash: string | null = null,
): Promise<Client> {
  const client = clientFields(fields);
  const added = await adapters.clients.add(client, secretHash, administering((await newAdmin(adapters)).id));
  if (isRefusal(added)) throw new Error(`no client: ${added.refused}`);
  return client;
}

/** A code for a client, with a hash that no other has. */
export const codeFields = ({ id: clientId }: Pick<Client, 'id'>, fields: Partial<NewCode> = {}): NewCode => ({
  hash: crypto.randomUUID(),
  clientId,
  redirectUri: REDIRECT,
  scopes: ['openid', 'offline_access'],
  challenge: 'a challenge',
  nonce: 'a nonce',
  expiresAt: NOW + MINUTE_MS,
  ...fields,
});

/** The parameters that the code's own client presents. */
export const presented = ({ hash, clientId, redirectUri, challenge }: NewCode): PresentedCode => ({
  hash,
  clientId,
  redirectUri,
  challenge,
});

/** A code that was issued in a session of an account. */
export async function issueCode(
  { codes }: Pick<Adapters, 'codes'>,
  { id }: Account,
  sessionId: string,
  client: Pick<Client, 'id'>,
  fields: Partial<NewCode> = {},
  now = NOW,
): Promise<NewCode> {
  const code = codeFields(client, fields);
  const issued = await codes.issue(code, acting(id, { sessionId, now }));
  if (isRefusal(issued)) throw new Error(`no code: ${issued.refused}`);
  return code;
}

export const ONLINE_UNTIL = NOW + HOUR_MS;

/** The session that a code opens for its client. */
export async function redeemCode({ codes }: Pick<Adapters, 'codes'>, code: NewCode, tokenHash = crypto.randomUUID()) {
  const session = newSession({ kind: 'refresh', tokenHash });
  const opened = await codes.redeem(presented(code), session, ONLINE_UNTIL, nobody());
  if (isRefusal(opened)) throw new Error(`not redeemed: ${opened.refused}`);
  return { ...opened, tokenHash };
}
