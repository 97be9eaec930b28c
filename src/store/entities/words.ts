// The index of words: who may find an entity by a word, and which of some words is in the fewest entities.
import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../domain/entities/entity.ts';

/** Candidates that are read for one page. Where too few of them match, the page is short and the next one continues. */
export const MAX_CANDIDATES = 500;

/**
 * The audience of a word (column `shelf`, see drizzle/0002): 0 for a public entity, and for a private one its owner's
 * id and −1 for admins. A reader searches audience 0 and one other.
 */
const ownAudience = (reader: Reader | undefined): SQL =>
  reader === undefined
    ? sql`NULL`
    : sql`(SELECT ${reader.atMost === 'user' ? sql`accounts.id` : sql`iif(role = 'admin', -1, accounts.id)`}
        FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1)`;

export const audiences = (reader: Reader | undefined): readonly SQL[] =>
  reader === undefined ? [sql`0`] : [sql`0`, ownAudience(reader)];

/**
 * The entity has all of the terms, in any audience: a public one has them for audience 0, a private one for −1. A
 * statement that asks must let its reader see the entity by another condition.
 */
export function hasTerms(terms: readonly string[]): SQL {
  const found = terms.map(
    (term) => sql`EXISTS (SELECT 1 FROM entity_words
      WHERE word = ${term} AND shelf = -entities.private AND entity_id = entities.id)`,
  );
  return found.length === 0 ? sql`1` : sql.join([...found, isIndexed(sql`entities.id`)], sql` AND `);
}

/** The entity was not written since version 1 indexed more of its words than one write may change, see drizzle/0009. */
export const isIndexed = (id: SQL): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM entities_to_reindex AS later WHERE later.entity_id = ${id}
    AND later.words IS NOT NULL)`;

/** Common table expressions: the reader's `own` audience, and the `rarest` of the terms. */
export const rarestOf = (terms: readonly string[], reader: Reader | undefined): SQL =>
  sql`own AS MATERIALIZED (SELECT ${ownAudience(reader)} AS audience),
    rarest AS MATERIALIZED (SELECT value AS word FROM json_each(${JSON.stringify(terms)})
      ORDER BY ${countOf(sql`0`)} + ${countOf(sql`(SELECT audience FROM own)`)} LIMIT 1)`;

/** The entities that have the term `value` for an audience, counted up to the limit. */
const countOf = (audience: SQL): SQL => sql`(SELECT count(*) FROM (
  SELECT 1 FROM entity_words WHERE word = value AND shelf = ${audience} LIMIT ${MAX_CANDIDATES}))`;

/** The ids of the entities that have the rarest term, where `condition` holds. */
export function withRarest(condition: SQL): SQL {
  const arms = [sql`0`, sql`(SELECT audience FROM own)`].map(
    (audience) => sql`SELECT entity_id FROM entity_words
      WHERE word = (SELECT word FROM rarest) AND shelf = ${audience} AND ${condition}`,
  );
  return sql.join(arms, sql` UNION ALL `);
}
