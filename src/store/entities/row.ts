// What a row of entities is in the domain, and which columns a change of the domain's sets.
import { type InferSelectModel, sql } from 'drizzle-orm';
import type { Entity, EntityChange } from '../../domain/entities/entity.ts';
import { entityWords } from '../../domain/entities/search-terms.ts';
import type { JsonObject } from '../../domain/json-object.ts';
import { entities } from '../d1/schema.ts';

/** Every column but the words and what repeats the id. */
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
  attributes: JSON.parse(attributes) as JsonObject, // we alone write it
  visibility: isPrivate ? 'private' : 'public',
});

/** The same columns for SQL written by hand, with the ones that a list is sorted by. */
export const LISTED = sql`entities.id, code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, seq`;

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

export const listedFrom = (row: ListedRow): Entity =>
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

/** The columns that a change sets; of the words, those of the fields that it gives. */
export function columnsOf(change: EntityChange) {
  const { code, type, quantity, attributes, visibility } = change;
  const words = Object.entries(entityWords(change)).flatMap(([field, found]) => [
    `$.${field}`,
    sql`json(${JSON.stringify(found)})`,
  ]);
  return {
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) }),
    ...(visibility === undefined ? {} : { private: visibility === 'private' }),
    ...(words.length === 0
      ? {}
      : {
          words: sql`json_set(${entities.words}, ${sql.join(
            words.map((part) => sql`${part}`),
            sql`, `,
          )})`,
        }),
  };
}
