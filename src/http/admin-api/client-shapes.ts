// The bodies of clients: RFC 7591's names where it has them.
import { z } from '@hono/zod-openapi';
import type { Client, ClientMetadata } from '../../domain/oauth/client.ts';
import type { RegisteredClient } from '../../domain/oauth/client-registration.ts';
import { ALL_SCOPES, type Scope } from '../../domain/oauth/scopes.ts';
import { type Infer, once } from '../once.ts';
import { clientNameField, urisField } from '../shapes/client-fields.ts';
import { timestamp, timestampField } from '../shapes/fields.ts';
import { type CursorPage, cursorField, limitField } from '../shapes/paging.ts';

const scopesField = once(() =>
  z
    .array(z.enum(ALL_SCOPES))
    .readonly()
    .transform((scopes): readonly Scope[] => [...new Set(scopes)])
    .openapi({ type: 'array', items: { type: 'string', enum: [...ALL_SCOPES] } }),
);
const algorithmField = once(() => z.enum(['ES256', 'RS256']));

const DEFAULT_SCOPES: readonly Scope[] = ['openid', 'profile', 'email'];

export const NewClientBody = once(() =>
  z
    .object({
      name: clientNameField(),
      kind: z.enum(['public', 'confidential']),
      redirect_uris: urisField().default([]),
      post_logout_redirect_uris: urisField().default([]),
      scopes: scopesField().optional(),
      first_party: z.boolean().default(false),
      id_token_signed_response_alg: algorithmField().default('ES256'),
    })
    .transform(
      (body): ClientMetadata => ({
        name: body.name,
        kind: body.kind,
        redirectUris: body.redirect_uris,
        postLogoutRedirectUris: body.post_logout_redirect_uris,
        scopes: body.scopes ?? DEFAULT_SCOPES,
        firstParty: body.first_party,
        idTokenAlgorithm: body.id_token_signed_response_alg,
      }),
    ),
);

type ClientChange = Partial<Omit<ClientMetadata, 'kind'>>;

export const ClientChangeBody = once(() =>
  z
    .object({
      name: clientNameField().optional(),
      kind: z
        .unknown()
        .refine((kind) => kind === undefined, 'cannot be changed')
        .optional()
        .openapi({ not: {} }),
      redirect_uris: urisField().optional(),
      post_logout_redirect_uris: urisField().optional(),
      scopes: scopesField().optional(),
      first_party: z.boolean().optional(),
      id_token_signed_response_alg: algorithmField().optional(),
    })
    .transform(
      (body): ClientChange =>
        given({
          name: body.name,
          redirectUris: body.redirect_uris,
          postLogoutRedirectUris: body.post_logout_redirect_uris,
          scopes: body.scopes,
          firstParty: body.first_party,
          idTokenAlgorithm: body.id_token_signed_response_alg,
        }),
    ),
);

/** The fields that have a value. */
const given = (fields: { readonly [K in keyof ClientChange]: ClientChange[K] | undefined }): ClientChange =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const clientFields = once(() => ({
  id: z.uuid().openapi({ description: 'Its `client_id`.' }),
  name: z.string(),
  kind: z.enum(['public', 'confidential']),
  redirect_uris: z.array(z.string()).readonly(),
  post_logout_redirect_uris: z.array(z.string()).readonly(),
  scopes: z.array(z.enum(ALL_SCOPES)).readonly(),
  first_party: z.boolean(),
  id_token_signed_response_alg: algorithmField(),
  created_at: timestampField(),
  updated_at: timestampField(),
}));

export const ClientBody = once(() => z.object(clientFields()).openapi('Client'));

export const RegisteredClientBody = once(() =>
  z
    .object({
      ...clientFields(),
      client_secret: z
        .string()
        .optional()
        .openapi({ description: 'Shown here and never again. Public ones have none.' }),
    })
    .openapi('RegisteredClient'),
);

export const ClientsBody = once(() =>
  z
    .object({ clients: z.array(ClientBody()), next_cursor: z.string().nullable() })
    .openapi('Clients', { description: 'A page of clients; `next_cursor` is null on the last.' }),
);

export const ClientParams = once(() => z.object({ id: z.uuid().toLowerCase() }));
export const ClientsQuery = once(() => z.object({ limit: limitField(), cursor: cursorField() }));

export const clientView = (client: Client): Infer<typeof ClientBody> => ({
  id: client.id,
  name: client.name,
  kind: client.kind,
  redirect_uris: client.redirectUris,
  post_logout_redirect_uris: client.postLogoutRedirectUris,
  scopes: client.scopes,
  first_party: client.firstParty,
  id_token_signed_response_alg: client.idTokenAlgorithm,
  created_at: timestamp(client.createdAt),
  updated_at: timestamp(client.updatedAt),
});

export const registeredView = ({ client, secret }: RegisteredClient): Infer<typeof RegisteredClientBody> => ({
  ...clientView(client),
  ...(secret === undefined ? {} : { client_secret: secret }),
});

export const clientsView = ({ items, nextCursor }: CursorPage<Client>): Infer<typeof ClientsBody> => ({
  clients: items.map(clientView),
  next_cursor: nextCursor,
});
