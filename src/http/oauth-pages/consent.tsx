// The consent page: which app asks, where its redirect leads, and what it will be able to do.
import type { FC } from 'hono/jsx';
import type { AuthorizationRequest } from '../../domain/oauth/authorization-request.ts';
import { isOnDevice, originOf, sourceOf } from '../../domain/oauth/redirect-uri.ts';
import { formatScopes, SCOPES } from '../../domain/oauth/scopes.ts';
import type { Context } from '../context.ts';
import { FormToken, nameOf } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import type { Visitor } from '../pages/visitor.ts';
import type { Given } from './parameters.ts';

interface Consent {
  readonly visitor: Visitor;
  readonly request: AuthorizationRequest;
  readonly parameters: Given['parameters'];
}

export const showConsent = (c: Context, consent: Consent): Promise<Response> =>
  respondPanel(
    c,
    { title: `Sign in to ${consent.request.client.name}?`, formTargets: [sourceOf(consent.request.redirectUri)] },
    <ConsentForm {...consent} />,
  );

/** The host that the browser goes to, or the scheme of an app on the device. */
const destinationOf = (redirectUri: string): string =>
  originOf(redirectUri) ? new URL(redirectUri).host : new URL(redirectUri).protocol.slice(0, -1);

const ConsentForm: FC<Consent> = ({ visitor, request: { client, redirectUri, scopes }, parameters }) => (
  <>
    <p>
      <strong>{client.name}</strong> asks to sign you in as <strong>{nameOf(visitor.account)}</strong>. It will be able
      to:
    </p>
    <ul>
      {scopes.map((scope) => (
        <li>{SCOPES[scope]}</li>
      ))}
    </ul>
    <p>
      You will go on to <strong>{destinationOf(redirectUri)}</strong>
      {isOnDevice(redirectUri) && ', an app on this device: allow this only if you have just started to sign in there'}.
    </p>
    <form method="post" action="/oauth/authorize" class="stack">
      <FormToken token={visitor.formToken} />
      <input type="hidden" name="shown" value={formatScopes(scopes)} />
      {Object.entries(parameters).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
      <button type="submit" name="decision" value="allow" class="primary">
        Allow
      </button>
      <button type="submit" name="decision" value="deny">
        Do not allow
      </button>
    </form>
    <p class="fine">You can take this back in your account, under connected apps.</p>
  </>
);
