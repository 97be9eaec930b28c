// An entity is a coded, typed, counted thing. Who sees it and who writes it stands in the statement that reads or writes it.

import { faultOf, type JsonObject } from '../json-object.ts';
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
  /** Null once its owner's account is gone. */
  readonly ownerId: number | null;
  /** Counts the writes, from 1. */
  readonly version: number;
  /** Milliseconds since the epoch; never before that of a lower id. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is undefined stays. */
export type EntityChange = { readonly [K in keyof NewEntity]?: NewEntity[K] | undefined };

/** `attributes` is a merge patch (RFC 7396) of those there are; null removes them all. */
export type EntityPatch = Omit<EntityChange, 'attributes'> & { readonly attributes?: JsonObject | null | undefined };

/** One entity, by either of its names. */
export type EntityName = { readonly id: number } | { readonly code: string };

/** The versions that a writer takes the entity to be at. */
export type Expected = 'any' | readonly number[];

/** Who writes, and when. Owner or admin, with an active account: both are asked of the account itself, not of a token. */
export interface Writer {
  readonly accountId: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What makes a creation happen once: SHA-256 of the client's key and of what it asks for. */
export interface Once {
  readonly keyHash: string;
  readonly requestHash: string;
}

/** To a stranger a private entity does not exist. */
export type WriteRefusal = Refusal<'entity_not_found' | 'forbidden' | 'precondition_failed' | 'token_revoked'>;

/** Where entities are kept. A reader is an account's id, or undefined for anybody; what a reader may not see is not there. */
export interface Entities {
  /** As the nearest replica knows it. */
  find(name: EntityName, readerId: number | undefined): Promise<Entity | undefined>;
  /** As it is now. */
  findNow(name: EntityName, readerId: number): Promise<Entity | undefined>;
  list(query: EntityQuery, readerId: number | undefined): Promise<Page<Entity>>;
  /** Makes an entity of the writer's. */
  add(entity: NewEntity, writer: Writer): Promise<Entity | Refusal<'code_taken' | 'token_revoked'>>;
  /** The same, but where there was a first success already it is answered again. */
  addOnce(
    entity: NewEntity,
    once: Once,
    writer: Writer,
  ): Promise<Entity | Refusal<'code_taken' | 'idempotency_key_reused' | 'token_revoked'>>;
  /** Changes it in one statement if it is at an expected version. */
  change(
    name: EntityName,
    change: EntityChange,
    expected: Expected,
    writer: Writer,
  ): Promise<Entity | WriteRefusal | Refusal<'code_taken'>>;
  /** Deletes it likewise; undefined where it is gone now. */
  remove(name: EntityName, expected: Expected, writer: Writer): Promise<undefined | WriteRefusal>;
}

const MAX_NAME_LENGTH = 64;
/** An `Idempotency-Key` is remembered this long. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;

// Control characters, and the two line ends that are not among them.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether a text can be a code or a type: 1 to 64 characters, none of them a control character. */
export function isEntityName(text: string): boolean {
  const length = [...text].length;
  return length >= 1 && length <= MAX_NAME_LENGTH && text.isWellFormed() && !UNPRINTABLE.test(text);
}

/** As many writers in a row must come first before a merge gives up. */
const MERGE_ATTEMPTS = 20;

/** Changes what is given, and merges the attributes. */
export async function patchEntity(
  entities: Entities,
  id: number,
  { attributes: patch, ...change }: EntityPatch,
  expected: Expected,
  writer: Writer,
): Promise<Entity | WriteRefusal | Refusal<'code_taken' | 'invalid_body' | 'unavailable'>> {
  if (!patch) return entities.change({ id }, patch === null ? { ...change, attributes: {} } : change, expected, writer);
  for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
    const current = await entities.findNow({ id }, writer.accountId);
    if (!current) return entities.change({ id }, change, [], writer);
    const attributes = mergePatch(current.attributes, patch);
    const fault = faultOf(attributes);
    if (fault) return refuse('invalid_body', { errors: [{ path: 'attributes', message: fault }] });
    const merged = await entities.change({ id }, { ...change, attributes }, both(expected, current.version), writer);
    const overtaken =
      isRefusal(merged) && merged.refused === 'precondition_failed' && both(expected, current.version).length > 0;
    if (!overtaken || expected !== 'any') return merged;
  }
  return refuse('unavailable');
}

/** What was merged holds for the version that was read and no other. */
const both = (expected: Expected, version: number): readonly number[] =>
  expected === 'any' || expected.includes(version) ? [version] : [];
