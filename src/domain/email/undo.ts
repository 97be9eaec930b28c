// Undoing a change of email: a person who still reads the old address gets the account back from a thief.
import type { AuditContext } from '../audit-context.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { idOfOneTimeToken } from '../one-time-tokens/one-time-token.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Keys } from '../tokens/keys.ts';

/** A change that a live link would undo. */
export interface UndoableChange {
  /** The address that the undo restores. */
  readonly email: string;
  readonly username: string | null;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface EmailUndos {
  find(tokenId: string, now: number): Promise<UndoableChange | undefined>;
  /**
   * Uses the token: restores the old address as verified; ends every session; removes the password, and the factors
   * enrolled since the change; ends everything pending, later undo links too. Returns the address; undefined for a
   * token that is not live. `notice` goes to the replaced address.
   */
  undo(tokenId: string, notice: NewMail | undefined, audit: AuditContext): Promise<string | undefined>;
}

interface UndoPorts {
  readonly emailUndos: EmailUndos;
  readonly issuer: { readonly keys: Keys };
}

/** The change that a link would undo, for the page that asks for a confirmation. */
export async function findUndoableChange(
  { emailUndos, issuer }: UndoPorts,
  token: string,
  now: number,
): Promise<UndoableChange | Refusal<'invalid_one_time_token'>> {
  const id = await idOfOneTimeToken(issuer.keys, 'undo_email', token);
  return (id && (await emailUndos.find(id, now))) || refuse('invalid_one_time_token');
}

/** Undoes the change of a link, and returns the restored email. */
export async function undoEmailChange(
  { emailUndos, issuer, mailing }: UndoPorts & { readonly mailing: Mailing },
  token: string,
  audit: AuditContext,
): Promise<string | Refusal<'invalid_one_time_token' | 'mail_not_configured'>> {
  if (!mailing.isConfigured) return refuse('mail_not_configured');
  const id = await idOfOneTimeToken(issuer.keys, 'undo_email', token);
  const notice = newMail(mailing, 'email_undone', {}, audit.now);
  const email = id && (await emailUndos.undo(id, notice, audit));
  if (!email) return refuse('invalid_one_time_token');
  mailing.deliverSoon(mailsIn([notice]), audit.now);
  return email;
}
