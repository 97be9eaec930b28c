// The layout of every admin page: document, navigation, CSP.
import { html } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Account } from '../../domain/accounts/account.ts';
import type { Context } from '../context.ts';
import { nameOf } from './components.tsx';

export type Section = 'Overview' | 'Settings' | 'Users' | 'Entities' | 'Audit';

const PATHS: Readonly<Record<Section, string>> = {
  Overview: '/admin',
  Settings: '/admin/settings',
  Users: '/admin/users',
  Entities: '/admin/entities',
  Audit: '/admin/audit',
};

/** The signed-in admin, and the CSRF token of their forms. */
export interface SignedIn {
  readonly admin: Account;
  readonly formToken: string;
}

export interface Page {
  readonly title: string;
  readonly section?: Section;
  /** Undefined on pages for anybody. */
  readonly signedIn?: SignedIn;
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
}

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Responds with a page. */
export function respondPage(c: Context, page: Page, content: Child): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': CSP, ...page.headers };
  return c.html(html`<!doctype html>${<Document page={page}>{content}</Document>}`, page.status ?? 200, headers);
}

const Document: FC<{ page: Page; children?: Child }> = ({ page, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{page.title} · Latchkey</title>
      <link rel="icon" href="/assets/favicon.svg" />
      <link rel="stylesheet" href="/assets/admin.css" />
      <script type="module" src="/assets/admin.js" />
    </head>
    <body class={page.signedIn ? undefined : 'outside'}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {page.signedIn && <Bar signedIn={page.signedIn} section={page.section} />}
      <main id="main">{children}</main>
    </body>
  </html>
);

export const Wordmark: FC = () => (
  <span class="wordmark">
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="6.5" r="4" />
      <path d="M10 10.5v8m0-3h3.5" />
    </svg>
    Latchkey
  </span>
);

const Bar: FC<{ signedIn: SignedIn; section: Section | undefined }> = ({ signedIn, section }) => (
  <header class="bar">
    <a class="home" href="/admin">
      <Wordmark />
    </a>
    <nav aria-label="Administration">
      {Object.entries(PATHS).map(([name, path]) => (
        <a href={path} aria-current={name === section ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
    <form class="leave" method="post" action="/admin/sign-out">
      <input type="hidden" name="form_token" value={signedIn.formToken} />
      <a class="whoami" href={`/admin/users/${signedIn.admin.id}`}>
        {nameOf(signedIn.admin)}
      </a>
      <button type="submit">Sign out</button>
    </form>
  </header>
);
