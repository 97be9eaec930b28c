// An entity's ETag is its version in quotes (RFC 9110 §8.8.3), a strong one: each write makes another.
import type { ExpectedVersion } from '../../domain/entities/entity.ts';

export const etagOf = (version: number): string => `"${version}"`;

const tagsIn = (header: string): readonly string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

/**
 * The versions that `If-Match` allows. A weak tag matches none (RFC 9110 §13.1.1), and neither does a malformed one.
 */
export function expectedVersions(ifMatch: string | undefined): ExpectedVersion {
  if (ifMatch === undefined || ifMatch.trim() === '*') return 'any';
  return tagsIn(ifMatch).flatMap((tag) => /^"([1-9]\d{0,14})"$/.exec(tag)?.slice(1).map(Number) ?? []);
}

/** Whether `If-None-Match` names the version; weak tags count here (RFC 9110 §13.1.2). */
export function isUnchanged(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etagOf(version));
}
