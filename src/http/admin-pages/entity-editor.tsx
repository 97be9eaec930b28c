// The editor of an entity: its fields, with the errors in them.
import type { Child, FC } from 'hono/jsx';
import type { Entity } from '../../domain/entities/entity.ts';
import { Choice, FormToken, Labelled } from '../pages/components.tsx';
import type { EntityField, Errors, Input } from './entity-form.ts';

/** The state of the form that is shown. */
export interface Shown {
  readonly input: Input;
  readonly errors?: Errors;
  readonly conflict?: true;
  readonly saved?: boolean;
  /** The version that was edited; the stored version if undefined. */
  readonly version?: number | undefined;
}

const VISIBILITIES = [
  ['public', 'Everybody'],
  ['private', 'Owner and admins only'],
] as const;

export const EntityEditor: FC<{ entity: Entity; shown: Shown; token: string }> = ({
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
