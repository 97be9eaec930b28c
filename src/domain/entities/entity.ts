// An entity is a coded, typed, counted item. The statement that reads or writes one checks the right to it.
import type { AuthorizedContext } from '../audit-context.ts';
import { type JsonObject, validateJsonObject } from '../json-object.ts';
import { mergePatch } from '../merge-patch.ts';
import type { Page } from '../page.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { EntityQuery } from './query.ts';

export type Visibility = 'public' | 'private';

export interface NewEntity {
  readonly code: string;
  readonly type: string;
  readonly quantity: number;
  readonly attributes: JsonObject;
  readonly visibility: Visibility;
}

export interface Entity extends NewEntity {
  readonly id: number;
  /** Null once its owner's account was deleted. */
  readonly ownerId: number | null;
  /** The number of writes, from 1. */
  readonly version: number;
  /** Milliseconds since the epoch; never before that of a lower id. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The fields to change; undefined leaves a field as it is. */
export type EntityChange = { readonly [K in keyof NewEntity]?: NewEntity[K] | undefined };

/** A change whose `attributes` are a merge patch (RFC 7396); null removes all attributes. */
export type EntityPatch = Omit<EntityChange, 'attributes'> & { readonly attributes?: JsonObject | null | undefined };

/** One entity, by its id or its code. */
export type EntityName = { readonly id: number } | { readonly code: string };

/** The versions at which a conditional write may happen. */
export type ExpectedVersion = 'any' | readonly number[];

/** The idempotency key of a creation: SHA-256 of the client's key, and of the request. */
export interface Idempotency {
  readonly keyHash: string;
  readonly requestHash: string;
}

export type CreationRefusal = Refusal<'code_taken' | 'quota_exceeded' | 'token_revoked'>;

/** A private entity is not found by anybody but its owner and admins. */
export type WriteRefusal = Refusal<'entity_not_found' | 'forbidden' | 'precondition_failed' | 'token_revoked'>;

/**
 * An account that reads. It sees public and own entities; an admin sees all, unless `atMost` limits it to a user's
 * rights.
 */
export interface Reader {
  readonly accountId: number;
  readonly atMost?: 'user';
}

/** The entities table. An undefined reader is anonymous, and sees public entities. */
export interface Entities {
  /**
   * Reads from the nearest replica; shows private entities of others only after the primary confirms the admin role.
   */
  find(name: EntityName, reader: Reader | undefined): Promise<Entity | undefined>;
  /** Reads from the primary. */
  findNow(name: EntityName, reader: Reader): Promise<Entity | undefined>;
  /** Reads as `find` does. */
  list(query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>>;
  /** Creates an entity of the acting account's, which may own `quota` of them, or any number where it is an admin. */
  add(entity: NewEntity, quota: number, audit: AuthorizedContext): Promise<Entity | CreationRefusal>;
  /** Creates an entity once for each idempotency key: a retry is answered with the first success. */
  addOnce(
    entity: NewEntity,
    idempotency: Idempotency,
    quota: number,
    audit: AuthorizedContext,
  ): Promise<Entity | CreationRefusal | Refusal<'idempotency_key_reused'>>;
  /** Changes the entity in one statement, if it is at an expected version. */
  change(
    name: EntityName,
    change: EntityChange,
    expected: ExpectedVersion,
    audit: AuthorizedContext,
  ): Promise<Entity | WriteRefusal | Refusal<'code_taken'>>;
  /** Deletes the entity, if it is at an expected version. */
  remove(name: EntityName, expected: ExpectedVersion, audit: AuthorizedContext): Promise<'removed' | WriteRefusal>;
}

const MAX_NAME_LENGTH = 64;
/** How long an `Idempotency-Key` is stored. */
export const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000;

// Control characters, and the two line separators outside that category.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether a text can be a code or a type: 1 to 64 characters without control characters. */
export function isEntityName(text: string): boolean {
  const length = [...text].length;
  return length >= 1 && length <= MAX_NAME_LENGTH && text.isWellFormed() && !UNPRINTABLE.test(text);
}

/** A merge gives up after this many concurrent writes in a row. */
const MERGE_ATTEMPTS = 20;

/** Changes the given fields and merges the attributes; starts again where another write came first. */
export async function patchEntity(
  entities: Entities,
  id: number,
  { attributes: patch, ...change }: EntityPatch,
  expected: ExpectedVersion,
  audit: AuthorizedContext,
): Promise<Entity | WriteRefusal | Refusal<'code_taken' | 'invalid_body' | 'unavailable'>> {
  if (!patch) return entities.change({ id }, patch === null ? { ...change, attributes: {} } : change, expected, audit);
  for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
    const current = await entities.findNow({ id }, audit.authority);
    if (!current) return entities.change({ id }, change, [], audit);
    const attributes = mergePatch(current.attributes, patch);
    const message = validateJsonObject(attributes);
    if (message) return refuse('invalid_body', { errors: [{ path: 'attributes', message }] });
    const versions = expectedAt(expected, current.version);
    const merged = await entities.change({ id }, { ...change, attributes }, versions, audit);
    const overtaken = isRefusal(merged) && merged.refused === 'precondition_failed' && versions.length > 0;
    if (!overtaken || expected !== 'any') return merged;
  }
  return refuse('unavailable');
}

/** Attributes merged from one version may be written at that version only. */
const expectedAt = (expected: ExpectedVersion, version: number): readonly number[] =>
  expected === 'any' || expected.includes(version) ? [version] : [];
