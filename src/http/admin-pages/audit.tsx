// The audit page: the trail, filtered by account and by action.
import type { FC } from 'hono/jsx';
import { AUDIT_ACTIONS } from '../../domain/audit/event.ts';
import { AUDIT_RETENTION_DAYS } from '../../domain/audit/trail.ts';
import type { Api } from '../context.ts';
import { Choice, Labelled, Pager } from '../pages/components.tsx';
import { ACTIONS } from './event-words.tsx';
import { EventTable, namedEvents } from './events.tsx';
import { respondPage } from './layout.tsx';
import { listPage } from './lists.ts';
import { idOf, pagesIn } from './pages.ts';

const PAGE_SIZE = 30;

export function auditPage(api: Api): void {
  pagesIn(api).get('/admin/audit', async (call) => {
    const { c, signedIn, ports } = call;
    const { user_id: userId = '', action: given } = c.req.query();
    const action = AUDIT_ACTIONS.find((known) => known === given);
    const accountId = idOf(userId);
    const scope = JSON.stringify(['audit', accountId, action]);
    const { items, nextCursor, isFirst } = await listPage(call, scope, (after) =>
      ports.auditTrail.page({ accountId, action }, after, PAGE_SIZE),
    );
    const events = await namedEvents(ports, items);
    const query = { user_id: accountId?.toString(), action };
    return respondPage(
      c,
      { title: 'Audit', section: 'Audit', signedIn },
      <>
        <h1>Audit</h1>
        <p class="lead">Newest first. The trail is kept for {AUDIT_RETENTION_DAYS} days.</p>
        <Filters userId={query.user_id ?? ''} action={action ?? ''} />
        {items.length > 0 ? <EventTable {...events} /> : <p class="none">No events match.</p>}
        <Pager path="/admin/audit" query={query} next={nextCursor} first={isFirst} />
      </>,
    );
  });
}

const OPTIONS = [['', 'Everything'] as const, ...AUDIT_ACTIONS.map((action) => [action, ACTIONS[action]] as const)];

const Filters: FC<{ userId: string; action: string }> = ({ userId, action }) => (
  <form class="filters" method="get" action="/admin/audit">
    <Labelled id="action" label="What happened">
      <Choice id="action" name="action" value={action} options={OPTIONS} />
    </Labelled>
    <Labelled id="user_id" label="Account id">
      <input id="user_id" name="user_id" value={userId} inputmode="numeric" autocomplete="off" />
    </Labelled>
    <button type="submit">Filter</button>
  </form>
);
