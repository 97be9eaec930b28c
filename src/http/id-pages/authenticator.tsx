// The visitor's authenticator app: whether it is on, turning it on with a first code, and removing it.
import { beginTotp, confirmTotp } from '../../domain/factors/enrolment.ts';
import { removeTotp } from '../../domain/factors/removal.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment } from '../pages/components.tsx';
import { Ask } from '../pages/question.tsx';
import { Begin, showAgain, showSetup } from './authenticator-setup.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';
import { showRecoveryCodes } from './recovery-codes.tsx';

const PATH = '/id/authenticator';
const REMOVAL = '/id/authenticator/remove';

export function authenticatorPages(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, showStatus);

  post(PATH, async (sent) => {
    const call = await recentCall(sent, 'always');
    if (isRefusal(call)) return call;
    const setup = await beginTotp(call.ports, call.visitor.account, call.audit);
    if (!isRefusal(setup)) return showSetup(call, setup);
    return setup.refused === 'factor_enrolled' ? call.c.redirect(PATH, 303) : setup;
  });

  post('/id/authenticator/confirm', async (call) => {
    const codes = await confirmTotp(call.ports, call.form.otp, call.audit);
    if (!isRefusal(codes)) return showRecoveryCodes(call, codes, 'Your authenticator app is set up.');
    switch (codes.refused) {
      case 'invalid_confirmation_code':
        return showAgain(call, 'The code is wrong. Enter the one that the app shows now, or start again.');
      case 'factor_not_pending':
        return showAgain(call, 'That took too long. Start again.');
      default:
        return codes;
    }
  });

  get(REMOVAL, (call) => askRemoval(call));

  post(REMOVAL, async (sent) => {
    const call = await recentCall(sent, 'always');
    if (isRefusal(call)) return call;
    const removed = await removeTotp(call.ports, call.audit);
    return isRefusal(removed) ? removed : call.c.redirect('/id?done=authenticator', 303);
  });
}

const APPS = 'such as Google Authenticator, Microsoft Authenticator, 1Password or Aegis';

async function showStatus({ c, visitor, ports }: Call): Promise<Response> {
  const { totp } = await ports.factors.overview(visitor.account.id);
  return respondAccountPage(
    c,
    { title: 'Authenticator app', visitor },
    <>
      <BackToAccount />
      <h1>Authenticator app</h1>
      <p class="lead">
        An app on your phone, {APPS}, shows a new code every 30 seconds. With it, your password alone lets nobody in.
      </p>
      {totp ? (
        <>
          <p>
            It is on since <Moment at={totp.createdAt} /> UTC.
          </p>
          <p class="actions">
            <a class="button" href="/id/recovery-codes">
              Recovery codes
            </a>
            <a class="button danger" href={REMOVAL}>
              Remove
            </a>
          </p>
        </>
      ) : (
        <Begin token={visitor.formToken} button="Set it up" />
      )}
    </>,
  );
}

const askRemoval = ({ c, visitor }: Call): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Remove the authenticator app?', visitor },
    <Ask
      question={{
        title: 'Remove the authenticator app?',
        consequence: 'Your password alone will be enough to sign in. Your recovery codes are removed as well.',
        button: 'Remove',
        danger: true,
        back: PATH,
      }}
      action={REMOVAL}
      token={visitor.formToken}
    />,
  );
