// /admin: pages for people, rendered here, that work without a script.
import type { Api } from '../context.ts';
import { signInPath } from '../pages/visitor.ts';
import { auditPage } from './audit.tsx';
import { clientPages } from './client.tsx';
import { clientsPages } from './clients.tsx';
import { confirmationPages } from './confirmation.tsx';
import { entitiesPage } from './entities.tsx';
import { entityPages } from './entity.tsx';
import { everybodyPage } from './everybody.tsx';
import { invitePage } from './invite.tsx';
import { mailPages } from './mails.tsx';
import { overviewPage } from './overview.tsx';
import { presetPages } from './presets.tsx';
import { settingsPages } from './settings.tsx';
import { userPage } from './user.tsx';
import { usersPage } from './users.tsx';

export function adminPages(api: Api): void {
  api.app.get('/admin/sign-in', (c) => c.redirect(signInPath('/admin'), 303)); // where bookmarks lead
  overviewPage(api);
  settingsPages(api);
  presetPages(api);
  mailPages(api);
  invitePage(api);
  everybodyPage(api);
  usersPage(api);
  userPage(api);
  confirmationPages(api);
  entitiesPage(api);
  entityPages(api);
  clientsPages(api);
  clientPages(api);
  auditPage(api);
}
