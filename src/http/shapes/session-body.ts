// Live sessions, as their owner and admins see them.
import { z } from '@hono/zod-openapi';
import type { Session } from '../../domain/sessions/session.ts';
import { type Infer, once } from '../once.ts';
import { timestamp, timestampField } from './fields.ts';

const SessionBody = once(() =>
  z
    .object({
      id: z.uuid(),
      kind: z.enum(['refresh', 'session']),
      created_at: timestampField(),
      last_used_at: timestampField(),
      expires_at: timestampField(),
      user_agent: z.string().nullable(),
      ip: z.string().nullable(),
      current: z.boolean(),
    })
    .openapi('Session'),
);
export const SessionsBody = once(() => z.object({ sessions: z.array(SessionBody()) }).openapi('Sessions'));

export const sessionView = (session: Session, currentId: string): Infer<typeof SessionBody> => ({
  id: session.id,
  kind: session.kind,
  created_at: timestamp(session.createdAt),
  last_used_at: timestamp(session.lastUsedAt),
  expires_at: timestamp(session.expiresAt),
  user_agent: session.userAgent,
  ip: session.ip,
  current: session.id === currentId,
});
