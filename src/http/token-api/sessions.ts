// The caller's own sessions: see them, end one, end all the others.
import { z } from '@hono/zod-openapi';
import { refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
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
      summary: 'List the own sessions',
      description: 'Only live ones, those used last first.',
      access: 'bearer',
      answers: { 200: { description: 'The sessions.', schema: SessionsBody, example } },
      refuses: [],
    },
    async ({ caller, ports, now }) => {
      const sessions = await ports.sessions.list(caller.accountId, now);
      return reply(200, { sessions: sessions.map((session) => sessionView(session, caller.sessionId)) });
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/sessions/{id}',
      operationId: 'endSession',
      tag,
      summary: 'End one of the own sessions',
      description: "Its refresh and session tokens stop at once. Another account's session is not found.",
      access: 'bearer',
      params: z.object({ id: z.uuid() }),
      answers: { 204: { description: 'The session has ended.' } },
      refuses: ['session_not_found'],
    },
    async ({ caller, params, ports, origin, now }) => {
      const { accountId } = caller;
      const revoked = await ports.sessions.revoke({ accountId, sessionId: params.id }, 'by_owner', {
        ...origin,
        actorId: accountId,
        now,
      });
      return revoked ? reply(204) : refuse('session_not_found');
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/sessions',
      operationId: 'endOtherSessions',
      tag,
      summary: 'End all of the own sessions but this one',
      description: 'The session of the token that asks lives on.',
      access: 'bearer',
      answers: { 204: { description: 'The others have ended.' } },
      refuses: [],
    },
    async ({ caller, ports, origin, now }) => {
      const { accountId, sessionId } = caller;
      await ports.sessions.revokeAll(accountId, sessionId, 'by_owner', { ...origin, actorId: accountId, now });
      return reply(204);
    },
  );
}
