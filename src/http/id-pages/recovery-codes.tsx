// The visitor's recovery codes: shown once, when they are made.
import { remakeRecoveryCodes } from '../../domain/factors/enrolment.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { FormToken, Notice } from '../pages/components.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';

const PATH = '/id/recovery-codes';

export function recoveryCodesPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, async (call) => {
    const { totp, recoveryCodesLeft } = await call.ports.factors.overview(call.visitor.account.id);
    return totp ? showCount(call, recoveryCodesLeft) : call.c.redirect('/id/authenticator', 303);
  });

  post(PATH, async (sent) => {
    const call = await recentCall(sent, 'always');
    if (isRefusal(call)) return call;
    const codes = await remakeRecoveryCodes(call.ports, call.audit);
    return isRefusal(codes) ? codes : showRecoveryCodes(call, codes, 'The earlier codes no longer work.');
  });
}

const showCount = ({ c, visitor }: Call, left: number): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Recovery codes', visitor },
    <>
      <BackToAccount />
      <h1>Recovery codes</h1>
      <p class="lead">
        Without your authenticator app, a recovery code lets you in instead. Each works once.{' '}
        {left === 1 ? '1 is left.' : `${left} are left.`}
      </p>
      <form method="post" action={PATH} class="actions">
        <FormToken token={visitor.formToken} />
        <button type="submit" class="primary">
          Make ten new codes
        </button>
      </form>
    </>,
  );

/** Shows the codes, this once. */
export const showRecoveryCodes = ({ c, visitor }: Call, codes: readonly string[], done: string): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Recovery codes', visitor },
    <>
      <BackToAccount />
      <h1>Recovery codes</h1>
      <Notice tone="good">{done}</Notice>
      <p class="lead">
        Write these down or print them, and store them where you can find them without your phone. If you lose the app,
        each of them lets you in once. They are never shown again.
      </p>
      <ul class="codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p class="actions">
        <a class="button" href="/id">
          I have stored them
        </a>
      </p>
    </>,
  );
