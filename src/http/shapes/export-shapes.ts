// The parts of an account's export, as views that name every field.
import { z } from '@hono/zod-openapi';
import { AUDIT_ACTIONS } from '../../domain/audit/event.ts';
import type { AuditEvent } from '../../domain/audit/trail.ts';
import type { Entity } from '../../domain/entities/entity.ts';
import type { OwnSession } from '../../domain/transfer/export.ts';
import { type Infer, once } from '../once.ts';
import { AccountBody } from './account-body.ts';
import { shownEntityFields } from './entity-fields.ts';
import { ExportedGame, ExportedScore } from './export-game-shapes.ts';
import { FactorsBody } from './factors-body.ts';
import { timestamp, timestampField } from './fields.ts';

const ExportedSession = once(() =>
  z.object({
    id: z.uuid(),
    kind: z.enum(['refresh', 'session']),
    created_at: timestampField(),
    last_used_at: timestampField(),
    expires_at: timestampField(),
    ended_at: timestampField().nullable(),
    user_agent: z.string().nullable(),
    ip: z.string().nullable(),
  }),
);

export const exportedSessionView = (session: OwnSession): Infer<typeof ExportedSession> => ({
  id: session.id,
  kind: session.kind,
  created_at: timestamp(session.createdAt),
  last_used_at: timestamp(session.lastUsedAt),
  expires_at: timestamp(session.expiresAt),
  ended_at: session.revokedAt === null ? null : timestamp(session.revokedAt),
  user_agent: session.userAgent,
  ip: session.ip,
});

const ExportedEntity = once(() =>
  z.object({
    ...shownEntityFields(),
    version: z.int(),
    created_at: timestampField(),
    updated_at: timestampField(),
  }),
);

export const exportedEntityView = (entity: Entity): Infer<typeof ExportedEntity> => ({
  id: entity.id,
  code: entity.code,
  type: entity.type,
  quantity: entity.quantity,
  attributes: entity.attributes,
  visibility: entity.visibility,
  version: entity.version,
  created_at: timestamp(entity.createdAt),
  updated_at: timestamp(entity.updatedAt),
});

const ExportedEvent = once(() =>
  z.object({
    at: timestampField(),
    action: z.enum(AUDIT_ACTIONS),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    detail: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]))
      .readonly(),
  }),
);

/** Leaves out the address and device of an event in which somebody else acted: an admin. */
export function exportedEventView(event: AuditEvent): Infer<typeof ExportedEvent> {
  const isTheirs = event.actorId !== null && event.actorId !== event.accountId;
  return {
    at: timestamp(event.at),
    action: event.action,
    ip: isTheirs ? null : event.ip,
    user_agent: isTheirs ? null : event.userAgent,
    detail: event.detail,
  };
}

export const ExportBody = once(() =>
  z
    .object({
      account: AccountBody(),
      factors: FactorsBody().extend({ password: z.boolean().openapi({ description: 'Whether one is set.' }) }),
      networks: z
        .array(z.object({ network: z.string(), last_at: timestampField() }))
        .openapi({ description: 'The networks that signed in.' }),
      sessions: z.array(ExportedSession()),
      entities: z.array(ExportedEntity()),
      games: z.array(ExportedGame()),
      game_scores: z
        .array(ExportedScore())
        .openapi({ description: 'The stamps at which the score of a game changed.' }),
      audit_events: z.array(ExportedEvent()),
    })
    .openapi('AccountExport'),
);

const at = '2026-11-20T21:00:00.000Z';
const client = { user_agent: 'curl/8.0', ip: '203.0.113.7' };

export const exportExample = {
  account: {
    id: 1,
    email: 'user@example.com',
    email_verified: true,
    username: 'John Smith',
    role: 'user',
    active: true,
    data: { city: 'Lisbon' },
    created_at: at,
    updated_at: at,
  },
  factors: { totp: { created_at: at }, recovery_codes_left: 10, passkeys: [], password: true },
  networks: [{ network: '203.0.113.7', last_at: at }],
  sessions: [
    {
      id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      kind: 'refresh',
      created_at: at,
      last_used_at: at,
      expires_at: '2026-12-20T21:00:00.000Z',
      ended_at: null,
      ...client,
    },
  ],
  entities: [],
  games: [],
  game_scores: [],
  audit_events: [{ at, action: 'account.registered', ...client, detail: {} }],
};
