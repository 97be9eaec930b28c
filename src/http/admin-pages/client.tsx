// A client's page: changing it, replacing its secret, deleting it.
import type { Client } from '../../domain/oauth/client.ts';
import { changeClient, replaceClientSecret } from '../../domain/oauth/client-registration.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Notice } from '../pages/components.tsx';
import { ask } from './ask.tsx';
import { ClientForm } from './client-form.tsx';
import { type ClientInput, refuseInput, typedClient } from './client-input.ts';
import { showSecret } from './clients.tsx';
import { respondPage } from './layout.tsx';
import { type Call, pagesIn, recentCall } from './pages.ts';

const LIST = '/admin/clients';
const PATH = '/admin/clients/:client';
const CLIENT_ID = /^[0-9a-f-]{36}$/;

export function clientPages(api: Api): void {
  const { get, post } = pagesIn(api);

  get(PATH, async (call) => {
    const client = await clientOf(call);
    return isRefusal(client) ? client : showClient(call, client);
  });

  post(PATH, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    const client = await clientOf(call);
    if (isRefusal(client)) return client;
    const input = typedClient(call.form);
    const changed = refuseInput(input) ?? (await changeClient(call.ports, client.id, input, call.audit));
    if (!isRefusal(changed)) return call.c.redirect(`${LIST}/${client.id}?done=changed`, 303);
    return changed.refused === 'invalid_body' ? showClient(call, client, { input, refusal: changed }) : changed;
  });

  get(`${PATH}/secret`, (call) => askAbout(call, 'secret'));
  post(`${PATH}/secret`, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    const replaced = await replaceClientSecret(call.ports, idOf(call), call.audit);
    return isRefusal(replaced) ? replaced : showSecret(call, replaced);
  });

  get(`${PATH}/delete`, (call) => askAbout(call, 'delete'));
  post(`${PATH}/delete`, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    const removed = await call.ports.clients.remove(idOf(call), call.audit);
    if (isRefusal(removed)) return removed;
    return removed === 'removed' ? call.c.redirect(`${LIST}?done=deleted`, 303) : refuse('client_not_found');
  });
}

const idOf = ({ c }: Call): string => c.req.param('client') ?? '';

async function clientOf(call: Call): Promise<Client | Refusal<'client_not_found'>> {
  const id = idOf(call);
  const found = CLIENT_ID.test(id) ? await call.ports.clients.find(id) : undefined;
  return found?.client ?? refuse('client_not_found');
}

const QUESTIONS = {
  secret: ['Replace the secret of', 'Its current secret stops working at once.', 'Replace the secret'],
  delete: [
    'Delete',
    'Nobody can sign in to the app any more. Its sessions end at once, and people’s consent to it is removed.',
    'Delete the client',
  ],
} as const;

async function askAbout(call: Call, what: keyof typeof QUESTIONS) {
  const client = await clientOf(call);
  if (isRefusal(client)) return client;
  if (what === 'secret' && client.kind === 'public') return refuse('client_is_public');
  const [question, consequence, button] = QUESTIONS[what];
  const title = `${question} ${client.name}?`;
  return ask(call, { title, section: 'Clients', consequence, button, danger: true, back: `${LIST}/${client.id}` });
}

interface Refused {
  readonly input: ClientInput;
  readonly refusal: Refusal<'invalid_body'>;
}

const showClient = ({ c, signedIn }: Call, client: Client, refused?: Refused) =>
  respondPage(
    c,
    { title: client.name, section: 'Clients', signedIn },
    <>
      <p class="crumb">
        <a href={LIST}>Clients</a>
      </p>
      <h1>{client.name}</h1>
      {c.req.query('done') === 'changed' && !refused && <Notice tone="good">The client was changed.</Notice>}
      <dl class="facts wide">
        <dt>client_id</dt>
        <dd>
          <code>{client.id}</code>
        </dd>
        <dt>Kind</dt>
        <dd>{client.kind}</dd>
      </dl>
      <ClientForm
        action={`${LIST}/${client.id}`}
        token={signedIn.formToken}
        client={{ ...client, ...refused?.input }}
        refusal={refused?.refusal}
        button="Save"
      />
      <p class="actions">
        {client.kind === 'confidential' && (
          <a class="button" href={`${LIST}/${client.id}/secret`}>
            Replace the secret
          </a>
        )}
        <a class="button danger" href={`${LIST}/${client.id}/delete`}>
          Delete
        </a>
      </p>
    </>,
  );
