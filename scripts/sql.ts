// D1's command line binds no parameters, so every value of ours becomes a literal here and nowhere else.

/** SQLite knows one escape in a text literal: a doubled quote. NUL would end the text early. */
export function quoted(value: string): string {
  if (value.includes('\0')) throw new Error('text holds a NUL');
  return `'${value.replaceAll("'", "''")}'`;
}
