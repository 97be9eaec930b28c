// An account as its owner and admins see it in full.
import { z } from '@hono/zod-openapi';
import type { Account } from '../../domain/accounts/account.ts';
import { type Infer, once } from '../once.ts';
import { timestamp, timestampField } from './fields.ts';

export const AccountBody = once(() =>
  z
    .object({
      id: z.int(),
      email: z.string().nullable(),
      email_verified: z.boolean(),
      username: z.string().nullable(),
      role: z.enum(['user', 'admin']),
      active: z.boolean(),
      data: z
        .record(z.string(), z.unknown())
        .readonly()
        .openapi({ type: 'object', description: "The account's own JSON object." }),
      created_at: timestampField(),
      updated_at: timestampField(),
    })
    .openapi('Account'),
);

export const accountView = (account: Account): Infer<typeof AccountBody> => ({
  id: account.id,
  email: account.email,
  email_verified: account.emailVerified,
  username: account.username,
  role: account.role,
  active: account.active,
  data: account.data,
  created_at: timestamp(account.createdAt),
  updated_at: timestamp(account.updatedAt),
});
