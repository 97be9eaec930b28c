// The factors of an account as its owner sees them: no secret is shown again.
import { z } from '@hono/zod-openapi';
import type { FactorOverview } from '../../domain/factors/factor.ts';
import type { Passkey } from '../../domain/passkeys/passkey.ts';
import { type Infer, once } from '../once.ts';
import { timestamp, timestampField } from './fields.ts';

export const PasskeyBody = once(() =>
  z
    .object({
      id: z.uuid(),
      name: z.string(),
      created_at: timestampField(),
      last_used_at: timestampField().nullable(),
      backed_up: z.boolean().openapi({ description: 'Whether it is synced to other devices.' }),
    })
    .openapi('Passkey'),
);

export const passkeyView = (passkey: Passkey): Infer<typeof PasskeyBody> => ({
  id: passkey.id,
  name: passkey.name,
  created_at: timestamp(passkey.createdAt),
  last_used_at: passkey.lastUsedAt === null ? null : timestamp(passkey.lastUsedAt),
  backed_up: passkey.backedUp,
});

export const FactorsBody = once(() =>
  z
    .object({
      totp: z.object({ created_at: timestampField() }).nullable(),
      recovery_codes_left: z.int(),
      passkeys: z.array(PasskeyBody()),
    })
    .openapi('Factors'),
);

export const factorsView = (factors: FactorOverview): Infer<typeof FactorsBody> => ({
  totp: factors.totp && { created_at: timestamp(factors.totp.createdAt) },
  recovery_codes_left: factors.recoveryCodesLeft,
  passkeys: factors.passkeys.map(passkeyView),
});
