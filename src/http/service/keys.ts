// GET /.well-known/jwks.json: the public keys.
import { z } from '@hono/zod-openapi';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';

const signingKey = once(() => ({ kid: z.string(), use: z.literal('sig') }));
const JwksBody = once(() =>
  z
    .object({
      keys: z
        .array(
          z.discriminatedUnion('kty', [
            z.object({
              kty: z.literal('EC'),
              crv: z.string(),
              x: z.string(),
              y: z.string(),
              ...signingKey(),
              alg: z.literal('ES256'),
            }),
            z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string(), ...signingKey(), alg: z.literal('RS256') }),
          ]),
        )
        .readonly(),
    })
    .openapi('JwkSet'),
);

const jwksExample = {
  keys: [{ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2…', y: 'x_FEzRu9…', kid: 'NzbLsXh8…', alg: 'ES256', use: 'sig' }],
};

/** Other services may cache the keys this long: publish a new key for longer before it signs. */
const JWKS_MAX_AGE_SECONDS = 5 * 60;

export function keysOperation(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      operationId: 'getJwks',
      tag: 'Operations',
      summary: 'The public keys',
      description: 'A JWK set (RFC 7517) with which any service can verify tokens by itself.',
      guard: anyone,
      answers: {
        200: {
          description: 'The keys. The first EC key signs; an RSA key signs ID tokens alone.',
          schema: JwksBody,
          example: jwksExample,
        },
      },
      refuses: [],
    },
    ({ ports }) =>
      reply(200, { keys: ports.issuer.keys.published }, { 'Cache-Control': `public, max-age=${JWKS_MAX_AGE_SECONDS}` }),
  );
}
