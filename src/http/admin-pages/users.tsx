// The users page: accounts, searched by the start of a name and filtered by role and status.
import type { FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import type { AccountFilter } from '../../domain/accounts/administration.ts';
import type { Api } from '../context.ts';
import { Badge, Choice, Labelled, Moment, Notice, nameOf, Pager } from '../pages/components.tsx';
import { respondPage } from './layout.tsx';
import { listPage } from './lists.ts';
import { pagesIn } from './pages.ts';
import { confirmationOf } from './user-actions.ts';

const PAGE_SIZE = 25;

type Query = Readonly<Record<string, string>>;

/** The filter of a query. An unknown value filters nothing. */
const filterFrom = ({ q, role, active }: Query): AccountFilter => ({
  q: q?.trim().slice(0, 254) || undefined,
  role: role === 'admin' || role === 'user' ? role : undefined,
  active: active === 'true' ? true : active === 'false' ? false : undefined,
});

export function usersPage(api: Api): void {
  pagesIn(api).get('/admin/users', async (call) => {
    const { c, signedIn, ports } = call;
    const filter = filterFrom(c.req.query());
    const scope = JSON.stringify(['users', filter]);
    const { items, nextCursor, isFirst } = await listPage(call, scope, (after) =>
      ports.administration.list(filter, after, PAGE_SIZE),
    );
    const query = { q: filter.q, role: filter.role, active: filter.active?.toString() };
    const done = confirmationOf(c.req.query('done'));
    return respondPage(
      c,
      { title: 'Users', section: 'Users', signedIn },
      <>
        <h1>Users</h1>
        {done && <Notice tone="good">{done}</Notice>}
        <p class="links">
          <a href="/admin/users/invite">Invite somebody</a>
          <a href="/admin/users/end-everybody">End everybody’s sessions</a>
        </p>
        <Search query={query} />
        {items.length > 0 ? (
          <AccountTable accounts={items} />
        ) : (
          <p class="none">
            {nextCursor
              ? 'No matches on this page; the next may have some.'
              : 'No accounts match. A search finds the start of an email or a username.'}
          </p>
        )}
        <Pager path="/admin/users" query={query} next={nextCursor} first={isFirst} />
      </>,
    );
  });
}

const Search: FC<{ query: Readonly<Record<'q' | 'role' | 'active', string | undefined>> }> = ({ query }) => (
  <form class="filters" method="get" action="/admin/users">
    <Labelled id="q" label="Name starts with">
      <input id="q" name="q" type="search" value={query.q ?? ''} placeholder="Email or username" autocomplete="off" />
    </Labelled>
    <Labelled id="role" label="Role">
      <Choice
        id="role"
        name="role"
        value={query.role ?? ''}
        options={[
          ['', 'Any'],
          ['admin', 'Admins'],
          ['user', 'Users'],
        ]}
      />
    </Labelled>
    <Labelled id="active" label="Status">
      <Choice
        id="active"
        name="active"
        value={query.active ?? ''}
        options={[
          ['', 'Any'],
          ['true', 'Active'],
          ['false', 'Deactivated'],
        ]}
      />
    </Labelled>
    <button type="submit">Search</button>
  </form>
);

export const RoleAndStatus: FC<{ account: Account }> = ({ account: { role, active } }) => (
  <>
    {role === 'admin' && <Badge tone="good">Admin</Badge>}{' '}
    {active ? <span class="fine">Active</span> : <Badge tone="bad">Deactivated</Badge>}
  </>
);

const AccountTable: FC<{ accounts: readonly Account[] }> = ({ accounts }) => (
  <table>
    <thead>
      <tr>
        <th scope="col" class="roomy">
          Account
        </th>
        <th scope="col">Username</th>
        <th scope="col">Status</th>
        <th scope="col">Signed up (UTC)</th>
        <th scope="col" class="number thin">
          Id
        </th>
      </tr>
    </thead>
    <tbody>
      {accounts.map((account) => (
        <tr>
          <td data-label="Account">
            <a href={`/admin/users/${account.id}`}>{nameOf(account)}</a>
          </td>
          <td data-label="Username">{account.username ?? <span class="fine">none</span>}</td>
          <td data-label="Status">
            <RoleAndStatus account={account} />
          </td>
          <td data-label="Signed up">
            <Moment at={account.createdAt} />
          </td>
          <td data-label="Id" class="number">
            {account.id}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
