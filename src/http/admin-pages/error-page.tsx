// How the admin pages say no: a page with a heading, a sentence and a way on.
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { Dialect } from '../errors/error-format.ts';
import { headersFor, PROBLEMS } from '../errors/problem.ts';
import { say, Wordmark } from './layout.tsx';

interface Trouble {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly words: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const sayTrouble = (c: Context, { status, title, words, headers = {} }: Trouble): Response | Promise<Response> =>
  say(
    c,
    { title, status, headers },
    <section class="panel">
      <Wordmark />
      <h1>{title}</h1>
      <p>{words}</p>
      <p class="ways">
        <a href="/admin">To the overview</a>
        {status === 403 && <a href="/admin/sign-in">Sign in as somebody else</a>}
      </p>
      <p class="fine">
        {status} · request {c.get('requestId')}
      </p>
    </section>,
  );

/** Words that differ from those a client of an API is given. */
const WORDS: Partial<Readonly<Record<Refusal['refused'], string>>> = {
  forbidden: 'These pages are for administrators. Your account is not one.',
  too_many_requests: 'Too many requests came from your address. Wait a few seconds and try again.',
  method_not_allowed: 'This page cannot be asked for in that way.',
};

export function sayRefusal(c: Context, refusal: Refusal): Response | Promise<Response> {
  const { status, title, detail } = PROBLEMS[refusal.refused];
  return sayTrouble(c, {
    status: status as Trouble['status'], // the table's own statuses
    title,
    words: WORDS[refusal.refused] ?? detail,
    headers: headersFor(refusal, status),
  });
}

/** For the answers that no page gives: unknown paths, methods and errors. Pages stand in no OpenAPI document. */
export const pages: Dialect<Refusal['refused']> = {
  answer: sayRefusal as Dialect<Refusal['refused']>['answer'], // what is said here is made of text alone, so it is there at once
  document: () => ({}),
};
