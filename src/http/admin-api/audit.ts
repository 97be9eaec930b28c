// The audit trail for admins: who did what to which account, when and from where.
import { AUDIT_RETENTION_DAYS } from '../../domain/audit/trail.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { readPage } from '../shapes/paging.ts';
import { EventsBody, EventsQuery, eventsView } from './shapes.ts';

const example = {
  events: [
    {
      id: 7,
      at: '2026-11-20T21:00:00.000Z',
      action: 'setting.changed',
      actor_id: 1,
      user_id: null,
      ip: '203.0.113.7',
      user_agent: 'curl/8.0',
      detail: { setting: 'ACCESS_TOKEN_LIFETIME', from: 30, to: 60 },
    },
  ],
  next_cursor: 'Nw.q1Yy0b4mX0dM5l2Cw3nGk8s9t7u6v5w4x3y2z1a0b-_',
};

export function adminAuditOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/api/admin/audit',
      operationId: 'listAuditEvents',
      tag: 'Administration',
      summary: 'Read the audit trail',
      description: `Newest first; kept for ${AUDIT_RETENTION_DAYS} days.`,
      guard: admin,
      query: EventsQuery,
      answers: { 200: { description: 'A page of events.', schema: EventsBody, example } },
      refuses: ['invalid_cursor'],
    },
    async ({ query: { user_id: accountId, action, limit, cursor }, ports }) => {
      const scope = JSON.stringify(['audit', accountId, action]);
      const page = await readPage(ports.issuer.keys, scope, cursor, (after) =>
        ports.auditTrail.page({ accountId, action }, after, limit),
      );
      return isRefusal(page) ? page : reply(200, eventsView(page));
    },
  );
}
