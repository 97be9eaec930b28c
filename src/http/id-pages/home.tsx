// The account's page: everything about it, with links to the pages that change it.
import type { Api } from '../context.ts';
import { nameOf } from '../pages/components.tsx';
import { respondAccountPage } from './layout.tsx';
import { accountPagesIn } from './pages.ts';

export function homePage(api: Api): void {
  accountPagesIn(api).get('/id', ({ c, visitor }) =>
    respondAccountPage(c, { title: 'Your account', visitor }, <h1>{nameOf(visitor.account)}</h1>),
  );
}
