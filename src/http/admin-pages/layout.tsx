// The layout of the admin pages: the navigation, and the signed-in admin.
import type { Child, FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import type { Context } from '../context.ts';
import { nameOf } from '../pages/components.tsx';
import { type Page, respondPage as respond, Wordmark } from '../pages/layout.tsx';

export type Section = 'Overview' | 'Settings' | 'Users' | 'Entities' | 'Clients' | 'Mails' | 'Audit';

const PATHS: Readonly<Record<Section, string>> = {
  Overview: '/admin',
  Settings: '/admin/settings',
  Users: '/admin/users',
  Entities: '/admin/entities',
  Clients: '/admin/clients',
  Mails: '/admin/mails',
  Audit: '/admin/audit',
};

/** The signed-in admin, and the CSRF token of their forms. */
export interface SignedIn {
  readonly admin: Account;
  readonly formToken: string;
}

interface AdminPage extends Pick<Page, 'title' | 'status' | 'headers'> {
  readonly section: Section;
  readonly signedIn: SignedIn;
}

/** Responds with a page for the signed-in admin. */
export const respondPage = (
  c: Context,
  { section, signedIn, ...page }: AdminPage,
  content: Child,
): Response | Promise<Response> =>
  respond(c, { ...page, bar: <Bar signedIn={signedIn} section={section} />, scripts: ['/assets/admin.js'] }, content);

const Bar: FC<{ signedIn: SignedIn; section: Section }> = ({ signedIn, section }) => (
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
    <form class="leave" method="post" action="/id/sign-out">
      <input type="hidden" name="form_token" value={signedIn.formToken} />
      <a class="whoami" href={`/admin/users/${signedIn.admin.id}`}>
        {nameOf(signedIn.admin)}
      </a>
      <button type="submit">Sign out</button>
    </form>
  </header>
);
