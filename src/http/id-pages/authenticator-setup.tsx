// Setting up an authenticator app: a QR code, and the first code that the app shows.
import { raw } from 'hono/html';
import type { FC } from 'hono/jsx';
import type { TotpSetup } from '../../domain/factors/enrolment.ts';
import { FormToken, Labelled, Notice } from '../pages/components.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import type { Call } from './pages.ts';

export const Begin: FC<{ token: string; button: string }> = ({ token, button }) => (
  <form method="post" action="/id/authenticator" class="actions">
    <FormToken token={token} />
    <button type="submit" class="primary">
      {button}
    </button>
  </form>
);

/** Shows the key, this once, and asks for a first code. */
export const showSetup = ({ c, visitor }: Call, { secret, uri, qr }: TotpSetup): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Set up your authenticator app', visitor },
    <>
      <BackToAccount />
      <h1>Set up your authenticator app</h1>
      <ol class="steps">
        <li>
          <p>
            Scan this with the app. On this phone, <a href={uri}>open the app</a>. Or type the key into it.
          </p>
          <div class="qr" role="img" aria-label="QR code of the key below">
            {raw(qr)}
          </div>
          <p class="fine">
            Key: <code>{secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code>
          </p>
        </li>
        <li>
          <Confirm token={visitor.formToken} />
        </li>
      </ol>
    </>,
  );

/** Asks for another code after a refused one. */
export const showAgain = ({ c, visitor }: Call, error: string): Promise<Response> =>
  respondAccountPage(
    c,
    { title: 'Set up your authenticator app', visitor },
    <>
      <BackToAccount />
      <h1>Set up your authenticator app</h1>
      <Notice tone="bad">{error}</Notice>
      <Confirm token={visitor.formToken} />
      <Begin token={visitor.formToken} button="Start again" />
    </>,
  );

const Confirm: FC<{ token: string }> = ({ token }) => (
  <form method="post" action="/id/authenticator/confirm" class="stack column">
    <FormToken token={token} />
    <Labelled id="otp" label="Code that the app shows">
      <input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" required />
    </Labelled>
    <button type="submit" class="primary">
      Turn it on
    </button>
  </form>
);
