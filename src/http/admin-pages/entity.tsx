// An entity's page: shown whole, edited at the version that was shown, deleted after a confirmation.
import type { FC } from 'hono/jsx';
import type { Entity } from '../../domain/entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment, Notice } from '../pages/components.tsx';
import { ask } from './ask.tsx';
import { Owner } from './entities.tsx';
import { EntityEditor, type Shown } from './entity-editor.tsx';
import { changeIn, inputFrom, inputIn } from './entity-form.ts';
import { respondPage } from './layout.tsx';
import { type Call, idFrom, idOf, pagesIn } from './pages.ts';

const entityOf = async ({ c, ports, visitor }: Call): Promise<Entity | Refusal<'entity_not_found'>> => {
  const id = idFrom(c);
  return (
    (id === undefined ? undefined : await ports.entities.findNow({ id }, { accountId: visitor.account.id })) ??
    refuse('entity_not_found')
  );
};

export function entityPages(api: Api): void {
  const { get, post } = pagesIn(api);

  get('/admin/entities/:id', async (call) => {
    const entity = await entityOf(call);
    return isRefusal(entity)
      ? entity
      : showEntity(call, entity, { input: inputFrom(entity), saved: call.c.req.query('done') === 'saved' });
  });

  post('/admin/entities/:id', async (call) => {
    const entity = await entityOf(call);
    if (isRefusal(entity)) return entity;
    const input = inputIn(call.form);
    const version = idOf(call.form.version ?? '');
    const parsed = changeIn(input);
    if ('errors' in parsed) return showEntity(call, entity, { input, errors: parsed.errors, version });
    const changed = await call.ports.entities.change(
      { id: entity.id },
      parsed.change,
      version === undefined ? [] : [version],
      call.audit,
    );
    if (!isRefusal(changed)) return call.c.redirect(`/admin/entities/${entity.id}?done=saved`, 303);
    if (changed.refused === 'code_taken')
      return showEntity(call, entity, { input, errors: { code: 'Another entity has this code.' }, version });
    if (changed.refused === 'precondition_failed') return showEntity(call, entity, { input, conflict: true });
    return changed;
  });

  get('/admin/entities/:id/delete', async (call) => {
    const entity = await entityOf(call);
    if (isRefusal(entity)) return entity;
    return ask(call, {
      title: `Delete ${entity.code}?`,
      section: 'Entities',
      consequence: 'It disappears for everybody and cannot be restored. Its code can be used again.',
      button: 'Delete',
      danger: true,
      back: `/admin/entities/${entity.id}`,
    });
  });

  post('/admin/entities/:id/delete', async ({ c, ports, audit }) => {
    const id = idFrom(c);
    if (id === undefined) return refuse('entity_not_found');
    const removed = await ports.entities.remove({ id }, 'any', audit);
    return isRefusal(removed) ? removed : c.redirect('/admin/entities?done=deleted', 303);
  });
}

const showEntity = ({ c, signedIn }: Call, entity: Entity, shown: Shown) =>
  respondPage(
    c,
    { title: entity.code, section: 'Entities', signedIn },
    <>
      <p class="crumb">
        <a href="/admin/entities">Entities</a>
      </p>
      <h1>{entity.code}</h1>
      {shown.saved && <Notice tone="good">Saved.</Notice>}
      {shown.errors && <Notice tone="bad">Nothing was saved: a field is not valid.</Notice>}
      {shown.conflict && <Conflict entity={entity} />}
      <dl class="facts wide">
        <dt>Id</dt>
        <dd>{entity.id}</dd>
        <dt>Owner</dt>
        <dd>
          <Owner id={entity.ownerId} />
        </dd>
        <dt>Created</dt>
        <dd>
          <Moment at={entity.createdAt} /> UTC
        </dd>
        <dt>Changed</dt>
        <dd>
          <Moment at={entity.updatedAt} /> UTC, version {entity.version}
        </dd>
      </dl>
      <EntityEditor entity={entity} shown={shown} token={signedIn.formToken} />
    </>,
  );

const Conflict: FC<{ entity: Entity }> = ({ entity }) => (
  <Notice tone="bad">
    <strong>Nothing was saved.</strong> Somebody else changed this entity while you were editing. What you typed is
    still here; below is what is stored now. Save again to replace it.
    <pre tabindex={0}>{JSON.stringify(inputFrom(entity), null, 2)}</pre>
  </Notice>
);
