// An entity's row as the domain sees it, and the columns that a change sets.
import { type InferSelectModel, sql } from 'drizzle-orm';
import type { Entity, EntityChange } from '../../domain/entities/entity.ts';
import { entityTerms } from '../../domain/entities/search-terms.ts';
import type { JsonObject } from '../../domain/json-object.ts';
import { entities } from '../d1/schema/entities.ts';

/** Every column but the search terms and the copy of the id. */
export const ENTITY = {
  id: entities.id,
  code: entities.code,
  type: entities.type,
  quantity: entities.quantity,
  attributes: entities.attributes,
  private: entities.private,
  ownerId: entities.ownerId,
  version: entities.version,
  createdAt: entities.createdAt,
  updatedAt: entities.updatedAt,
};

export type EntityRow = Pick<InferSelectModel<typeof entities>, keyof typeof ENTITY>;

export const entityFrom = ({ attributes, private: isPrivate, ...row }: EntityRow): Entity => ({
  ...row,
  attributes: JSON.parse(attributes) as JsonObject, // only we write it
  visibility: isPrivate ? 'private' : 'public',
});

/** The same columns for SQL written by hand, and the ones that lists are sorted by. */
export const LISTED_COLUMNS = [
  'id',
  'code',
  'type',
  'quantity',
  'attributes',
  'private',
  'owner_id',
  'version',
  'created_at',
  'updated_at',
  'seq',
] as const;
export const LISTED = sql.raw(LISTED_COLUMNS.map((column) => `entities.${column} AS ${column}`).join(', '));

export interface ListedRow {
  readonly id: number;
  readonly code: string;
  readonly type: string;
  readonly quantity: number;
  readonly attributes: string;
  readonly private: 0 | 1;
  readonly owner_id: number | null;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly seq: number;
}

/** A row of a statement that may answer none and say something else. */
export type NullableRow = { readonly [K in keyof ListedRow]: ListedRow[K] | null };

export const isFound = <T extends NullableRow>(row: T): row is T & ListedRow => row.id !== null;

export const listedFrom = (row: Omit<ListedRow, 'seq'>): Entity =>
  entityFrom({
    id: row.id,
    code: row.code,
    type: row.type,
    quantity: row.quantity,
    attributes: row.attributes,
    private: row.private === 1,
    ownerId: row.owner_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });

/** The columns that a change sets. Search terms change for the given fields alone. */
export function columnsOf(change: EntityChange) {
  const { code, type, quantity, attributes, visibility } = change;
  const terms = Object.entries(entityTerms(change)).flatMap(([field, found]) => [
    sql`${`$.${field}`}`,
    sql`json(${JSON.stringify(found)})`,
  ]);
  return {
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) }),
    ...(visibility === undefined ? {} : { private: visibility === 'private' }),
    ...(terms.length === 0 ? {} : { terms: sql`json_set(${entities.terms}, ${sql.join(terms, sql`, `)})` }),
  };
}
