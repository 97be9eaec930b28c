// The layouts under /id: a panel for whoever is signed out, a page with a bar for whoever is signed in.
import type { Child, FC } from 'hono/jsx';
import type { Context } from '../context.ts';
import { FormToken, nameOf } from '../pages/components.tsx';
import { type Page, respondPage, Wordmark } from '../pages/layout.tsx';
import { Panel } from '../pages/panel.tsx';
import type { Visitor } from '../pages/visitor.ts';

type PanelPage = Pick<Page, 'title' | 'status' | 'headers' | 'scripts' | 'formTargets'>;

const serviceNameOf = async (c: Context): Promise<string> =>
  (await c.get('ports').settings.current(c.get('now'))).SERVICE_NAME;

/** Responds with a page of one panel, under the name of the service. */
export async function respondPanel(c: Context, page: PanelPage, content: Child): Promise<Response> {
  const service = await serviceNameOf(c);
  return respondPage(
    c,
    { ...page, service },
    <Panel service={service} title={page.title}>
      {content}
    </Panel>,
  );
}

interface AccountPage extends PanelPage {
  readonly visitor: Visitor;
}

/** Responds with a page about the visitor's account. */
export async function respondAccountPage(
  c: Context,
  { visitor, ...page }: AccountPage,
  content: Child,
): Promise<Response> {
  const service = await serviceNameOf(c);
  return respondPage(c, { ...page, service, bar: <Bar visitor={visitor} service={service} /> }, content);
}

const Bar: FC<{ visitor: Visitor; service: string }> = ({ visitor: { account, formToken }, service }) => (
  <header class="bar">
    <a class="home" href="/id">
      <Wordmark name={service} />
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
