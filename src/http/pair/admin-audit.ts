// The audit trail, for admins: who did what to whom, when and from where.
import { AUDIT_KEPT_DAYS } from '../../domain/audit-trail.ts';
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation.ts';
import { problem } from '../problem.ts';
import { EventsBody, EventsQuery, eventsView } from './admin-shapes.ts';

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
  next_cursor: 'Nw',
};

export function adminAuditOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/api/admin/audit',
      operationId: 'listAuditEvents',
      tag: 'Administration',
      summary: 'Read the audit trail',
      description: `Newest first; kept for ${AUDIT_KEPT_DAYS} days.`,
      access: 'admin',
      query: EventsQuery,
      answers: { 200: { description: 'A page of events.', schema: EventsBody, example } },
      refuses: [],
    },
    async ({ query: { user_id: accountId, action, limit, cursor }, ports }) =>
      reply(200, eventsView(await ports.auditTrail.page({ accountId, action }, cursor, limit))),
  );
}
