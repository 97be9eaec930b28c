// Unique indexes of D1, which decide who has a name first.

/** The unique index that a failed write violated, such as `accounts.email_key`; undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const column = /UNIQUE constraint failed: ([\w.]+)/.exec(cause.message)?.[1];
    if (column) return column;
  }
  return undefined;
}
