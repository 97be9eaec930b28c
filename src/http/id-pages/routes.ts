// /id: pages for everybody, rendered here, that work without a script.
import type { Api } from '../context.ts';
import { forgotPasswordPage } from './forgot-password.tsx';
import { mailSamplesPages } from './mail-samples.tsx';
import { resetPasswordPage } from './reset-password.tsx';
import { undoEmailPage } from './undo-email.tsx';
import { verifyEmailPage } from './verify-email.tsx';

export function idPages(api: Api): void {
  verifyEmailPage(api);
  forgotPasswordPage(api);
  resetPasswordPage(api);
  undoEmailPage(api);
  mailSamplesPages(api);
}
