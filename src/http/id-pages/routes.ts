// /id: pages for everybody, rendered here. All but passkeys work without a script.
import type { Api } from '../context.ts';
import { homePage } from './home.tsx';
import { secondFactorPages } from './second-factor.tsx';
import { signInPages } from './sign-in.tsx';

export function idPages(api: Api): void {
  signInPages(api);
  secondFactorPages(api);
  homePage(api);
}
