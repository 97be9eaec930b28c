// The error pages: a heading, a sentence, and a link to go on.
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { ErrorFormat } from '../errors/error-format.ts';
import { headersFor } from '../errors/problem.ts';
import { PROBLEMS } from '../errors/problem-texts.ts';
import { respondPage, Wordmark } from './layout.tsx';

interface ErrorPage {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const respondError = (
  c: Context,
  { status, title, text, headers = {} }: ErrorPage,
): Response | Promise<Response> =>
  respondPage(
    c,
    { title, status, headers },
    <section class="panel">
      <Wordmark />
      <h1>{title}</h1>
      <p>{text}</p>
      <p class="links">
        <a href="/admin">Go to the overview</a>
        {status === 403 && <a href="/admin/sign-in">Sign in with another account</a>}
      </p>
      <p class="fine">
        {status} · request {c.get('requestId')}
      </p>
    </section>,
  );

/** Texts that differ from those of the APIs. */
const TEXTS: Partial<Readonly<Record<Refusal['refused'], string>>> = {
  forbidden: 'These pages are for administrators. Your account is not one.',
  reauthentication_required: 'This needs a password that was typed a short while ago. Sign out, sign in and try again.',
  too_many_requests: 'Too many requests came from your address. Wait a few seconds and try again.',
  method_not_allowed: 'This page does not support that method.',
};

export function respondRefusal(c: Context, refusal: Refusal): Response | Promise<Response> {
  const { status, title, detail } = PROBLEMS[refusal.refused];
  return respondError(c, {
    status: status as ErrorPage['status'], // the table's own statuses
    title,
    text: TEXTS[refusal.refused] ?? detail,
    headers: headersFor(refusal, status),
  });
}

/** The error format of unknown paths, methods and errors under /admin. Pages are not in the OpenAPI document. */
export const errorPages: ErrorFormat<Refusal['refused']> = {
  respond: respondRefusal as ErrorFormat<Refusal['refused']>['respond'], // synchronous: the page is made of text alone
  document: () => ({}),
};
