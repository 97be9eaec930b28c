// The form of a client's metadata.
import type { FC } from 'hono/jsx';
import type { Client, ClientMetadata } from '../../domain/oauth/client.ts';
import { ALL_SCOPES, SCOPES } from '../../domain/oauth/scopes.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { Choice, FormToken, Labelled, Notice } from '../pages/components.tsx';
import { Check, describedBy, Errors, Uris } from './client-fields.tsx';
import { inputErrors } from './client-input.ts';

const NEW: ClientMetadata = {
  name: '',
  kind: 'public',
  redirectUris: [],
  postLogoutRedirectUris: [],
  scopes: ['openid', 'profile', 'email'],
  firstParty: false,
  idTokenAlgorithm: 'ES256',
};

interface ClientFormProps {
  readonly action: string;
  readonly token: string;
  /** The stored client, or the input as typed; undefined for a new client. */
  readonly client?: ClientMetadata | Client | undefined;
  readonly refusal?: Refusal<'invalid_body'> | undefined;
  readonly button: string;
}

export const ClientForm: FC<ClientFormProps> = ({ action, token, client = NEW, refusal, button }) => {
  const errors = inputErrors(client, refusal);
  const subject = Object.keys(errors).length === 1 ? 'One field is' : 'Some fields are';
  return (
    <>
      {refusal && (
        <Notice tone="bad">
          <strong>Nothing was saved.</strong> {subject} not valid.
        </Notice>
      )}
      <form method="post" action={action} class="edit">
        <FormToken token={token} />
        <Labelled id="name" label="Name" hint="As people read it when the app asks.">
          <input
            id="name"
            name="name"
            value={client.name}
            maxlength={64}
            required
            aria-describedby={describedBy('name', errors.name)}
            aria-invalid={errors.name && 'true'}
          />
          <Errors of="name" errors={errors.name} />
        </Labelled>
        {!('id' in client) && (
          <Labelled id="kind" label="Kind">
            <Choice id="kind" name="kind" value={client.kind} options={KINDS} />
          </Labelled>
        )}
        <Uris
          id="redirect_uris"
          label="Redirect addresses"
          hint="Where people return to after they sign in, one address a line."
          uris={client.redirectUris}
          errors={errors.redirect_uris}
        />
        <Uris
          id="post_logout_redirect_uris"
          label="Addresses after signing out"
          hint="Where people may return to after they sign out; optional."
          uris={client.postLogoutRedirectUris}
          errors={errors.post_logout_redirect_uris}
        />
        <fieldset>
          <legend>It may ask people, in these words, to let it</legend>
          {ALL_SCOPES.map((scope) => (
            <Check name={`scope.${scope}`} label={SCOPES[scope]} isOn={client.scopes.includes(scope)}>
              {' '}
              <code>{scope}</code>
            </Check>
          ))}
          <Errors of="scopes" errors={errors.scopes} />
        </fieldset>
        <fieldset>
          <legend>Consent</legend>
          <Check name="first_party" label="One of our own apps: nobody is asked for consent" isOn={client.firstParty} />
        </fieldset>
        <Labelled id="id_token_alg" label="ID tokens are signed with">
          <Choice
            id="id_token_alg"
            name="id_token_alg"
            value={client.idTokenAlgorithm}
            options={ALGORITHMS}
            invalid={errors.id_token_signed_response_alg && true}
          />
          <Errors of="id_token_alg" errors={errors.id_token_signed_response_alg} />
        </Labelled>
        <p class="actions">
          <button type="submit" class="primary">
            {button}
          </button>
        </p>
      </form>
    </>
  );
};

const KINDS = [
  ['public', 'public: a page or an app, which keeps no secret'],
  ['confidential', 'confidential: a server, which keeps a secret'],
] as const;
const ALGORITHMS = [
  ['ES256', 'ES256'],
  ['RS256', 'RS256'],
] as const;
