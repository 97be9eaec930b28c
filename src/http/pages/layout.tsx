// The layout of every page: the document, its Content-Security-Policy, and a bar where somebody is signed in.
import { html } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Context } from '../context.ts';

export interface Page {
  readonly title: string;
  /** The name of the service, behind the title. */
  readonly service?: string;
  /** The navigation above the content; undefined on pages that stand alone. */
  readonly bar?: Child;
  /** Modules among the assets. Every page works without them. */
  readonly scripts?: readonly string[];
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where its forms may lead besides this site, as sources of a policy: browsers hold redirects to it as well. */
  readonly formTargets?: readonly string[];
}

const cspFor = (formTargets: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    ["form-action 'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Responds with a page. */
export function respondPage(c: Context, page: Page, content: Child): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': cspFor(page.formTargets ?? []), ...page.headers };
  return c.html(html`<!doctype html>${<Document page={page}>{content}</Document>}`, page.status ?? 200, headers);
}

const Document: FC<{ page: Page; children?: Child }> = ({
  page: { title, service = 'Latchkey', bar, scripts = [] },
  children,
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>
        {title} · {service}
      </title>
      <link rel="icon" href="/assets/favicon.svg" />
      <link rel="stylesheet" href="/assets/pages.css" />
      {scripts.map((src) => (
        <script type="module" src={src} />
      ))}
    </head>
    <body class={bar ? undefined : 'outside'}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {bar}
      <main id="main">{children}</main>
    </body>
  </html>
);

export const Wordmark: FC<{ name?: string }> = ({ name = 'Latchkey' }) => (
  <span class="wordmark">
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="6.5" r="4" />
      <path d="M10 10.5v8m0-3h3.5" />
    </svg>
    {name}
  </span>
);
