// Every mail with sample data, for developers of the templates.
import type { MailDetails, MailKind } from '../domain/mail/mail.ts';
import { purposeOf } from '../domain/mail/mail.ts';
import type { Message } from '../domain/mail/message.ts';
import { type LinkTargets, messageOf } from './write.ts';

type Samples = { readonly [K in MailKind]: readonly MailDetails[K][] };

const SAMPLES: Samples = {
  email_verification: [{ cause: 'sign_up' }, { cause: 'change' }, { cause: 'request' }],
  password_reset: [{}],
  invitation: [{}],
  email_changed: [{ email: 'new.address@example.com' }, { email: null }],
  email_undone: [{}],
  password_changed: [{}],
  password_was_reset: [{}],
  password_ended: [{}],
  factor_added: [{ factor: 'totp' }, { factor: 'passkey' }],
  factor_removed: [{ factor: 'totp' }, { factor: 'passkey' }, { factor: 'all' }],
  recovery_codes_made: [{}],
  recovery_code_used: [{}],
  account_deleted: [{}],
};

export interface SampleMail extends Message {
  /** Its kind, with a number where a kind has several. */
  readonly name: string;
}

const TOKEN = 'a-token-that-opens-nothing-a-token-that-opens-nothing-0123456789';

/** A mail of each kind, with links that lead nowhere. `now` is in milliseconds since the epoch. */
export function sampleMails(
  targets: LinkTargets,
  recoveryUrl: string,
  service: string,
  now: number,
): readonly SampleMail[] {
  const kinds = Object.keys(SAMPLES) as readonly MailKind[]; // the literal above has no other keys
  return kinds.flatMap((kind) =>
    SAMPLES[kind].map((sample, index) => {
      const purpose = purposeOf(kind);
      const url = purpose ? `${targets[purpose]}?token=${TOKEN}` : '';
      const detail = { ...sample, ip: '203.0.113.7', userAgent: 'Firefox/140.0 (X11; Linux x86_64)' };
      const mail = { id: '', kind, accountId: 0, recipient: '', detail, tokenId: null, createdAt: now, attempts: 1 };
      return { name: `${kind}${index || ''}`, ...messageOf(mail, { service, url, recoveryUrl }) };
    }),
  );
}
