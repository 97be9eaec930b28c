// One entity: seen whole, edited at the version that was shown, deleted after a question.
import type { Child, FC } from 'hono/jsx';
import type { Entity } from '../../domain/entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Choice, FormToken, Labelled, Moment, Notice } from './components.tsx';
import { ask } from './confirmation.tsx';
import { Owner } from './entities.tsx';
import { changeIn, type EntityField, type Errors, type Typed, typedFrom, typedIn } from './entity-form.ts';
import { say } from './layout.tsx';
import { type Call, idFrom, idOf, pagesIn } from './pages.ts';

const entityOf = async ({ c, ports, visit }: Call): Promise<Entity | Refusal<'entity_not_found'>> => {
  const id = idFrom(c);
  return (
    (id === undefined ? undefined : await ports.entities.findNow({ id }, visit.admin.id)) ?? refuse('entity_not_found')
  );
};

export function entityPages(api: Api): void {
  const { show, take } = pagesIn(api);

  show('/admin/entities/:id', async (call) => {
    const entity = await entityOf(call);
    return isRefusal(entity)
      ? entity
      : showEntity(call, entity, { typed: typedFrom(entity), saved: call.c.req.query('done') === 'saved' });
  });

  take('/admin/entities/:id', async (call) => {
    const entity = await entityOf(call);
    if (isRefusal(entity)) return entity;
    const typed = typedIn(call.form);
    const version = idOf(call.form.version ?? '');
    const parsed = changeIn(typed);
    if ('errors' in parsed) return showEntity(call, entity, { typed, errors: parsed.errors, version });
    const writer = { accountId: call.visit.admin.id, now: call.now };
    const changed = await call.ports.entities.change(
      { id: entity.id },
      parsed.change,
      version === undefined ? [] : [version],
      writer,
    );
    if (!isRefusal(changed)) return call.c.redirect(`/admin/entities/${entity.id}?done=saved`, 303);
    if (changed.refused === 'code_taken')
      return showEntity(call, entity, { typed, errors: { code: 'Another entity has this code.' }, version });
    if (changed.refused === 'precondition_failed') return showEntity(call, entity, { typed, conflict: true });
    return changed;
  });

  show('/admin/entities/:id/delete', async (call) => {
    const entity = await entityOf(call);
    if (isRefusal(entity)) return entity;
    return ask(call, {
      title: `Delete ${entity.code}?`,
      place: 'Entities',
      consequence: 'It is gone for everybody and cannot be brought back. Its code is free again.',
      button: 'Delete',
      danger: true,
      back: `/admin/entities/${entity.id}`,
    });
  });

  take('/admin/entities/:id/delete', async ({ c, ports, visit, now }) => {
    const id = idFrom(c);
    if (id === undefined) return refuse('entity_not_found');
    const refusal = await ports.entities.remove({ id }, 'any', { accountId: visit.admin.id, now });
    return refusal ?? c.redirect('/admin/entities?done=deleted', 303);
  });
}

interface Shown {
  readonly typed: Typed;
  readonly errors?: Errors;
  readonly conflict?: true;
  readonly saved?: boolean;
  /** The version that was edited; what is stored now where that is undefined. */
  readonly version?: number | undefined;
}

const showEntity = ({ c, signedIn }: Call, entity: Entity, shown: Shown) =>
  say(
    c,
    { title: entity.code, place: 'Entities', signedIn },
    <>
      <p class="crumb">
        <a href="/admin/entities">Entities</a>
      </p>
      <h1>{entity.code}</h1>
      {shown.saved && <Notice tone="good">Saved.</Notice>}
      {shown.errors && <Notice tone="bad">Nothing was saved: a field needs another look.</Notice>}
      {shown.conflict && <Conflict entity={entity} />}
      <dl class="facts wide">
        <dt>Id</dt>
        <dd>{entity.id}</dd>
        <dt>Owner</dt>
        <dd>
          <Owner id={entity.ownerId} />
        </dd>
        <dt>Made</dt>
        <dd>
          <Moment at={entity.createdAt} /> UTC
        </dd>
        <dt>Changed</dt>
        <dd>
          <Moment at={entity.updatedAt} /> UTC, version {entity.version}
        </dd>
      </dl>
      <Edit entity={entity} shown={shown} token={signedIn.formToken} />
    </>,
  );

const Conflict: FC<{ entity: Entity }> = ({ entity }) => (
  <Notice tone="bad">
    <strong>Nothing was saved.</strong> Somebody else changed this entity while you were editing. What you typed is
    still here; below is what is stored now. Save again to replace it.
    <pre tabindex={0}>{JSON.stringify(typedFrom(entity), null, 2)}</pre>
  </Notice>
);

const VISIBILITIES = [
  ['public', 'Everybody'],
  ['private', 'Owner and admins only'],
] as const;

const Edit: FC<{ entity: Entity; shown: Shown; token: string }> = ({
  entity,
  shown: { typed, errors = {}, version },
  token,
}) => {
  const marks = (field: EntityField) =>
    errors[field] ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${field}-error` } : {};
  return (
    <form class="edit" method="post" action={`/admin/entities/${entity.id}`}>
      <FormToken token={token} />
      <input type="hidden" name="version" value={String(version ?? entity.version)} />
      <Field id="code" label="Code" error={errors.code}>
        <input id="code" name="code" value={typed.code} autocomplete="off" {...marks('code')} />
      </Field>
      <div class="pair">
        <Field id="type" label="Type" error={errors.type}>
          <input id="type" name="type" value={typed.type} autocomplete="off" {...marks('type')} />
        </Field>
        <Field id="quantity" label="Quantity" error={errors.quantity}>
          <input
            id="quantity"
            name="quantity"
            value={typed.quantity}
            inputmode="numeric"
            autocomplete="off"
            {...marks('quantity')}
          />
        </Field>
      </div>
      <Field id="visibility" label="Seen by" error={errors.visibility}>
        <Choice
          id="visibility"
          name="visibility"
          value={typed.visibility}
          options={VISIBILITIES}
          invalid={errors.visibility ? true : undefined}
        />
      </Field>
      <Field id="attributes" label="Attributes (JSON)" error={errors.attributes}>
        <textarea id="attributes" name="attributes" rows={10} spellcheck={false} {...marks('attributes')}>
          {typed.attributes}
        </textarea>
      </Field>
      <p class="actions">
        <button type="submit" class="primary">
          Save changes
        </button>
        <a class="button danger" href={`/admin/entities/${entity.id}/delete`}>
          Delete
        </a>
      </p>
    </form>
  );
};

const Field: FC<{ id: EntityField; label: string; error: string | undefined; children?: Child }> = ({
  id,
  label,
  error,
  children,
}) => (
  <Labelled id={id} label={label}>
    {children}
    {error && (
      <p class="error" id={`${id}-error`}>
        {error}
      </p>
    )}
  </Labelled>
);
