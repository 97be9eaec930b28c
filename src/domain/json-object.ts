// JSON objects stored for their owners: any keys, `__proto__` included, within a size and a depth.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Measured in UTF-8 as it is stored, without white space. */
export const JSON_OBJECT_MAX_BYTES = 16 * 1024;

/** Deeper than any document that people write, and far below the depth at which JSON.stringify and SQLite fail. */
export const JSON_OBJECT_MAX_LEVELS = 256;

const TOO_LARGE = `must be at most ${JSON_OBJECT_MAX_BYTES} bytes of JSON`;
const TOO_DEEP = `must have at most ${JSON_OBJECT_MAX_LEVELS} levels, and numbers of a double's range`;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a parsed object cannot be stored, in words for its sender; undefined for one that can. */
export function validateJsonObject(object: JsonObject): string | undefined {
  if (!survivesJson(object, JSON_OBJECT_MAX_LEVELS)) return TOO_DEEP;
  const bytes = new TextEncoder().encode(JSON.stringify(object)).byteLength;
  return bytes > JSON_OBJECT_MAX_BYTES ? TOO_LARGE : undefined;
}

/** Whether JSON.stringify would write the value back: JSON.parse reads 1e999 as Infinity, which becomes null. */
function survivesJson(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => survivesJson(inner, levels - 1));
}
