// The form of a client: what an admin decides about an app.
import type { FC } from 'hono/jsx';
import type { Client, ClientMetadata } from '../../domain/oauth/client.ts';
import { ALL_SCOPES, SCOPES } from '../../domain/oauth/scopes.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { Choice, FormToken, Labelled, Notice } from '../pages/components.tsx';
import type { Form } from '../pages/form.ts';
import { clientNameField, urisField } from '../shapes/client-fields.ts';

export type ClientInput = Omit<ClientMetadata, 'kind'>;

const NEW: ClientMetadata = {
  name: '',
  kind: 'public',
  redirectUris: [],
  postLogoutRedirectUris: [],
  scopes: ['openid', 'profile', 'email'],
  firstParty: false,
  idTokenAlgorithm: 'ES256',
};

const linesOf = (text = ''): readonly string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** What was typed, as a client's metadata. Only the kind decides which redirects are right. */
export const typedClient = (form: Form): ClientInput => ({
  name: (form.name ?? '').trim(),
  redirectUris: linesOf(form.redirect_uris),
  postLogoutRedirectUris: linesOf(form.post_logout_redirect_uris),
  scopes: ALL_SCOPES.filter((scope) => form[`scope.${scope}`] === 'on'),
  firstParty: form.first_party === 'on',
  idTokenAlgorithm: form.id_token_alg === 'RS256' ? 'RS256' : 'ES256',
});

/** Refuses fields that are not valid by themselves. */
export function refuseInput({
  name,
  redirectUris,
  postLogoutRedirectUris,
}: ClientInput): Refusal<'invalid_body'> | undefined {
  if (!clientNameField.safeParse(name).success)
    return refuse('invalid_body', { errors: [{ path: 'name', message: 'must be 1 to 64 printable characters' }] });
  const areFew = [redirectUris, postLogoutRedirectUris].every((uris) => urisField.safeParse(uris).success);
  return areFew ? undefined : refuse('invalid_body', { errors: [{ path: 'redirect_uris', message: 'are too many' }] });
}

interface ClientFormProps {
  readonly action: string;
  readonly token: string;
  /** The client as it is, or as it was typed; undefined for a new one. */
  readonly client?: ClientInput | Client | undefined;
  readonly refusal?: Refusal<'invalid_body'> | undefined;
  readonly button: string;
}

export const ClientForm: FC<ClientFormProps> = ({ action, token, client = NEW, refusal, button }) => (
  <>
    {refusal && (
      <Notice tone="bad">
        <strong>Nothing was saved.</strong>
        <ul>
          {(refusal.errors ?? []).map(({ path, message }) => (
            <li>
              {path} {message}
            </li>
          ))}
        </ul>
      </Notice>
    )}
    <form method="post" action={action} class="edit">
      <FormToken token={token} />
      <Labelled id="name" label="Name" hint="As people read it when the app asks.">
        <input id="name" name="name" value={client.name} maxlength={64} required aria-describedby="name-hint" />
      </Labelled>
      {!('id' in client) && (
        <Labelled id="kind" label="Kind">
          <Choice id="kind" name="kind" value="public" options={KINDS} />
        </Labelled>
      )}
      <Uris id="redirect_uris" label="Redirect addresses" uris={client.redirectUris} />
      <Uris id="post_logout_redirect_uris" label="Addresses after signing out" uris={client.postLogoutRedirectUris} />
      <fieldset>
        <legend>It may ask to</legend>
        {ALL_SCOPES.map((scope) => (
          <Check name={`scope.${scope}`} label={`${SCOPES[scope]} (${scope})`} isOn={client.scopes.includes(scope)} />
        ))}
      </fieldset>
      <Check name="first_party" label="One of our own apps: nobody is asked for consent" isOn={client.firstParty} />
      <Labelled id="id_token_alg" label="ID tokens are signed with">
        <Choice id="id_token_alg" name="id_token_alg" value={client.idTokenAlgorithm} options={ALGORITHMS} />
      </Labelled>
      <p class="actions">
        <button type="submit" class="primary">
          {button}
        </button>
      </p>
    </form>
  </>
);

const KINDS = [
  ['public', 'public: a page or an app, which keeps no secret'],
  ['confidential', 'confidential: a server, which keeps a secret'],
] as const;
const ALGORITHMS = [
  ['ES256', 'ES256'],
  ['RS256', 'RS256'],
] as const;

const Uris: FC<{ id: string; label: string; uris: readonly string[] }> = ({ id, label, uris }) => (
  <Labelled id={id} label={label} hint="One a line.">
    <textarea id={id} name={id} rows={3} aria-describedby={`${id}-hint`} spellcheck={false}>
      {uris.join('\n')}
    </textarea>
  </Labelled>
);

const Check: FC<{ name: string; label: string; isOn: boolean }> = ({ name, label, isOn }) => (
  <label class="check">
    <input type="checkbox" name={name} checked={isOn} /> {label}
  </label>
);
