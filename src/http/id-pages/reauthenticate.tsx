// Confirming that it is still the same person: a password, with a code where the account has an app, or a passkey.
import type { FC } from 'hono/jsx';
import type { FactorOverview } from '../../domain/factors/factor.ts';
import { assertionOptions } from '../../domain/passkeys/assertion.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import {
  reauthenticate,
  reauthenticateWithPasskey,
  reauthenticationScope,
} from '../../domain/sign-in/reauthentication.ts';
import type { Api } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { FormToken, Notice, nameOf, UsernameHint } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { safeNext, signInPath } from '../pages/visitor.ts';
import { assertionField, requestOptionsView } from '../shapes/webauthn.ts';
import { destinationOf } from './destination.ts';
import { CodeField, CurrentPasswordField } from './fields.tsx';
import { accountPagesIn, type Call } from './pages.ts';
import { credentialIn, PASSKEY_SCRIPTS, PasskeyForm } from './passkey-form.tsx';
import { type SignInRefusal, textOf } from './refusal-texts.ts';

const PATH = '/id/reauthenticate';

export function reauthenticationPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => showForm(call, call.c.req.query('next') ?? ''));

  post(PATH, async (call) => {
    const { c, form, ports, audit } = call;
    const { next = '', password, otp } = form;
    const limited = await refuseOverLimit(c, 'sign-in');
    const renewed =
      limited ??
      (password === undefined
        ? await byPasskey(call, form.credential)
        : await reauthenticate(ports, { password, otp: otp || undefined }, audit));
    if (!isRefusal(renewed)) return c.redirect(safeNext(next, c.req.url), 303);
    return renewed.refused === 'token_revoked' ? renewed : showForm(call, next, renewed);
  });
}

async function byPasskey({ ports, audit }: Call, field: string | undefined) {
  const credential = credentialIn(field, assertionField());
  return credential ? reauthenticateWithPasskey(ports, credential, audit) : refuse('invalid_passkey');
}

async function showForm(call: Call, next: string, refusal?: SignInRefusal): Promise<Response> {
  const { c, ports, visitor, audit } = call;
  const factors = await ports.factors.overview(visitor.account.id);
  const options =
    factors.passkeys.length > 0 ? await assertionOptions(ports, reauthenticationScope(audit), audit.now) : undefined;
  const { formTargets } = await destinationOf(c, next);
  const locked = refusal && 'retryAfterSeconds' in refusal;
  return respondPanel(
    c,
    {
      title: 'Confirm that it is you',
      formTargets,
      scripts: options ? PASSKEY_SCRIPTS : [],
      ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}),
    },
    <>
      <p>
        You are signed in as {nameOf(visitor.account)}. For what comes next, prove it once more: somebody else could be
        using your browser.
      </p>
      {refusal && <Notice tone="bad">{textOf(refusal)}</Notice>}
      {options && (
        <PasskeyForm action={PATH} kind="get" options={requestOptionsView(options)} button="Use a passkey">
          <FormToken token={visitor.formToken} />
          <input type="hidden" name="next" value={next} />
        </PasskeyForm>
      )}
      <PasswordForm token={visitor.formToken} name={nameOf(visitor.account)} next={next} totp={factors.totp} />
      <p class="links">
        <a href="/id/forgot-password">Forgot your password?</a>
        <a href={signInPath(next, 'again')}>Use another account</a>
      </p>
    </>,
  );
}

interface PasswordFormProps {
  readonly token: string;
  readonly name: string;
  readonly next: string;
  readonly totp: FactorOverview['totp'];
}

const PasswordForm: FC<PasswordFormProps> = ({ token, name, next, totp }) => (
  <form method="post" action={PATH} class="stack">
    <FormToken token={token} />
    <input type="hidden" name="next" value={next} />
    <UsernameHint name={name} />
    <CurrentPasswordField id="password" label="Password" autofocus={true} />
    {totp && <CodeField hint="Six digits of your authenticator app, or one of your recovery codes." />}
    <button type="submit" class="primary">
      Continue
    </button>
  </form>
);
