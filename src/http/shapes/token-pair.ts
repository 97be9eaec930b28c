// A token pair, as the logins that open a session with refresh tokens answer it.
import { z } from '@hono/zod-openapi';
import type { TokenPair } from '../../domain/sessions/issue.ts';
import { type Infer, once } from '../once.ts';

export const TokenPairBody = once(() =>
  z
    .object({
      access_token: z.string(),
      refresh_token: z.uuid(),
      token_type: z.literal('Bearer'),
      expires_in: z.int().openapi({ description: 'Seconds until the access token expires.' }),
    })
    .openapi('TokenPair'),
);

export const tokenPairView = ({
  accessToken,
  refreshToken,
  expiresInSeconds,
}: TokenPair): Infer<typeof TokenPairBody> => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'Bearer',
  expires_in: expiresInSeconds,
});

export const tokenPairExample = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
  refresh_token: '0d6ac2b4-6f25-4d43-9f3e-6a2f9a3f1c55',
  token_type: 'Bearer',
  expires_in: 30,
};
