// The entities page: searched by words, filtered by type and owner, newest first.
import type { FC } from 'hono/jsx';
import type { Entity } from '../../domain/entities/entity.ts';
import { isEntityName } from '../../domain/entities/entity.ts';
import { MAX_SEARCH_TERMS } from '../../domain/entities/query.ts';
import { searchTerms } from '../../domain/entities/search-terms.ts';
import type { Api } from '../context.ts';
import { Badge, Labelled, Moment, Notice, Pager } from '../pages/components.tsx';
import { respondPage } from './layout.tsx';
import { listPage } from './lists.ts';
import { idOf, pagesIn } from './pages.ts';

const PAGE_SIZE = 25;
const NEWEST_FIRST = { key: 'id', descending: true } as const;

export function entitiesPage(api: Api): void {
  pagesIn(api).get('/admin/entities', async (call) => {
    const { c, signedIn, visitor, ports } = call;
    const { q = '', type = '', owner = '', done } = c.req.query();
    const terms = searchTerms(q.slice(0, 256)).slice(0, MAX_SEARCH_TERMS);
    const filters = {
      terms: terms.length > 0 ? terms : undefined,
      type: isEntityName(type) ? type : undefined,
      ownerId: idOf(owner),
    };
    const scope = JSON.stringify(['entities', filters]);
    const reader = { accountId: visitor.account.id };
    const { items, nextCursor, isFirst } = await listPage(call, scope, (after) =>
      ports.entities.list({ ...filters, sort: NEWEST_FIRST, limit: PAGE_SIZE, after }, reader),
    );
    const query = { q: q.trim(), type: filters.type, owner: filters.ownerId?.toString() };
    return respondPage(
      c,
      { title: 'Entities', section: 'Entities', signedIn },
      <>
        <h1>Entities</h1>
        {done === 'deleted' && <Notice tone="good">The entity is deleted.</Notice>}
        <Search query={query} />
        {items.length > 0 ? (
          <EntityTable entities={items} />
        ) : (
          <p class="none">{nextCursor ? 'No matches on this page; the next may have some.' : 'No entities match.'}</p>
        )}
        <Pager path="/admin/entities" query={query} next={nextCursor} first={isFirst} />
      </>,
    );
  });
}

const Search: FC<{ query: Readonly<Record<'q' | 'type' | 'owner', string | undefined>> }> = ({ query }) => (
  <form class="filters" method="get" action="/admin/entities">
    <Labelled id="q" label="Words of code, type or attributes">
      <input id="q" name="q" type="search" value={query.q ?? ''} autocomplete="off" />
    </Labelled>
    <Labelled id="type" label="Type">
      <input id="type" name="type" value={query.type ?? ''} autocomplete="off" />
    </Labelled>
    <Labelled id="owner" label="Owner’s id">
      <input id="owner" name="owner" value={query.owner ?? ''} inputmode="numeric" autocomplete="off" />
    </Labelled>
    <button type="submit">Search</button>
  </form>
);

const EntityTable: FC<{ entities: readonly Entity[] }> = ({ entities }) => (
  <table>
    <thead>
      <tr>
        <th scope="col" class="roomy">
          Code
        </th>
        <th scope="col">Type</th>
        <th scope="col" class="number">
          Quantity
        </th>
        <th scope="col">Visible to</th>
        <th scope="col">Owner</th>
        <th scope="col">Changed (UTC)</th>
      </tr>
    </thead>
    <tbody>
      {entities.map(({ id, code, type, quantity, visibility, ownerId, updatedAt }) => (
        <tr>
          <td data-label="Code">
            <a href={`/admin/entities/${id}`}>{code}</a>
          </td>
          <td data-label="Type">{type}</td>
          <td data-label="Quantity" class="number">
            {quantity.toLocaleString('en')}
          </td>
          <td data-label="Visible to">
            {visibility === 'private' ? <Badge tone="warn">Owner only</Badge> : <span class="fine">Everybody</span>}
          </td>
          <td data-label="Owner">
            <Owner id={ownerId} />
          </td>
          <td data-label="Changed">
            <Moment at={updatedAt} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

export const Owner: FC<{ id: number | null }> = ({ id }) =>
  id === null ? <span class="fine">nobody</span> : <a href={`/admin/users/${id}`}>#{id}</a>;
