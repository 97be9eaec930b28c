// The names of the fields that a change replaces, for the event before it: never their values.
import { type SQL, sql } from 'drizzle-orm';

/** A field's name on the wire, and whether its stored value differs from the new one. D1 takes at most five. */
export type FieldChange = readonly [name: string, differs: SQL];

/** Whether any of the fields changes. */
export const changesAny = (changes: readonly FieldChange[]): SQL =>
  changes.length === 0
    ? sql`0`
    : sql`(${sql.join(
        changes.map(([, differs]) => differs),
        sql` OR `,
      )})`;

/** A JSON array of the names of those that change. */
export const changedFields = (changes: readonly FieldChange[]): SQL => {
  if (changes.length === 0) return sql`json('[]')`;
  const names = changes.map(([name, differs]) => sql`SELECT ${name} AS field WHERE ${differs}`);
  return sql`json((SELECT json_group_array(field) FROM (${sql.join(names, sql` UNION ALL `)})))`;
};
