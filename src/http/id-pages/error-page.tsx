// The error pages under /id.
import { errorPagesWith } from '../pages/error-page.tsx';

export const errors = errorPagesWith({
  look: 'service',
  texts: {
    invalid_one_time_token:
      'This link no longer works: it was used, a later one replaced it, or it is too old. Nothing was changed.',
    token_revoked: 'You were signed out meanwhile, and nothing was changed. Sign in and try again.',
    not_found: 'There is no such page.',
  },
  links: (status) =>
    status === 400 ? (
      <a href="/id/forgot-password">Ask for a link to set a new password</a>
    ) : (
      <a href="/id">Go to your account</a>
    ),
});

export const { respondRefusal, sayStaleForm, format: errorPages } = errors;
