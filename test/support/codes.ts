// Codes of an authenticator app, by a library that the Worker does not use: if the two agree, so do other apps.
import { Secret, TOTP } from 'otpauth';

export const STEP_MS = 30_000;

/** The code that an app shows at a time. */
export const codeAt = (secret: string, timestamp: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });

/** A code that differs from those around a time. */
export function wrongCode(secret: string, timestamp: number): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, timestamp + steps * STEP_MS));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
}
