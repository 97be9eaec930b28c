/**
 * The statement with each bound value as an expression, `+?`, which is the same value of the same type. SQLite prepares
 * a statement anew at each run where its plan may depend on a bound value: on that of a LIMIT, or on one compared with
 * a column that a partial index names in its WHERE. It does not look into expressions. docs/performance.md has what
 * that costs. A question mark stands for a bound value everywhere in our statements.
 */
export const plannedOnce = (sql: string): string => sql.replaceAll('?', '+?');
