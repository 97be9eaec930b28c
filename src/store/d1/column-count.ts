// The number of columns that a statement of Drizzle's returns, read from its text.
import { setWithLimit } from '../../domain/map-with-limit.ts';

const MAX_CACHED_COUNTS = 500;
const counts = new Map<string, number>();

/** The number of columns in the outermost RETURNING or SELECT list. Counted once per statement text and isolate. */
export function columnCount(sql: string): number {
  const known = counts.get(sql);
  if (known !== undefined) return known;
  const list = columnList(sql);
  const count = topLevel(list, /,/g).length + 1;
  setWithLimit(counts, sql, count, MAX_CACHED_COUNTS);
  return count;
}

/** The text between `select` and `from`, or after `returning`, outside of parentheses and quotes. */
function columnList(sql: string): string {
  const returning = topLevel(sql, /\breturning\b/gi).at(-1);
  if (returning !== undefined) return sql.slice(returning);
  const select = topLevel(sql, /\bselect\b/gi).at(-1) ?? 0;
  const from = topLevel(sql, /\bfrom\b/gi).find((at) => at > select);
  return sql.slice(select, from);
}

/** Where a pattern matches outside of parentheses and quotes. */
function topLevel(sql: string, pattern: RegExp): readonly number[] {
  const masked = maskNested(sql);
  return [...masked.matchAll(pattern)].map(({ index }) => index);
}

/** The text with everything inside quotes and parentheses blanked. */
function maskNested(sql: string): string {
  let depth = 0;
  return sql.replace(/"[^"]*"|'[^']*'|`[^`]*`|[()]|[^()"'`]+/g, (part) => {
    if (part === '(') depth += 1;
    if (part === ')') depth -= 1;
    return depth > 0 || part === ')' || /^["'`]/.test(part) ? ' '.repeat(part.length) : part;
  });
}
