// The sessions of an account, for admins: see them, end one, end all.
import { refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { SessionsBody, sessionView } from '../shapes/session-body.ts';
import { AccountParams, AccountSessionParams } from './shapes.ts';

const tag = 'Administration';
const example = {
  sessions: [
    {
      id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      kind: 'session',
      created_at: '2026-11-20T21:00:00.000Z',
      last_used_at: '2026-11-20T21:00:30.000Z',
      expires_at: '2026-11-21T21:00:00.000Z',
      user_agent: 'curl/8.0',
      ip: '203.0.113.7',
      current: false,
    },
  ],
};

export function adminSessionOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/admin/users/{id}/sessions',
      operationId: 'listUserSessions',
      tag,
      summary: "List an account's sessions",
      description: 'Only live ones, those used last first. `current` is the session of the token that asks.',
      access: 'admin',
      params: AccountParams,
      answers: { 200: { description: 'The sessions.', schema: SessionsBody, example } },
      refuses: ['account_not_found'],
    },
    async ({ caller, params, ports, now }) => {
      const [account, sessions] = await Promise.all([
        ports.administration.find(params.id),
        ports.sessions.list(params.id, now),
      ]);
      if (!account) return refuse('account_not_found');
      return reply(200, { sessions: sessions.map((session) => sessionView(session, caller.sessionId)) });
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/admin/users/{id}/sessions',
      operationId: 'endUserSessions',
      tag,
      summary: "End all of an account's sessions",
      description: 'Their refresh and session tokens stop at once; access tokens at their expiry.',
      access: 'admin',
      params: AccountParams,
      answers: { 204: { description: 'No session is left.' } },
      refuses: ['account_not_found'],
    },
    async ({ caller, params, ports, origin, now }) => {
      if (!(await ports.administration.find(params.id))) return refuse('account_not_found');
      await ports.sessions.revokeAll(params.id, null, 'by_admin', { ...origin, actorId: caller.accountId, now });
      return reply(204);
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/admin/users/{id}/sessions/{session_id}',
      operationId: 'endUserSession',
      tag,
      summary: "End one of an account's sessions",
      description: 'The others live on.',
      access: 'admin',
      params: AccountSessionParams,
      answers: { 204: { description: 'The session has ended.' } },
      refuses: ['session_not_found'],
    },
    async ({ caller, params: { id: accountId, session_id: sessionId }, ports, origin, now }) => {
      const act = { ...origin, actorId: caller.accountId, now };
      return (await ports.sessions.revoke({ accountId, sessionId }, 'by_admin', act))
        ? reply(204)
        : refuse('session_not_found');
    },
  );
}
