// The front door greets a stranger, and shows a caller their own account.
import { z } from '@hono/zod-openapi';
import { accountOf, authenticateBearer } from '../../domain/bearer.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation.ts';
import { problem } from '../problem.ts';
import { HelloBody, UserBody, userView } from './shapes.ts';

export function greetingOperation(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/',
      operationId: 'greet',
      tag: 'Session API',
      summary: 'Hello World, or the own account',
      description: 'With a valid bearer token, the username and the data of its account. A token that is not valid counts as none.',
      access: 'public',
      answers: {
        200: { description: 'A greeting, or the account.', schema: z.union([HelloBody, UserBody]), example: { message: 'Hello World' } },
      },
      refuses: [],
    },
    async ({ c, ports, now }) => {
      const caller = await authenticateBearer(ports, c.req.header('Authorization'), now);
      const account = isRefusal(caller) ? caller : await accountOf(ports, caller);
      return reply(200, isRefusal(account) ? { message: 'Hello World' as const } : userView(account));
    },
  );
}
