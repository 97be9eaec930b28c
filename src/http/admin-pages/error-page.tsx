// The error pages under /admin.
import { errorPagesWith } from '../pages/error-page.tsx';
import { signInPath } from '../pages/visitor.ts';

export const errors = errorPagesWith({
  look: 'own',
  texts: {
    forbidden: 'These pages are for administrators. Your account is not one.',
    second_factor_enrollment_required:
      'Administrators of this service sign in with two factors. Set up an authenticator app or a passkey first.',
  },
  links: (status) => (
    <>
      <a href="/admin">Go to the overview</a>
      {status === 403 && <a href="/id">Your account</a>}
      {status === 403 && <a href={signInPath('/admin', 'again')}>Sign in with another account</a>}
    </>
  ),
});

export const { format: errorPages } = errors;
