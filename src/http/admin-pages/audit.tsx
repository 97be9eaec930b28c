// The audit page: the whole trail, by account and by action.
import type { FC } from 'hono/jsx';
import { AUDIT_ACTIONS } from '../../domain/audit/event.ts';
import { AUDIT_KEPT_DAYS } from '../../domain/audit/trail.ts';
import type { Api } from '../context.ts';
import { Choice, Labelled, Pager } from './components.tsx';
import { cursorFor, startOf } from './cursors.ts';
import { ACTIONS, EventTable, namedEvents } from './events.tsx';
import { say } from './layout.tsx';
import { idOf, pagesIn } from './pages.ts';

const PAGE_SIZE = 30;

export function auditPage(api: Api): void {
  pagesIn(api).show('/admin/audit', async (call) => {
    const { c, signedIn, ports } = call;
    const { user_id: userId = '', action: asked } = c.req.query();
    const action = AUDIT_ACTIONS.find((known) => known === asked);
    const accountId = idOf(userId);
    const seal = JSON.stringify(['audit', accountId, action]);
    const after = await startOf(call, seal);
    const { items, next } = await ports.auditTrail.page({ accountId, action }, after, PAGE_SIZE);
    const events = await namedEvents(ports, items);
    const query = { user_id: accountId?.toString(), action };
    return say(
      c,
      { title: 'Audit', place: 'Audit', signedIn },
      <>
        <h1>Audit</h1>
        <p class="lead">Newest first. The trail is kept for {AUDIT_KEPT_DAYS} days.</p>
        <Filters userId={query.user_id ?? ''} action={action ?? ''} />
        {items.length > 0 ? <EventTable {...events} /> : <p class="none">No event fits.</p>}
        <Pager path="/admin/audit" query={query} next={await cursorFor(call, seal, next)} first={after === undefined} />
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
