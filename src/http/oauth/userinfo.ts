// GET and POST /oauth/userinfo: the claims of a token's scopes (OpenID Connect Core §5.3).
import { z } from '@hono/zod-openapi';
import { type Userinfo, userinfoOf } from '../../domain/oauth/userinfo.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { type Infer, once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';

const UserinfoBody = once(() =>
  z
    .object({
      sub: z.string().openapi({ description: "The account's id." }),
      preferred_username: z.string().optional(),
      updated_at: z.int().optional().openapi({ description: 'Seconds since the epoch.' }),
      email: z.string().optional(),
      email_verified: z.boolean().optional(),
    })
    .openapi('Userinfo'),
);

function userinfoView({ account, scopes }: Userinfo): Infer<typeof UserinfoBody> {
  const { id, username, email, emailVerified, updatedAt } = account;
  const named = username === null ? {} : { preferred_username: username };
  return {
    sub: String(id),
    ...(scopes.includes('profile') ? { ...named, updated_at: Math.floor(updatedAt / 1000) } : {}),
    ...(scopes.includes('email') && email !== null ? { email, email_verified: emailVerified } : {}),
  };
}

const example = {
  sub: '1',
  preferred_username: 'John Smith',
  updated_at: 1_795_208_400,
  email: 'user@example.com',
  email_verified: true,
};

export function userinfoOperations(api: Api): void {
  const operation = operationsIn(api, problem);
  for (const method of ['get', 'post'] as const)
    operation(
      {
        method,
        path: '/oauth/userinfo',
        operationId: `${method}Userinfo`,
        tag: 'OAuth 2.1',
        summary: 'Who the token is about',
        description: 'The claims of its scopes. The session is looked up: a revoked one is refused at once.',
        guard: bearer,
        scope: 'openid',
        answers: { 200: { description: 'The claims.', schema: UserinfoBody, example } },
        refuses: [],
      },
      async ({ caller, ports, audit }) => {
        const userinfo = await userinfoOf(ports, caller, audit.now);
        return isRefusal(userinfo) ? userinfo : reply(200, userinfoView(userinfo));
      },
    );
}
