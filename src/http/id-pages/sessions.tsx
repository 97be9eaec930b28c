// The visitor's sessions: where the account is signed in, and ending one.
import type { FC } from 'hono/jsx';
import { deviceOf } from '../../domain/device.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Session } from '../../domain/sessions/session.ts';
import type { Api } from '../context.ts';
import { Badge, FormToken, Moment, Notice } from '../pages/components.tsx';
import { RowButton } from './fields.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, recentCall } from './pages.ts';

const PATH = '/id/sessions';
const SESSION_ID = /^[0-9a-f-]{36}$/;
const DONE: Readonly<Record<string, string>> = {
  one: 'The session has ended.',
  others: 'You are signed out everywhere but here.',
};

export function sessionsPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, async ({ c, visitor, ports, audit }) => {
    const sessions = await listSessions(ports, visitor.account.id, audit.now);
    const done = DONE[c.req.query('done') ?? ''];
    return respondAccountPage(
      c,
      { title: 'Where you are signed in', visitor },
      <>
        <BackToAccount />
        <h1>Where you are signed in</h1>
        {done && <Notice tone="good">{done}</Notice>}
        <p class="lead">If you do not recognise one, end it and change your password.</p>
        <SessionTable sessions={sessions} currentId={visitor.sessionId} token={visitor.formToken} />
        {sessions.length > 1 && (
          <form method="post" action={PATH} class="actions">
            <FormToken token={visitor.formToken} />
            <button type="submit" name="end" value="others" class="danger">
              Sign out everywhere else
            </button>
          </form>
        )}
      </>,
    );
  });

  post(PATH, async (sent) => {
    const call = await recentCall(sent, 'for changes');
    if (isRefusal(call)) return call;
    const { c, caller, ports, audit, form } = call;
    const { accountId, sessionId } = caller;
    const end = form.end ?? '';
    if (end !== 'others' && !SESSION_ID.test(end)) return refuse('session_not_found');
    const revoked = await (end === 'others'
      ? ports.sessions.revokeAll(accountId, sessionId, 'by_owner', audit)
      : ports.sessions.revoke({ accountId, sessionId: end }, 'by_owner', audit));
    if (isRefusal(revoked)) return revoked;
    return c.redirect(`${PATH}?done=${end === 'others' ? 'others' : 'one'}`, 303);
  });
}

const SessionTable: FC<{ sessions: readonly Session[]; currentId: string; token: string }> = ({
  sessions,
  currentId,
  token,
}) => (
  <table>
    <thead>
      <tr>
        <th scope="col">Device</th>
        <th scope="col">Address</th>
        <th scope="col">Last used (UTC)</th>
        <th scope="col">Since</th>
        <th scope="col" class="thin">
          <span class="unseen">End</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {sessions.map(({ id, userAgent, ip, lastUsedAt, createdAt }) => (
        <tr>
          <td data-label="Device">
            {deviceOf(userAgent)} {id === currentId && <Badge tone="good">This one</Badge>}
          </td>
          <td data-label="Address">{ip ?? 'unknown'}</td>
          <td data-label="Last used">
            <Moment at={lastUsedAt} />
          </td>
          <td data-label="Since">
            <Moment at={createdAt} />
          </td>
          <td class="end">{id !== currentId && <EndOne id={id} userAgent={userAgent} token={token} />}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const EndOne: FC<{ id: string; userAgent: string | null; token: string }> = ({ id, userAgent, token }) => (
  <RowButton
    action={PATH}
    token={token}
    name="end"
    value={id}
    words="End"
    label={`End the session of ${deviceOf(userAgent)}, ${id.slice(0, 8)}`}
  />
);
