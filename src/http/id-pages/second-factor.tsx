// The second page of a sign-in: a code of the authenticator app, or a recovery code.
import type { FC } from 'hono/jsx';
import { isRefusal } from '../../domain/refusal.ts';
import { signInWithCode } from '../../domain/sign-in/page-sign-in.ts';
import type { PendingSignIn } from '../../domain/sign-in/pending-sign-in.ts';
import type { Api, Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { Notice } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { signInPath } from '../pages/visitor.ts';
import { destinationOf } from './destination.ts';
import { CodeField } from './fields.tsx';
import { postOpen, signedIn } from './open-pages.ts';
import { type SignInRefusal, textOf } from './refusal-texts.ts';

export function secondFactorPages(api: Api): void {
  // The form is shown after a right password only; without one, the browser is sent to the sign-in page.
  api.app.get('/id/second-factor', (c) => c.redirect(signInPath(c.req.query('next') ?? ''), 303));

  postOpen(api, '/id/second-factor', async (call) => {
    const { c, form, ports, audit } = call;
    const { pending = '', otp = '', next = '' } = form;
    const outcome =
      (await refuseOverLimit(c, 'sign-in')) ?? (await signInWithCode(ports, pending, otp || undefined, audit));
    return isRefusal(outcome) ? showSecondFactor(c, { pending, next, refusal: outcome }) : signedIn(call, outcome);
  });
}

interface SecondFactorForm extends PendingSignIn {
  readonly next: string;
  readonly refusal?: SignInRefusal;
}

export async function showSecondFactor(c: Context, form: SecondFactorForm): Promise<Response> {
  const { refusal } = form;
  const { formTargets } = await destinationOf(c, form.next);
  const locked = refusal && 'retryAfterSeconds' in refusal;
  return respondPanel(
    c,
    { title: 'Enter a code', formTargets, ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}) },
    <SecondFactor {...form} />,
  );
}

/** Refusals after which the form cannot succeed any more. */
const OVER = new Set(['invalid_credentials', 'account_disabled', 'email_not_verified']);
const HINT =
  'Your account has an authenticator app: enter the six digits that it shows, or one of your recovery codes.';
const EXPIRED = 'That took too long, or your password was changed meanwhile. Sign in again.';

const SecondFactor: FC<SecondFactorForm> = ({ pending, next, refusal }) => (
  <>
    {refusal && <Notice tone="bad">{refusal.refused === 'invalid_credentials' ? EXPIRED : textOf(refusal)}</Notice>}
    {!(refusal && OVER.has(refusal.refused)) && (
      <form method="post" action="/id/second-factor" class="stack">
        <input type="hidden" name="pending" value={pending} />
        <input type="hidden" name="next" value={next} />
        <CodeField hint={HINT} autofocus={true} />
        <button type="submit" class="primary">
          Continue
        </button>
      </form>
    )}
    <p class="links">
      <a href={signInPath(next)}>Start again</a>
    </p>
  </>
);
