// D1's command line binds no parameters: this is the one place that turns our values into literals.

/** SQLite knows one escape in a text literal: a doubled quote. NUL would end the text early. */
export function quoted(value: string): string {
  if (value.includes('\0')) throw new Error('text holds a NUL');
  return `'${value.replaceAll("'", "''")}'`;
}
