// The bodies of factors and passkeys. WebAuthn's own are as browsers read and write them.
import { z } from '@hono/zod-openapi';
import type { TotpSetup } from '../../domain/factors/enrolment.ts';
import type { FactorOverview } from '../../domain/factors/factor.ts';
import type { Passkey } from '../../domain/passkeys/passkey.ts';
import { otpField, passwordField, timestamp, timestampField } from '../shapes/fields.ts';
import { assertionField, passkeyNameField, registrationField } from '../shapes/webauthn.ts';

export const OtpBody = z.object({ otp: otpField });

export const RegistrationBody = z.object({ name: passkeyNameField.optional(), credential: registrationField });
export const PasskeyNameBody = z.object({ name: passkeyNameField });
export const AssertionBody = z.object({ credential: assertionField });

/** A password, with a code where the account has an authenticator app, or an assertion. */
export const ReauthenticationBody = z.union([AssertionBody, z.object({ password: passwordField, otp: otpField })]);

export const PasskeyParams = z.object({ id: z.uuid() });

export const PasskeyBody = z
  .object({
    id: z.uuid(),
    name: z.string(),
    created_at: timestampField,
    last_used_at: timestampField.nullable(),
    backed_up: z.boolean().openapi({ description: 'Whether it is synced to other devices.' }),
  })
  .openapi('Passkey');

export const passkeyView = (passkey: Passkey): z.infer<typeof PasskeyBody> => ({
  id: passkey.id,
  name: passkey.name,
  created_at: timestamp(passkey.createdAt),
  last_used_at: passkey.lastUsedAt === null ? null : timestamp(passkey.lastUsedAt),
  backed_up: passkey.backedUp,
});

export const FactorsBody = z
  .object({
    totp: z.object({ created_at: timestampField }).nullable(),
    recovery_codes_left: z.int(),
    passkeys: z.array(PasskeyBody),
  })
  .openapi('Factors');

export const factorsView = (factors: FactorOverview): z.infer<typeof FactorsBody> => ({
  totp: factors.totp && { created_at: timestamp(factors.totp.createdAt) },
  recovery_codes_left: factors.recoveryCodesLeft,
  passkeys: factors.passkeys.map(passkeyView),
});

export const TotpSetupBody = z
  .object({
    secret: z.string().openapi({ description: 'In base32, for typing.' }),
    uri: z.string().openapi({ description: 'What authenticator apps read.' }),
    qr: z.string().openapi({ description: 'The same as a QR code, in SVG.' }),
  })
  .openapi('TotpSetup');

export const totpSetupView = ({ secret, uri, qr }: TotpSetup): z.infer<typeof TotpSetupBody> => ({ secret, uri, qr });

export const RecoveryCodesBody = z
  .object({ recovery_codes: z.array(z.string()).openapi({ description: 'Shown now and never again.' }) })
  .openapi('RecoveryCodes');

export const recoveryCodesView = (codes: readonly string[]): z.infer<typeof RecoveryCodesBody> => ({
  recovery_codes: [...codes],
});
