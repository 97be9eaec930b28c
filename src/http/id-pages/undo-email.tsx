// Undoing a change of email: the page says what comes of it, and its button does it.
import type { FC } from 'hono/jsx';
import { findUndoableChange, type UndoableChange, undoEmailChange } from '../../domain/email/undo.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment } from '../pages/components.tsx';
import { respondPage } from '../pages/layout.tsx';
import { Panel } from '../pages/panel.tsx';
import { mailPagesIn } from './mail-pages.ts';

const PATH = '/id/undo-email';

export function undoEmailPage(api: Api): void {
  const { get, post } = mailPagesIn(api);

  get(PATH, async ({ c, ports, settings: { SERVICE_NAME: service }, audit }) => {
    if (c.req.query('done') !== undefined)
      return respondPage(c, { title: 'Change undone', service }, <Undone service={service} />);
    const token = c.req.query('token') ?? '';
    const change = await findUndoableChange(ports, token, audit.now);
    if (isRefusal(change)) return change;
    return respondPage(
      c,
      { title: 'Undo the change of email', service },
      <Question service={service} token={token} change={change} />,
    );
  });

  post(PATH, 'mailed-link', async ({ c, ports, audit, form }) => {
    const undone = await undoEmailChange(ports, form.token ?? '', audit);
    return isRefusal(undone) ? undone : c.redirect(`${PATH}?done=undone`, 303);
  });
}

const Question: FC<{ service: string; token: string; change: UndoableChange }> = ({ service, token, change }) => (
  <Panel service={service} title="Undo the change of email?">
    <dl class="facts wide">
      <dt>Email</dt>
      <dd>{change.email}</dd>
      {change.username !== null && (
        <>
          <dt>Username</dt>
          <dd>{change.username}</dd>
        </>
      )}
      <dt>Changed</dt>
      <dd>
        <Moment at={change.changedAt} /> UTC
      </dd>
    </dl>
    <p>
      This address is the account’s again. Every session ends, the password works no more until you set a new one, and
      passkeys and authenticator apps that were added since the change are removed.
    </p>
    <form method="post" action={PATH} class="actions">
      <input type="hidden" name="token" value={token} />
      <button type="submit" class="danger">
        Undo the change
      </button>
    </form>
  </Panel>
);

const Undone: FC<{ service: string }> = ({ service }) => (
  <Panel service={service} title="The change is undone">
    <p role="status">The account has this address again, and nobody is signed in to it.</p>
    <p class="actions">
      <a class="button" href="/id/forgot-password">
        Set a new password
      </a>
    </p>
  </Panel>
);
