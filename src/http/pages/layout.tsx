// The layout of every page: the document, its Content-Security-Policy, and a bar where somebody is signed in.
import { html } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Context } from '../context.ts';
import { accentPath } from './accent.ts';
import { type Brand, OWN_BRAND } from './brand.ts';

export interface Page {
  readonly title: string;
  /** Latchkey's own, where it is left out. */
  readonly brand?: Brand;
  /** The navigation above the content; undefined on pages that stand alone. */
  readonly bar?: Child;
  /** Modules among the assets. Every page works without them. */
  readonly scripts?: readonly string[];
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sources of `form-action` beside this site: browsers apply the policy to the redirects of forms as well. */
  readonly formTargets?: readonly string[];
}

/** The logo's origin alone goes in: it has no character that ends a source. */
const cspFor = ({ formTargets = [], brand: { logo } = OWN_BRAND }: Page): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self'", ...(logo === '' ? [] : [new URL(logo).origin])].join(' '),
    ["form-action 'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Responds with a page. */
export function respondPage(c: Context, page: Page, content: Child): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': cspFor(page), ...page.headers };
  return c.html(html`<!doctype html>${<Document page={page}>{content}</Document>}`, page.status ?? 200, headers);
}

const Document: FC<{ page: Page; children?: Child }> = ({
  page: { title, brand = OWN_BRAND, bar, scripts = [] },
  children,
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>
        {title} · {brand.name}
      </title>
      <link rel="icon" href="/assets/favicon.svg" />
      <link rel="stylesheet" href="/assets/pages.css" />
      {brand.accent !== '' && <link rel="stylesheet" href={accentPath(brand.accent)} />}
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

export const Wordmark: FC<{ brand?: Brand }> = ({ brand: { name, logo } = OWN_BRAND }) => (
  <span class="wordmark">
    {logo === '' ? (
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <circle cx="10" cy="6.5" r="4" />
        <path d="M10 10.5v8m0-3h3.5" />
      </svg>
    ) : (
      <img src={logo} alt="" />
    )}
    {name}
  </span>
);
