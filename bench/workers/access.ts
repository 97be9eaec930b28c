// The Worker with one more operation, which needs a token and no storage, to measure the check alone.
import { z } from '@hono/zod-openapi';
import { createApp } from '../../src/app.ts';
import { problem } from '../../src/http/errors/problem.ts';
import { reply } from '../../src/http/operation/declaration.ts';
import { bearer } from '../../src/http/operation/guards/bearer.ts';
import { operationsIn } from '../../src/http/operation/operation.ts';

export const app = createApp();

operationsIn({ app, documented: [] }, problem)(
  {
    method: 'get',
    path: '/bench/access',
    operationId: 'benchAccess',
    tag: 'Bench',
    summary: 'The id of the caller',
    description: 'For the benchmark alone.',
    guard: bearer,
    answers: { 200: { description: 'The id.', schema: () => z.object({ id: z.int() }) } },
    refuses: [],
  },
  ({ caller }) => reply(200, { id: caller.accountId }),
);

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
