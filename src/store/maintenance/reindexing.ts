// Reindexing in D1: a row of `entities_to_reindex` keeps every write from the entity's words until it is removed.
import { eq, sql } from 'drizzle-orm';
import { ROWS_PER_STATEMENT } from '../../domain/maintenance/cleanup.ts';
import type { Reindexing } from '../../domain/maintenance/reindexing.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { entities, entitiesToReindex } from '../d1/schema/entities.ts';
import { entityWords } from '../d1/without-rowid.ts';

export const reindexingIn = ({ primary: db }: Database): Reindexing => ({
  async next() {
    const [row] = await db
      .select({ entityId: entitiesToReindex.entityId })
      .from(entitiesToReindex)
      .where(
        sql`${entitiesToReindex.entityId} = coalesce(
          (SELECT min(entity_id) FROM entities_to_reindex WHERE words IS NOT NULL),
          (SELECT min(entity_id) FROM entities_to_reindex))`,
      );
    return row?.entityId;
  },

  async removeRows(entityId) {
    const entity = sql`FROM ${entities} WHERE ${entities.id} = ${entityId}`;
    const { removed } = await batchOf(db, {
      // From here on a search must not find the entity: its words are incomplete.
      marked: db
        .update(entitiesToReindex)
        .set({
          terms: sql`coalesce((SELECT ${entities.terms} ${entity}), '{}')`,
          ownerId: sql`(SELECT ${entities.ownerId} ${entity})`,
        })
        .where(sql`${entitiesToReindex.entityId} = ${entityId} AND ${entitiesToReindex.terms} IS NULL`),
      removed: db
        .delete(entityWords)
        .where(
          sql`(word, shelf, entity_id) IN (
            SELECT old.word, old.shelf, old.entity_id
            FROM entities_to_reindex AS entity, json_each(entity.words) AS field, json_each(field.value) AS term
            CROSS JOIN entity_words AS old ON old.word = term.value AND old.shelf IN (0, -1, entity.owner_id)
              AND old.entity_id = entity.entity_id
            WHERE entity.entity_id = ${entityId} LIMIT ${ROWS_PER_STATEMENT})`,
        )
        .returning({ entityId: entityWords.entityId }),
    });
    return removed.length;
  },

  /** A trigger, see drizzle/0009, indexes the entity. */
  async index(entityId) {
    await db.delete(entitiesToReindex).where(eq(entitiesToReindex.entityId, entityId));
  },
});
