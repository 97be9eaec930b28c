// An entity's page: shown whole, edited at the version that was shown, deleted after a confirmation.
import type { Child, FC } from 'hono/jsx';
import type { Entity } from '../../domain/entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Choice, FormToken, Labelled, Moment, Notice } from './components.tsx';
import { ask } from './confirmation.tsx';
import { Owner } from './entities.tsx';
import { changeIn, type EntityField, type Errors, type Input, inputFrom, inputIn } from './entity-form.ts';
import { respondPage } from './layout.tsx';
import { type Call, idFrom, idOf, pagesIn } from './pages.ts';

const entityOf = async ({ c, ports, session }: Call): Promise<Entity | Refusal<'entity_not_found'>> => {
  const id = idFrom(c);
  return (
    (id === undefined ? undefined : await ports.entities.findNow({ id }, session.admin.id)) ??
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

interface Shown {
  readonly input: Input;
  readonly errors?: Errors;
  readonly conflict?: true;
  readonly saved?: boolean;
  /** The version that was edited; the stored version if undefined. */
  readonly version?: number | undefined;
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
      <Edit entity={entity} shown={shown} token={signedIn.formToken} />
    </>,
  );

const Conflict: FC<{ entity: Entity }> = ({ entity }) => (
  <Notice tone="bad">
    <strong>Nothing was saved.</strong> Somebody else changed this entity while you were editing. What you typed is
    still here; below is what is stored now. Save again to replace it.
    <pre tabindex={0}>{JSON.stringify(inputFrom(entity), null, 2)}</pre>
  </Notice>
);

const VISIBILITIES = [
  ['public', 'Everybody'],
  ['private', 'Owner and admins only'],
] as const;

const Edit: FC<{ entity: Entity; shown: Shown; token: string }> = ({
  entity,
  shown: { input, errors = {}, version },
  token,
}) => {
  const marks = (field: EntityField) =>
    errors[field] ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${field}-error` } : {};
  return (
    <form class="edit" method="post" action={`/admin/entities/${entity.id}`}>
      <FormToken token={token} />
      <input type="hidden" name="version" value={String(version ?? entity.version)} />
      <Field id="code" label="Code" error={errors.code}>
        <input id="code" name="code" value={input.code} autocomplete="off" {...marks('code')} />
      </Field>
      <div class="pair">
        <Field id="type" label="Type" error={errors.type}>
          <input id="type" name="type" value={input.type} autocomplete="off" {...marks('type')} />
        </Field>
        <Field id="quantity" label="Quantity" error={errors.quantity}>
          <input
            id="quantity"
            name="quantity"
            value={input.quantity}
            inputmode="numeric"
            autocomplete="off"
            {...marks('quantity')}
          />
        </Field>
      </div>
      <Field id="visibility" label="Visible to" error={errors.visibility}>
        <Choice
          id="visibility"
          name="visibility"
          value={input.visibility}
          options={VISIBILITIES}
          invalid={errors.visibility ? true : undefined}
        />
      </Field>
      <Field id="attributes" label="Attributes (JSON)" error={errors.attributes}>
        <textarea id="attributes" name="attributes" rows={10} spellcheck={false} {...marks('attributes')}>
          {input.attributes}
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
