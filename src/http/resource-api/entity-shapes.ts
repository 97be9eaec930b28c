// The bodies of /entities: schemas of requests, and the view that names every field of an entity.
import { z } from '@hono/zod-openapi';
import type { Entity, NewEntity } from '../../domain/entities/entity.ts';
import { type Infer, once } from '../once.ts';
import {
  attributesField,
  entityNameField,
  quantityField,
  shownEntityFields,
  visibilityField,
} from '../shapes/entity-fields.ts';
import { timestamp, timestampField } from '../shapes/fields.ts';
import type { CursorPage } from '../shapes/paging.ts';

const EMPTY = {};

const GivenFields = once(() =>
  z.object({
    code: entityNameField(),
    type: entityNameField(),
    quantity: quantityField(),
    attributes: attributesField().optional(),
    visibility: visibilityField().optional(),
  }),
);

export const NewEntityBody = once(() =>
  GivenFields().transform(
    ({ attributes = EMPTY, visibility = 'public', ...given }): NewEntity => ({ ...given, attributes, visibility }),
  ),
);

/** A visibility that is not given stays: a client that does not know the field must not publish anything. */
export const ReplacementBody = once(() =>
  GivenFields().transform(({ attributes = EMPTY, ...given }) => ({ ...given, attributes })),
);

/** A merge patch (RFC 7396): `null` removes all attributes; no other field can be removed. */
export const EntityPatchBody = once(() =>
  GivenFields().partial().extend({ attributes: attributesField().nullable().optional() }),
);

export const EntityBody = once(() =>
  z
    .object({
      ...shownEntityFields(),
      owner_id: z.int().nullable().openapi({ description: 'Null once its owner was deleted.' }),
      version: z.int(),
      created_at: timestampField(),
      updated_at: timestampField(),
    })
    .openapi('Entity'),
);

export type EntityView = Infer<typeof EntityBody>;

export const entityView = (entity: Entity): EntityView => ({
  id: entity.id,
  code: entity.code,
  type: entity.type,
  quantity: entity.quantity,
  attributes: entity.attributes,
  visibility: entity.visibility,
  owner_id: entity.ownerId,
  version: entity.version,
  created_at: timestamp(entity.createdAt),
  updated_at: timestamp(entity.updatedAt),
});

export const EntitiesBody = once(() =>
  z.object({ entities: z.array(EntityBody()), next_cursor: z.string().nullable() }).openapi('Entities'),
);

export const entitiesView = ({ items, nextCursor }: CursorPage<Entity>): Infer<typeof EntitiesBody> => ({
  entities: items.map(entityView),
  next_cursor: nextCursor,
});

export const entityExample = {
  id: 1,
  code: 'SHOE-42',
  type: 'shoe',
  quantity: 7,
  attributes: { color: 'red', size: 42 },
  visibility: 'public',
  owner_id: 1,
  version: 1,
  created_at: '2026-11-20T21:00:00.000Z',
  updated_at: '2026-11-20T21:00:00.000Z',
};

export const newEntityExample = { code: 'SHOE-42', type: 'shoe', quantity: 7, attributes: { color: 'red', size: 42 } };
