// The apps that the visitor signed in to, and disconnecting one.
import type { FC } from 'hono/jsx';
import type { Grant } from '../../domain/oauth/grant.ts';
import { ALL_SCOPES, SCOPES } from '../../domain/oauth/scopes.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment, Notice } from '../pages/components.tsx';
import { RowButton } from './fields.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn } from './pages.ts';

const PATH = '/id/apps';
const CLIENT_ID = /^[0-9a-f-]{36}$/;

export function appsPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, async ({ c, visitor, ports }) => {
    const grants = await ports.grants.list(visitor.account.id);
    return respondAccountPage(
      c,
      { title: 'Connected apps', visitor },
      <>
        <BackToAccount />
        <h1>Connected apps</h1>
        {c.req.query('done') === 'disconnected' && (
          <Notice tone="good">The app was disconnected, and signed out of your account.</Notice>
        )}
        <p class="lead">Apps that you signed in to with this account, and what each may do.</p>
        <GrantTable grants={grants} token={visitor.formToken} />
      </>,
    );
  });

  post(PATH, async ({ c, ports, audit, form }) => {
    const clientId = form.client ?? '';
    if (!CLIENT_ID.test(clientId)) return refuse('grant_not_found');
    const withdrawn = await ports.grants.withdraw(clientId, audit);
    return isRefusal(withdrawn) ? withdrawn : c.redirect(`${PATH}?done=disconnected`, 303);
  });
}

const GrantTable: FC<{ grants: readonly Grant[]; token: string }> = ({ grants, token }) => {
  if (grants.length === 0) return <p class="none">No app is connected.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">App</th>
          <th scope="col" class="roomy">
            It may
          </th>
          <th scope="col">Last used (UTC)</th>
          <th scope="col" class="middling">
            <span class="unseen">Disconnect</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {grants.map(({ clientId, clientName, scopes, lastUsedAt }) => (
          <tr>
            <td data-label="App">{clientName}</td>
            <td data-label="It may">
              <ul class="plain">
                {ALL_SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => (
                  <li>{SCOPES[scope]}</li>
                ))}
              </ul>
            </td>
            <td data-label="Last used">
              <Moment at={lastUsedAt} />
            </td>
            <td class="end">
              <RowButton
                action={PATH}
                token={token}
                name="client"
                value={clientId}
                words="Disconnect"
                label={`Disconnect ${clientName}`}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
