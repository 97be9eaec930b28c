// The front door greets a stranger, and shows a caller their own account.
import { z } from '@hono/zod-openapi';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { HelloBody, UserBody, userView } from './shapes.ts';

export function greetingOperation(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/',
      operationId: 'greet',
      tag: 'Session API',
      summary: 'Hello World, or the own account',
      description:
        'With a valid bearer token, the username and the data of its account. A token that is not valid counts as none.',
      access: 'lenient',
      answers: {
        200: {
          description: 'A greeting, or the account.',
          schema: z.union([HelloBody, UserBody]),
          example: { message: 'Hello World' },
        },
      },
      refuses: [],
    },
    ({ caller }) => reply(200, caller ? userView(caller.account) : { message: 'Hello World' as const }),
  );
}
