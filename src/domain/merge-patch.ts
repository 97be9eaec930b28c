// JSON merge patch (RFC 7396): null removes a member, objects merge, any other value replaces.
import { isJsonObject, type JsonObject } from './json-object.ts';

/** The target with the patch applied; neither is changed. Built in a Map, because a key may be `__proto__`. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const before = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isJsonObject(value) ? mergePatch(isJsonObject(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}
