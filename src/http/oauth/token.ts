// POST /oauth/token: a code, a refresh token or a client's own credentials for tokens (RFC 6749 §3.2).
import { z } from '@hono/zod-openapi';
import { type GrantedTokens, TOKEN_REASONS } from '../../domain/oauth/granted-tokens.ts';
import { formatScopes } from '../../domain/oauth/scopes.ts';
import { grantTokens } from '../../domain/oauth/token-endpoint.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { oauthForms, UNCACHED } from '../errors/oauth-forms.ts';
import { type Infer, once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { clientEndpoint, clientOf, formOf } from './forms.ts';

const TokensBody = once(() =>
  z
    .object({
      access_token: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int().openapi({ description: 'Seconds until the access token expires.' }),
      scope: z.string(),
      refresh_token: z.string().optional(),
      id_token: z.string().optional(),
    })
    .openapi('OAuthTokens'),
);

const tokensView = (granted: GrantedTokens): Infer<typeof TokensBody> => ({
  access_token: granted.accessToken,
  token_type: 'Bearer',
  expires_in: granted.expiresInSeconds,
  scope: formatScopes(granted.scopes),
  ...(granted.refreshToken === undefined ? {} : { refresh_token: granted.refreshToken }),
  ...(granted.idToken === undefined ? {} : { id_token: granted.idToken }),
});

export function tokenOperation(api: Api): void {
  operationsIn(api, oauthForms)(
    {
      ...clientEndpoint,
      method: 'post',
      path: '/oauth/token',
      operationId: 'oauthToken',
      summary: 'Exchange a code, a refresh token or client credentials for tokens',
      description:
        'Grants: `authorization_code` with PKCE, `refresh_token`, and `client_credentials` for confidential clients. ' +
        'A code works once; a second use revokes the session of the first. Refused calls count for a limit of the ' +
        'address, accepted ones do not.',
      guard: anyone,
      body: formOf('grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope'),
      bodyExample: {
        grant_type: 'authorization_code',
        client_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
        code: 'bBXtL0B5mN2cS2n5nQ0b3r2mD9w0Xy7Jp3eW4q1Zk8s',
        redirect_uri: 'https://app.example.com/callback',
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      },
      answers: {
        200: {
          description: 'The tokens. `refresh_token` with `offline_access`, `id_token` with `openid`.',
          schema: TokensBody,
          example: {
            access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
            token_type: 'Bearer',
            expires_in: 900,
            scope: 'openid profile offline_access',
            refresh_token: '0d6ac2b4-6f25-4d43-9f3e-6a2f9a3f1c55',
            id_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln',
          },
        },
      },
      refuses: ['invalid_client', ...TOKEN_REASONS],
    },
    async ({ c, body: form, ports, audit }) => {
      const client = await clientOf(c, form);
      if (isRefusal(client)) return client;
      const granted = await grantTokens(ports, client, form, audit);
      return isRefusal(granted) ? granted : reply(200, tokensView(granted), UNCACHED);
    },
  );
}
