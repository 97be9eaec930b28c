// A JSON object that is kept for its owner: any keys, `__proto__` too, within a size and a depth.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Measured in UTF-8 as it is stored, which is without white space. */
export const JSON_OBJECT_MAX_BYTES = 16 * 1024;

/** Enough for any document that people write, and far from where JSON.stringify and SQLite give up. */
export const JSON_OBJECT_MAX_LEVELS = 256;

const TOO_LARGE = `must be at most ${JSON_OBJECT_MAX_BYTES} bytes of JSON`;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a parsed object can't be kept, in words for its sender; undefined where it can. */
export function faultOf(object: JsonObject): string | undefined {
  if (!isKept(object, JSON_OBJECT_MAX_LEVELS))
    return `must have at most ${JSON_OBJECT_MAX_LEVELS} levels, and numbers of a double's range`;
  return new TextEncoder().encode(JSON.stringify(object)).byteLength > JSON_OBJECT_MAX_BYTES ? TOO_LARGE : undefined;
}

/** Whether a value would come back as it is: JSON.parse reads 1e999 as Infinity, which JSON.stringify writes as null. */
function isKept(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isKept(inner, levels - 1));
}
