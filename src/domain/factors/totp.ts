// Time-based one-time passwords (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, six digits, 30 seconds.

const STEP_MS = 30 * 1000;
const DIGITS = 6;
/** RFC 6238 §5.2: one step for the delay of the network, and one for a clock that is ahead. */
const STEPS_EITHER_SIDE = 1;

/** RFC 4226 §4, R6: the recommended length. */
export const SECRET_BYTES = 20;

export const isCode = (text: string): boolean => /^\d{6}$/.test(text);

const stepAt = (now: number): number => Math.floor(now / STEP_MS);

/**
 * The step that a code belongs to: the current one or a neighbour of it, but later than `lastStep`. Whole codes are
 * compared, so that the time taken does not tell how many digits were right.
 */
export async function matchingStep(
  secret: Uint8Array<ArrayBuffer>,
  code: string,
  lastStep: number,
  now: number,
): Promise<number | undefined> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const steps = Array.from(
    { length: 2 * STEPS_EITHER_SIDE + 1 },
    (_, index) => stepAt(now) - STEPS_EITHER_SIDE + index,
  );
  const codes = await Promise.all(steps.map((step) => codeOf(key, step)));
  const matching = steps.filter((_, index) => equals(codes[index] ?? '', code));
  return matching.find((step) => step > lastStep);
}

/** The code of a step: RFC 4226 §5.3, with the step for its counter. */
async function codeOf(key: CryptoKey, step: number): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf;
  const truncated = mac.getUint32(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** Compares every character, wherever the first difference is. */
function equals(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length;
  for (let index = 0; index < expected.length; index += 1)
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}

/** The address that an authenticator app reads from a QR code (Key Uri Format). A colon separates the two names. */
export function totpUri(secret: string, issuerName: string, accountName: string): string {
  const [issuer = '', account = ''] = [issuerName, accountName].map((name) => name.replaceAll(':', ' '));
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const parameters = { secret, issuer, algorithm: 'SHA1', digits: String(DIGITS), period: String(STEP_MS / 1000) };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `otpauth://totp/${label}?${query.join('&')}`;
}
