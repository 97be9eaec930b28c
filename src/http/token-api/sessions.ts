// The caller's own sessions: list them, end one, end all others.
import { z } from '@hono/zod-openapi';
import { isRefusal } from '../../domain/refusal.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { SessionsBody, sessionView } from '../shapes/session-body.ts';

const tag = 'Token API';
const example = {
  sessions: [
    {
      id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      kind: 'refresh',
      created_at: '2026-11-20T21:00:00.000Z',
      last_used_at: '2026-11-20T21:00:30.000Z',
      expires_at: '2026-12-20T21:00:30.000Z',
      user_agent: 'curl/8.0',
      ip: '203.0.113.7',
      current: true,
    },
  ],
};

export function sessionOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/sessions',
      operationId: 'listSessions',
      tag,
      summary: 'List your sessions',
      description: 'Live sessions only, the last used first.',
      guard: bearer,
      answers: { 200: { description: 'The sessions.', schema: SessionsBody, example } },
      refuses: [],
    },
    async ({ caller, ports, audit }) => {
      const sessions = await listSessions(ports, caller.accountId, audit.now);
      return reply(200, { sessions: sessions.map((session) => sessionView(session, caller.sessionId)) });
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/sessions/{id}',
      operationId: 'endSession',
      tag,
      summary: 'End one of your sessions',
      description: "Its refresh and session tokens stop working at once. Another account's session is not found.",
      guard: bearer,
      recent: 'for changes',
      params: once(() => z.object({ id: z.uuid() })),
      answers: { 204: { description: 'The session has ended.' } },
      refuses: ['session_not_found'],
    },
    async ({ caller, params, ports, audit }) => {
      const own = { accountId: caller.accountId, sessionId: params.id };
      const revoked = await ports.sessions.revoke(own, 'by_owner', audit);
      return isRefusal(revoked) ? revoked : reply(204);
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/sessions',
      operationId: 'endOtherSessions',
      tag,
      summary: 'End all of your sessions but this one',
      description: 'The session of the token you send goes on.',
      guard: bearer,
      recent: 'for changes',
      answers: { 204: { description: 'The others have ended.' } },
      refuses: [],
    },
    async ({ caller: { accountId, sessionId }, ports, audit }) => {
      const revoked = await ports.sessions.revokeAll(accountId, sessionId, 'by_owner', audit);
      return isRefusal(revoked) ? revoked : reply(204);
    },
  );
}
