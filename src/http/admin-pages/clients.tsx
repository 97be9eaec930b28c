// The clients: apps that sign people in with this service, and registering one.
import type { FC } from 'hono/jsx';
import type { Client } from '../../domain/oauth/client.ts';
import { type RegisteredClient, registerClient } from '../../domain/oauth/client-registration.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Badge, Moment, Notice, Pager } from '../pages/components.tsx';
import { ClientForm } from './client-form.tsx';
import { refuseInput, typedClient } from './client-input.ts';
import { respondPage } from './layout.tsx';
import { listPage } from './lists.ts';
import { type Call, pagesIn, recentCall } from './pages.ts';

const PATH = '/admin/clients';
const PAGE_SIZE = 50;

export function clientsPages(api: Api): void {
  const { get, post } = pagesIn(api);

  get(PATH, async (call) => {
    const { c, signedIn, ports } = call;
    const { items, nextCursor, isFirst } = await listPage(call, 'clients', (after) =>
      ports.clients.list(after, PAGE_SIZE),
    );
    return respondPage(
      c,
      { title: 'Clients', section: 'Clients', signedIn },
      <>
        <h1>Clients</h1>
        <p class="lead">Apps that sign people in with this service, by OAuth 2.1 and OpenID Connect.</p>
        {c.req.query('done') === 'deleted' && <Notice tone="good">The client was deleted.</Notice>}
        <p class="actions">
          <a class="button" href={`${PATH}/new`}>
            Register a client
          </a>
        </p>
        <h2>Registered</h2>
        {items.length > 0 ? <ClientTable clients={items} /> : <p class="none">No client is registered.</p>}
        <Pager path={PATH} query={{}} next={nextCursor} first={isFirst} />
      </>,
    );
  });

  get(`${PATH}/new`, ({ c, signedIn }) =>
    respondPage(
      c,
      { title: 'Register a client', section: 'Clients', signedIn },
      <>
        <h1>Register a client</h1>
        <ClientForm action={`${PATH}/new`} token={signedIn.formToken} button="Register" />
      </>,
    ),
  );

  post(`${PATH}/new`, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    const { c, signedIn, ports, audit, form } = call;
    const input = typedClient(form);
    const kind = form.kind === 'confidential' ? 'confidential' : 'public';
    const registered = refuseInput(input) ?? (await registerClient(ports, { ...input, kind }, audit));
    if (!isRefusal(registered)) return showSecret(call, registered);
    if (registered.refused !== 'invalid_body') return registered;
    return respondPage(
      c,
      { title: 'Register a client', section: 'Clients', signedIn },
      <>
        <h1>Register a client</h1>
        <ClientForm
          action={`${PATH}/new`}
          token={signedIn.formToken}
          client={{ ...input, kind }}
          refusal={registered}
          button="Register"
        />
      </>,
    );
  });
}

/** Shows a client with its new secret, this once. */
export const showSecret = ({ c, signedIn }: Call, { client, secret }: RegisteredClient) =>
  respondPage(
    c,
    { title: client.name, section: 'Clients', signedIn },
    <>
      <p class="crumb">
        <a href={PATH}>Clients</a>
      </p>
      <h1>{client.name}</h1>
      {secret !== undefined && (
        <Notice tone="good">Copy the secret now: it is stored as a hash, and never shown again.</Notice>
      )}
      <dl class="facts wide">
        <dt>client_id</dt>
        <dd>
          <code>{client.id}</code>
        </dd>
        {secret !== undefined && (
          <>
            <dt>client_secret</dt>
            <dd>
              <code>{secret}</code>
            </dd>
          </>
        )}
      </dl>
      <p class="actions">
        <a class="button" href={`${PATH}/${client.id}`}>
          To the client
        </a>
      </p>
    </>,
  );

const ClientTable: FC<{ clients: readonly Client[] }> = ({ clients }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Kind</th>
        <th scope="col" class="roomy">
          Scopes
        </th>
        <th scope="col">Changed (UTC)</th>
      </tr>
    </thead>
    <tbody>
      {clients.map(({ id, name, kind, scopes, firstParty, updatedAt }) => (
        <tr>
          <td data-label="Name">
            <a href={`${PATH}/${id}`}>{name}</a> {firstParty && <Badge>our own</Badge>}
          </td>
          <td data-label="Kind">{kind}</td>
          <td data-label="Scopes">{scopes.join(' ')}</td>
          <td data-label="Changed">
            <Moment at={updatedAt} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
