// Undoing a change of email: the page explains the consequences, and its button does it.
import type { FC } from 'hono/jsx';
import { findUndoableChange, type UndoableChange, undoEmailChange } from '../../domain/email/undo.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { mailPagesIn } from './mail-pages.ts';

const PATH = '/id/undo-email';

export function undoEmailPage(api: Api): void {
  const { get, post } = mailPagesIn(api);

  get(PATH, async ({ c, ports, audit }) => {
    if (c.req.query('done') !== undefined)
      return respondPanel(c, { title: 'Change undone', heading: 'The change is undone' }, <Undone />);
    const token = c.req.query('token') ?? '';
    const change = await findUndoableChange(ports, token, audit.now);
    if (isRefusal(change)) return change;
    return respondPanel(
      c,
      { title: 'Undo the change of email', heading: 'Undo the change of email?' },
      <Question token={token} change={change} />,
    );
  });

  post(PATH, 'mailed-link', async ({ c, ports, audit, form }) => {
    const undone = await undoEmailChange(ports, form.token ?? '', audit);
    return isRefusal(undone) ? undone : c.redirect(`${PATH}?done=undone`, 303);
  });
}

const Question: FC<{ token: string; change: UndoableChange }> = ({ token, change }) => (
  <>
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
      This address is the account’s again. Every session ends, the password no longer works until you set a new one, and
      passkeys and authenticator apps that were added since the change are removed.
    </p>
    <form method="post" action={PATH} class="actions">
      <input type="hidden" name="token" value={token} />
      <button type="submit" class="danger">
        Undo the change
      </button>
    </form>
  </>
);

const Undone: FC = () => (
  <>
    <p role="status">The account has this address again, and nobody is signed in to it.</p>
    <p class="actions">
      <a class="button" href="/id/forgot-password">
        Set a new password
      </a>
    </p>
  </>
);
