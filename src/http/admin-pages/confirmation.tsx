// Confirmation pages: they ask before an account or an entity is changed, and need no script.
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Api } from '../context.ts';
import { nameOf } from '../pages/components.tsx';
import { type AdminQuestion, ask } from './ask.tsx';
import { type Call, idFrom, pagesIn, recentCall } from './pages.ts';
import { perform, USER_ACTIONS, type UserAction } from './user-actions.ts';

export function confirmationPages(api: Api): void {
  for (const action of USER_ACTIONS) userConfirmation(api, action);
  sessionConfirmation(api);
}

/** Why an action failed, in words for its page. */
const FAILURES: Partial<Readonly<Record<Refusal['refused'], string>>> = {
  last_admin: 'This is the last active admin, and there must always be one. Make somebody else an admin first.',
  no_email: 'The account has no email, or is deactivated.',
  too_many_requests: 'Too many of these mails were sent to the account. Wait a while: one a minute, five an hour.',
  mail_not_configured: 'This service sends no mail: see docs/operations.md.',
};

function userConfirmation(api: Api, action: UserAction): void {
  const { get, post } = pagesIn(api);
  const path = `/admin/users/:id/${action.path}` as const;

  const accountOf = async ({ c, ports }: Call) => {
    const id = idFrom(c);
    return id === undefined ? undefined : ports.administration.find(id);
  };
  const question = (id: number, name: string): AdminQuestion => ({
    title: action.question(name),
    section: 'Users',
    consequence: action.consequence,
    button: action.button,
    danger: action.danger,
    back: `/admin/users/${id}`,
  });

  get(path, async (call) => {
    const account = await accountOf(call);
    return account ? ask(call, question(account.id, nameOf(account))) : refuse('account_not_found');
  });

  post(path, async (sent) => {
    const call = action.isSensitive ? await recentCall(sent) : sent;
    if (isRefusal(call)) return call;
    const account = await accountOf(call);
    if (!account) return refuse('account_not_found');
    const refusal = await perform(action, call.ports, account, call.audit);
    const failure = refusal && FAILURES[refusal.refused];
    if (failure) return ask(call, { ...question(account.id, nameOf(account)), failure });
    return refusal ?? call.c.redirect(`${action.next ?? `/admin/users/${account.id}`}?done=${action.path}`, 303);
  });
}

const SESSION_ID = /^[0-9a-f-]{36}$/;

function sessionConfirmation(api: Api): void {
  const { get, post } = pagesIn(api);
  const path = '/admin/users/:id/sessions/:session/end';

  get(path, async (call) => {
    const { c, ports, audit } = call;
    const [id, sessionId] = [idFrom(c), c.req.param('session')];
    const session =
      id === undefined ? undefined : (await listSessions(ports, id, audit.now)).find((each) => each.id === sessionId);
    if (!session) return refuse('session_not_found');
    const isOwn = session.id === call.visitor.sessionId;
    const own = isOwn ? ' It is the one you are using now: you will have to sign in again.' : '';
    return ask(call, {
      title: 'End this session?',
      section: 'Users',
      consequence:
        `It was last used from ${session.ip ?? 'an unknown address'} (${session.userAgent ?? 'unknown client'}). ` +
        `Its tokens stop working at once; other sessions of the account go on.${own}`,
      button: 'End the session',
      danger: true,
      back: `/admin/users/${id}`,
    });
  });

  post(path, async ({ c, ports, audit }) => {
    const [accountId, sessionId] = [idFrom(c), c.req.param('session') ?? ''];
    if (accountId === undefined || !SESSION_ID.test(sessionId)) return refuse('session_not_found');
    const revoked = await ports.sessions.revoke({ accountId, sessionId }, 'by_admin', audit);
    return isRefusal(revoked) ? revoked : c.redirect(`/admin/users/${accountId}?done=end`, 303);
  });
}
