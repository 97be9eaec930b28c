// An entity tag is the version in quotes (RFC 9110 §8.8.3), and a strong one: each write makes another.
import type { Expected } from '../../domain/entities/entity.ts';

export const etagOf = (version: number): string => `"${version}"`;

const tagsIn = (header: string): readonly string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

/** The versions that `If-Match` takes. A weak tag matches none (RFC 9110 §13.1.1), and neither does what is no tag at all. */
export function expectedVersions(ifMatch: string | undefined): Expected {
  if (ifMatch === undefined || ifMatch.trim() === '*') return 'any';
  return tagsIn(ifMatch).flatMap((tag) => /^"([1-9]\d{0,14})"$/.exec(tag)?.slice(1).map(Number) ?? []);
}

/** Whether `If-None-Match` names what the reader has: weak tags count here (RFC 9110 §13.1.2). */
export function isUnchanged(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etagOf(version));
}
