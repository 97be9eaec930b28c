// The visitor's passkeys: adding one, naming it, removing it.
import type { FC } from 'hono/jsx';
import type { Passkey } from '../../domain/passkeys/passkey.ts';
import { addPasskey, registrationOptions } from '../../domain/passkeys/registration.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Badge, FormToken, Labelled, Moment, Notice } from '../pages/components.tsx';
import { reauthenticatePath } from '../pages/visitor.ts';
import { creationOptionsView, passkeyNameField, registrationField } from '../shapes/webauthn.ts';
import { fieldMessage } from './field-texts.ts';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';
import { credentialIn, PASSKEY_SCRIPTS, PasskeyForm } from './passkey-form.tsx';

const PATH = '/id/passkeys';
const DEFAULT_NAME = 'Passkey';
const DONE: Readonly<Record<string, string>> = {
  added: 'The passkey was added. You can sign in with it from now on.',
  renamed: 'The passkey has its new name.',
  removed: 'The passkey was removed. Delete it on your device as well: it no longer signs you in.',
};
const NOT_ADDED = 'The passkey was not added: it took too long, or the browser sent something else. Try again.';

export function passkeysPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => showPasskeys(call));

  post(PATH, async (call) => {
    const { c, ports, audit, form } = call;
    const name = passkeyNameField().safeParse(form.name?.trim() || DEFAULT_NAME);
    if (!name.success) return showPasskeys(call, fieldMessage('name', name.error));
    const credential = credentialIn(form.credential, registrationField());
    if (!credential) return showPasskeys(call, NOT_ADDED);
    const added = await addPasskey(ports, credential, name.data, audit);
    if (!isRefusal(added)) return c.redirect(`${PATH}?done=added`, 303);
    switch (added.refused) {
      case 'invalid_new_passkey':
        return showPasskeys(call, NOT_ADDED);
      case 'passkey_exists':
        return showPasskeys(call, 'You have added this passkey already.');
      default:
        return added;
    }
  });
}

async function showPasskeys(sent: Call, error?: string): Promise<Response> {
  const { c, visitor, ports } = sent;
  const [{ passkeys }, call] = await Promise.all([
    ports.factors.overview(visitor.account.id),
    recentCall(sent, 'always'),
  ]);
  const options = isRefusal(call) ? undefined : await registrationOptions(ports, visitor.account, call.audit);
  const done = DONE[c.req.query('done') ?? ''];
  return respondAccountPage(
    c,
    { title: 'Passkeys', visitor, scripts: options ? PASSKEY_SCRIPTS : [] },
    <>
      <BackToAccount />
      <h1>Passkeys</h1>
      {done && !error && <Notice tone="good">{done}</Notice>}
      {error && <Notice tone="bad">{error}</Notice>}
      <p class="lead">
        A passkey signs you in with your fingerprint, your face or the lock of your device, in place of a password and a
        code. Nobody can guess it, and no fake site can ask you for it.
      </p>
      <PasskeyTable passkeys={passkeys} />
      <h2>Add a passkey</h2>
      {options ? (
        <AddForm options={creationOptionsView(options)} token={visitor.formToken} />
      ) : (
        <p>
          <a class="button" href={reauthenticatePath(PATH)}>
            Confirm that it is you
          </a>
        </p>
      )}
    </>,
  );
}

const AddForm: FC<{ options: object; token: string }> = ({ options, token }) => (
  <>
    <p data-without-passkeys="">Adding a passkey takes JavaScript, and a browser that supports passkeys.</p>
    <PasskeyForm action={PATH} kind="create" options={options} button="Add a passkey" primary={true}>
      <FormToken token={token} />
      <Labelled id="name" label="Name" hint="To tell your passkeys apart.">
        <input id="name" name="name" maxlength={64} placeholder="My phone" aria-describedby="name-hint" />
      </Labelled>
    </PasskeyForm>
  </>
);

const PasskeyTable: FC<{ passkeys: readonly Passkey[] }> = ({ passkeys }) => {
  if (passkeys.length === 0) return <p class="none">You have no passkey yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Added (UTC)</th>
          <th scope="col">Last used</th>
          <th scope="col" class="thin">
            <span class="unseen">Change</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {passkeys.map(({ id, name, createdAt, lastUsedAt, backedUp }) => (
          <tr>
            <td data-label="Name">
              {name} {backedUp && <Badge>on several devices</Badge>}
            </td>
            <td data-label="Added">
              <Moment at={createdAt} />
            </td>
            <td data-label="Last used">{lastUsedAt === null ? 'never' : <Moment at={lastUsedAt} />}</td>
            <td class="end">
              <a href={`${PATH}/${id}`} aria-label={`Change ${name}`}>
                Change
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
