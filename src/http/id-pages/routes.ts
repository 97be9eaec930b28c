// /id: pages for everybody, rendered here. All but passkeys work without a script.

import type { Api } from '../context.ts';
import { accentStylesheet } from './accent.ts';
import { appsPage } from './apps.tsx';
import { authenticatorPages } from './authenticator.tsx';
import { deletionPage } from './deletion.tsx';
import { exportPage } from './export.tsx';
import { forgotPasswordPage } from './forgot-password.tsx';
import { homePage } from './home.tsx';
import { mailSamplesPages } from './mail-samples.tsx';
import { passkeyPages } from './passkey.tsx';
import { passkeysPage } from './passkeys.tsx';
import { passwordPage } from './password.tsx';
import { profilePage } from './profile.tsx';
import { reauthenticationPage } from './reauthenticate.tsx';
import { recoveryCodesPage } from './recovery-codes.tsx';
import { resetPasswordPage } from './reset-password.tsx';
import { secondFactorPages } from './second-factor.tsx';
import { sessionsPage } from './sessions.tsx';
import { signInPages } from './sign-in.tsx';
import { signUpPage } from './sign-up.tsx';
import { undoEmailPage } from './undo-email.tsx';
import { verifyEmailPage } from './verify-email.tsx';
import { wellKnownAddresses } from './well-known.ts';

export function idPages(api: Api): void {
  signInPages(api);
  secondFactorPages(api);
  signUpPage(api);
  reauthenticationPage(api);
  verifyEmailPage(api);
  forgotPasswordPage(api);
  resetPasswordPage(api);
  undoEmailPage(api);
  homePage(api);
  profilePage(api);
  passwordPage(api);
  sessionsPage(api);
  authenticatorPages(api);
  recoveryCodesPage(api);
  passkeysPage(api);
  passkeyPages(api);
  appsPage(api);
  exportPage(api);
  deletionPage(api);
  mailSamplesPages(api);
  accentStylesheet(api);
  wellKnownAddresses(api);
}
