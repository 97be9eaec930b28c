// One passkey of the visitor: its name, and its removal.
import { removePasskey } from '../../domain/passkeys/registration.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { FormToken, Labelled, Notice } from '../pages/components.tsx';
import { Ask } from '../pages/question.tsx';
import { passkeyNameField } from '../shapes/webauthn.ts';
import { fieldMessage } from './field-texts.ts';
import { respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';

const LIST = '/id/passkeys';
const PATH = '/id/passkeys/:id';
const REMOVAL = '/id/passkeys/:id/remove';
const PASSKEY_ID = /^[0-9a-f-]{36}$/;
const LAST = 'This is the last way to sign in to your account. Set a password or add another passkey first.';

export function passkeyPages(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => withPasskey(call, (passkey) => showPasskey(call, passkey)));

  post(PATH, (call) =>
    withPasskey(call, async (passkey) => {
      const name = passkeyNameField().safeParse(call.form.name ?? '');
      if (!name.success) return showPasskey(call, passkey, fieldMessage('name', name.error));
      const renamed = await call.ports.passkeys.rename(passkey.id, name.data, call.audit);
      return isRefusal(renamed) ? renamed : call.c.redirect(`${LIST}?done=renamed`, 303);
    }),
  );

  get(REMOVAL, (call) => withPasskey(call, (passkey) => askRemoval(call, passkey)));

  post(REMOVAL, async (sent) => {
    const call = await recentCall(sent, 'always');
    if (isRefusal(call)) return call;
    return withPasskey(call, async (passkey) => {
      const removed = await removePasskey(call.ports, passkey.id, call.audit);
      if (!isRefusal(removed)) return call.c.redirect(`${LIST}?done=removed`, 303);
      return removed.refused === 'last_credential' ? askRemoval(call, passkey, LAST) : removed;
    });
  });
}

interface NamedPasskey {
  readonly id: string;
  readonly name: string;
}

/** Goes on with the passkey of the path, if it is the visitor's. */
async function withPasskey<T>({ c, visitor, ports }: Call, goOn: (passkey: NamedPasskey) => Promise<T>) {
  const id = c.req.param('id') ?? '';
  if (!PASSKEY_ID.test(id)) return refuse('passkey_not_found');
  const { passkeys } = await ports.factors.overview(visitor.account.id);
  const passkey = passkeys.find((each) => each.id === id);
  return passkey ? goOn(passkey) : refuse('passkey_not_found');
}

const showPasskey = ({ c, visitor }: Call, { id, name }: NamedPasskey, error?: string): Promise<Response> =>
  respondAccountPage(
    c,
    { title: name, visitor },
    <>
      <p class="crumb">
        <a href={LIST}>Passkeys</a>
      </p>
      <h1>{name}</h1>
      {error && <Notice tone="bad">{error}</Notice>}
      <form method="post" action={`${LIST}/${id}`} class="stack column">
        <FormToken token={visitor.formToken} />
        <Labelled id="name" label="Name">
          <input id="name" name="name" value={name} maxlength={64} required />
        </Labelled>
        <button type="submit" class="primary">
          Save
        </button>
      </form>
      <p class="actions">
        <a class="button danger" href={`${LIST}/${id}/remove`}>
          Remove
        </a>
      </p>
    </>,
  );

const askRemoval = ({ c, visitor }: Call, { id, name }: NamedPasskey, failure?: string): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Remove this passkey?', visitor },
    <Ask
      question={{
        title: `Remove ${name}?`,
        consequence: 'It will no longer sign you in. Delete it on your device as well.',
        button: 'Remove',
        danger: true,
        back: LIST,
        ...(failure ? { failure } : {}),
      }}
      action={`${LIST}/${id}/remove`}
      token={visitor.formToken}
    />,
  );
