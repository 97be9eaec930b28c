// The error pages under /admin.
import { errorPagesWith } from '../pages/error-page.tsx';

export const {
  respondRefusal,
  sayStaleForm,
  format: errorPages,
} = errorPagesWith({
  texts: {
    forbidden: 'These pages are for administrators. Your account is not one.',
    reauthentication_required:
      'This needs a password that was typed a short while ago. Sign out, sign in and try again.',
  },
  links: (status) => (
    <>
      <a href="/admin">Go to the overview</a>
      {status === 403 && <a href="/admin/sign-in">Sign in with another account</a>}
    </>
  ),
});
