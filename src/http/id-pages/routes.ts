// /id: pages for everybody, rendered here. All but passkeys work without a script.
import type { Api } from '../context.ts';
import { forgotPasswordPage } from './forgot-password.tsx';
import { homePage } from './home.tsx';
import { resetPasswordPage } from './reset-password.tsx';
import { secondFactorPages } from './second-factor.tsx';
import { signInPages } from './sign-in.tsx';
import { undoEmailPage } from './undo-email.tsx';
import { verifyEmailPage } from './verify-email.tsx';

export function idPages(api: Api): void {
  signInPages(api);
  secondFactorPages(api);
  verifyEmailPage(api);
  forgotPasswordPage(api);
  resetPasswordPage(api);
  undoEmailPage(api);
  homePage(api);
}
