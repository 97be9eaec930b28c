// Why a mail was not taken, in words that hold neither an address nor the contents of the mail.
import type { SendFailure } from '../../domain/mail/message.ts';

/** How long an attempt may take: far shorter than a claim holds. */
export const TIMEOUT_MS = 10 * 1000;

/** Codes of the EMAIL binding that say that this very mail will never be taken. */
const FOR_GOOD = new Set(['E_RECIPIENT_SUPPRESSED', 'E_VALIDATION_ERROR']);

/** The failure of an error. Its message may quote the address: only its name and its code are recorded. */
export function failureOf(error: unknown): SendFailure {
  if (!(error instanceof Error)) return { failed: 'for_now', reason: 'unknown' };
  const code = 'code' in error && /^\w{1,60}$/.test(String(error.code)) ? String(error.code) : '';
  return { failed: FOR_GOOD.has(code) ? 'for_good' : 'for_now', reason: `${error.name} ${code}`.trim() };
}
