// The layout of an account's own pages, with a bar, and components that pages under /id share.
import type { Child, FC } from 'hono/jsx';
import type { Context } from '../context.ts';
import { type Brand, brandOf } from '../pages/brand.ts';
import { FormToken, nameOf } from '../pages/components.tsx';
import { type Page, respondPage, Wordmark } from '../pages/layout.tsx';
import type { Visitor } from '../pages/visitor.ts';

interface AccountPage extends Pick<Page, 'title' | 'status' | 'headers' | 'scripts' | 'formTargets'> {
  readonly visitor: Visitor;
}

/** Responds with a page about the visitor's account. */
export async function respondAccountPage(
  c: Context,
  { visitor, ...page }: AccountPage,
  content: Child,
): Promise<Response> {
  const brand = await brandOf(c);
  return respondPage(c, { ...page, brand, bar: <Bar visitor={visitor} brand={brand} /> }, content);
}

const Bar: FC<{ visitor: Visitor; brand: Brand }> = ({ visitor: { account, formToken }, brand }) => (
  <header class="bar">
    <a class="home" href="/id">
      <Wordmark brand={brand} />
    </a>
    <nav aria-label="Account">
      <a href="/id">Your account</a>
      {account.role === 'admin' && <a href="/admin">Administration</a>}
    </nav>
    <form class="leave" method="post" action="/id/sign-out">
      <FormToken token={formToken} />
      <span class="whoami">{nameOf(account)}</span>
      <button type="submit">Sign out</button>
    </form>
  </header>
);

/** A link back to the account, above the heading. */
export const BackToAccount: FC = () => (
  <p class="crumb">
    <a href="/id">Your account</a>
  </p>
);

/** The app that asked for a sign-in. */
export const ForApp: FC<{ app: string | undefined }> = ({ app }) =>
  app === undefined ? null : (
    <p>
      To go on to <strong>{app}</strong>.
    </p>
  );
