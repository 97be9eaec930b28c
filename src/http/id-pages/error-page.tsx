// The error pages under /id.
import { errorPagesWith } from '../pages/error-page.tsx';

export const {
  respondRefusal,
  sayStaleForm,
  format: errorPages,
} = errorPagesWith({
  texts: {
    invalid_one_time_token:
      'This link works no more: it was used, a later one took its place, or it is too old. Nothing was changed.',
  },
  links: (status) => (status === 400 ? <a href="/id/forgot-password">Ask for a link to set a new password</a> : null),
});
