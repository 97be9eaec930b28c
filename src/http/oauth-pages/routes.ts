// The provider's pages: /oauth/authorize with its consent, and /oauth/end-session.
import type { Api } from '../context.ts';
import { authorizePages } from './authorize.ts';
import { endSessionPages } from './end-session.tsx';

export function oauthPages(api: Api): void {
  authorizePages(api);
  endSessionPages(api);
}
