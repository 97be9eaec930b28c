// GET /healthz: whether the stores answer.
import { z } from '@hono/zod-openapi';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';

const check = once(() => z.enum(['ok', 'failing']));
const HealthBody = once(() =>
  z.object({ status: check(), checks: z.object({ d1: check(), kv: check() }), version: z.string() }).openapi('Health'),
);

const healthExample = { status: 'ok', checks: { d1: 'ok', kv: 'ok' }, version: '6f9619ff-8b86-4011-b42d-00c04fc964ff' };

const statusOf = (answers: boolean): 'ok' | 'failing' => (answers ? 'ok' : 'failing');

export function healthOperation(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/healthz',
      operationId: 'getHealth',
      tag: 'Operations',
      summary: 'Whether the stores answer',
      description:
        'For monitors: a trivial query of D1 and of KV, which each isolate makes at most once in five seconds.',
      guard: anyone,
      answers: {
        200: { description: 'Both answer.', schema: HealthBody, example: healthExample },
        503: {
          description: 'One does not.',
          schema: HealthBody,
          example: { ...healthExample, status: 'failing', checks: { d1: 'failing', kv: 'ok' } },
        },
      },
      refuses: [],
    },
    async ({ c, ports, audit }) => {
      const { d1, kv } = await ports.health.current(audit.now);
      const body = {
        status: statusOf(d1 && kv),
        checks: { d1: statusOf(d1), kv: statusOf(kv) },
        version: c.env.VERSION?.id ?? 'local',
      };
      return d1 && kv ? reply(200, body) : reply(503, body);
    },
  );
}
