// The error pages under /id.
import { errorPagesWith } from '../pages/error-page.tsx';

export const errors = errorPagesWith({
  texts: {
    token_revoked: 'You were signed out meanwhile, and nothing was changed. Sign in and try again.',
    not_found: 'There is no such page.',
  },
  links: () => <a href="/id">Go to your account</a>,
});
