// Writing mails: a queued mail and the token of its link become a subject, a text and HTML.
import { deviceOf } from '../domain/device.ts';
import { type MailKind, purposeOf } from '../domain/mail/mail.ts';
import type { Message, WriteMail } from '../domain/mail/message.ts';
import type { QueuedMail } from '../domain/mail/outbox.ts';
import type { OneTimePurpose } from '../domain/one-time-tokens/one-time-token.ts';
import type { Content } from './content.ts';
import { htmlOf } from './html.tsx';
import { TEMPLATES, type TemplateContext } from './templates.ts';
import { textOf } from './text.ts';

/** The pages that links lead to, by what their token is for. */
export type LinkTargets = Readonly<Record<OneTimePurpose, string>>;

/** The pages of this service, or those of the operator's app where a variable names one. */
export function linkTargets(env: Pick<Env, 'ISSUER' | 'EMAIL_VERIFY_URL' | 'PASSWORD_RESET_URL' | 'EMAIL_UNDO_URL'>) {
  return {
    verify_email: env.EMAIL_VERIFY_URL || `${env.ISSUER}/id/verify-email`,
    reset_password: env.PASSWORD_RESET_URL || `${env.ISSUER}/id/reset-password`,
    undo_email: env.EMAIL_UNDO_URL || `${env.ISSUER}/id/undo-email`,
  } satisfies LinkTargets;
}

/** The page where a password is set anew. */
export const recoveryUrlOf = (issuer: string): string => `${issuer}/id/forgot-password`;

export const mailWriter =
  (issuer: string, targets: LinkTargets): WriteMail =>
  (mail, token, { SERVICE_NAME: service }) => {
    const purpose = purposeOf(mail.kind);
    const url = purpose && token ? withToken(targets[purpose], token) : '';
    return messageOf(mail, { service, url, recoveryUrl: recoveryUrlOf(issuer) });
  };

function withToken(target: string, token: string): string {
  const url = new URL(target);
  url.searchParams.set('token', token);
  return url.href;
}

/** The message of a mail. */
export function messageOf(mail: QueuedMail, context: TemplateContext): Message {
  const content = contentOf(mail.kind, mail.detail, context);
  const circumstances = {
    time: `${new Date(mail.createdAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    address: mail.detail.ip ?? 'an unknown address',
    device: deviceOf(mail.detail.userAgent ?? null),
  };
  const { service } = context;
  return {
    subject: content.subject,
    text: textOf(service, content, circumstances),
    html: htmlOf({ service, content, circumstances }),
  };
}

function contentOf(kind: MailKind, detail: QueuedMail['detail'], context: TemplateContext): Content {
  // The detail was queued for this kind.
  const template = TEMPLATES[kind] as (detail: QueuedMail['detail'], context: TemplateContext) => Content;
  return template(detail, context);
}
