// The sessions of an account for admins: list them, end one, end all.
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
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
      description: 'Live sessions only, the last used first. `current` is the session of the token you send.',
      guard: admin,
      params: AccountParams,
      answers: { 200: { description: 'The sessions.', schema: SessionsBody, example } },
      refuses: ['account_not_found'],
    },
    async ({ caller, params, ports, audit }) => {
      const [account, sessions] = await Promise.all([
        ports.administration.find(params.id),
        listSessions(ports, params.id, audit.now),
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
      description: 'Their refresh and session tokens stop working at once; access tokens when they expire.',
      guard: admin,
      params: AccountParams,
      answers: { 204: { description: 'Every session has ended.' } },
      refuses: ['account_not_found'],
    },
    async ({ params, ports, audit }) => {
      if (!(await ports.administration.find(params.id))) return refuse('account_not_found');
      const revoked = await ports.sessions.revokeAll(params.id, null, 'by_admin', audit);
      return isRefusal(revoked) ? revoked : reply(204);
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/admin/users/{id}/sessions/{session_id}',
      operationId: 'endUserSession',
      tag,
      summary: "End one of an account's sessions",
      description: 'Its other sessions go on.',
      guard: admin,
      params: AccountSessionParams,
      answers: { 204: { description: 'The session has ended.' } },
      refuses: ['session_not_found'],
    },
    async ({ params: { id: accountId, session_id: sessionId }, ports, audit }) => {
      const revoked = await ports.sessions.revoke({ accountId, sessionId }, 'by_admin', audit);
      return isRefusal(revoked) ? revoked : reply(204);
    },
  );
}
