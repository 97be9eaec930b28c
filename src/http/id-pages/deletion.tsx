// Deleting the visitor's account.

import { removeAccount } from '../../domain/accounts/removal.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { deleteSessionCookie } from '../pages/cookie.ts';
import { respondPanel } from '../pages/panel.tsx';
import { Ask } from '../pages/question.tsx';
import { respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';

const PATH = '/id/delete';
const LAST_ADMIN = 'You are the last administrator, and there must always be one. Make somebody else one first.';

export function deletionPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => ask(call));

  post(PATH, async (sent) => {
    const call = await recentCall(sent, 'for changes');
    if (isRefusal(call)) return call;
    const { c, ports, caller, audit } = call;
    const removed = await removeAccount(ports, caller.accountId, audit);
    if (removed === 'last_admin') return ask(call, LAST_ADMIN);
    if (removed === 'not_found') return refuse('token_revoked');
    deleteSessionCookie(c);
    return respondPanel(c, { title: 'Your account was deleted' }, <p role="status">You can close this page.</p>);
  });
}

const ask = ({ c, visitor }: Call, failure?: string): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Delete your account?', visitor },
    <Ask
      question={{
        title: 'Delete your account?',
        consequence:
          'You are signed out everywhere, and nobody can bring the account back. What only you could see is deleted ' +
          'with it; what everybody could see stays, without your name.',
        button: 'Delete my account',
        danger: true,
        back: '/id',
        ...(failure ? { failure } : {}),
      }}
      action={PATH}
      token={visitor.formToken}
    />,
  );
