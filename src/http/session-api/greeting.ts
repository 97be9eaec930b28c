// GET /: a greeting, or the caller's own account.
import { z } from '@hono/zod-openapi';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anonymousIfInvalid } from '../operation/guards/anonymous-if-invalid.ts';
import { operationsIn } from '../operation/operation.ts';
import { HelloBody, UserBody, userView } from './shapes.ts';

export function greetingOperation(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/',
      operationId: 'greet',
      tag: 'Session API',
      summary: 'Hello World, or your own account',
      description:
        'With a valid bearer token, the username and the data of its account. An invalid token counts as none.',
      guard: anonymousIfInvalid,
      scope: 'profile',
      answers: {
        200: {
          description: 'A greeting, or the account.',
          schema: () => z.union([HelloBody(), UserBody()]),
          example: { message: 'Hello World' },
        },
      },
      refuses: [],
    },
    ({ caller }) => reply(200, caller ? userView(caller.account) : { message: 'Hello World' as const }),
  );
}
