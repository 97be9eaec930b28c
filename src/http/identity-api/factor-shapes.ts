// The bodies of factors and passkeys. Those of WebAuthn are as browsers read and write them.
import { z } from '@hono/zod-openapi';
import type { TotpSetup } from '../../domain/factors/enrolment.ts';
import { type Infer, once } from '../once.ts';
import { otpField, passwordField } from '../shapes/fields.ts';
import { assertionField, passkeyNameField, registrationField } from '../shapes/webauthn.ts';

export const OtpBody = once(() => z.object({ otp: otpField() }));

export const RegistrationBody = once(() =>
  z.object({ name: passkeyNameField().optional(), credential: registrationField() }),
);
export const PasskeyNameBody = once(() => z.object({ name: passkeyNameField() }));
export const AssertionBody = once(() => z.object({ credential: assertionField() }));

/** A password, with a code where the account has an authenticator app, or an assertion. */
export const ReauthenticationBody = once(() =>
  z.union([AssertionBody(), z.object({ password: passwordField(), otp: otpField() })]),
);

export const PasskeyParams = once(() => z.object({ id: z.uuid() }));

export const TotpSetupBody = once(() =>
  z
    .object({
      secret: z.string().openapi({ description: 'In base32, for typing.' }),
      uri: z.string().openapi({ description: 'What authenticator apps read.' }),
      qr: z.string().openapi({ description: 'The same as a QR code, in SVG.' }),
    })
    .openapi('TotpSetup'),
);

export const totpSetupView = ({ secret, uri, qr }: TotpSetup): Infer<typeof TotpSetupBody> => ({ secret, uri, qr });

export const RecoveryCodesBody = once(() =>
  z
    .object({ recovery_codes: z.array(z.string()).openapi({ description: 'Shown now and never again.' }) })
    .openapi('RecoveryCodes'),
);

export const recoveryCodesView = (codes: readonly string[]): Infer<typeof RecoveryCodesBody> => ({
  recovery_codes: [...codes],
});
