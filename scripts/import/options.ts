// The command line of `npm run import`.
import { parseArgs } from 'node:util';
import type { ImportOptions } from '../../src/domain/transfer/account-line.ts';
import { originOf } from './session.ts';
import { parseMap } from './sources/columns.ts';
import type { Source } from './sources/source.ts';
import { SOURCES } from './sources/table.ts';

export const USAGE = `npm run import -- FILE [--from SOURCE] [--url ORIGIN] [--dry-run]

  --from SOURCE         ${Object.keys(SOURCES).join(', ')}; latchkey by default
  --url ORIGIN          http://localhost:8787 by default
  --dry-run             checks every line, and sends nothing
  --map FIELD=COLUMN,…  the columns of a CSV file or a table
  --table NAME          the table of a SQLite file, or the model of a Django dump
  --replace             replaces accounts that an earlier import made and nobody has used since
  --without-password    imports accounts whose hash is refused, without a password
  --allow-admins        lets administrators of the other service be admins

It signs in as the admin of LATCHKEY_ADMIN_EMAIL and LATCHKEY_ADMIN_PASSWORD, or asks; so too for the code of an
authenticator app, LATCHKEY_ADMIN_OTP.`;

export interface ImportCommand {
  readonly file: string;
  readonly from: string;
  readonly source: Source;
  readonly origin: string;
  readonly dryRun: boolean;
  readonly map: ReadonlyMap<string, string>;
  readonly table: string | undefined;
  readonly options: ImportOptions;
}

/** Throws for anything that it does not understand. */
export function parseCommand(args: readonly string[]): ImportCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: 'string', default: 'latchkey' },
      url: { type: 'string', default: `http://localhost:${process.env.PORT || 8787}` },
      'dry-run': { type: 'boolean', default: false },
      map: { type: 'string' },
      table: { type: 'string' },
      replace: { type: 'boolean', default: false },
      'without-password': { type: 'boolean', default: false },
      'allow-admins': { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  const source = SOURCES[values.from];
  if (!file || more.length > 0 || !source) throw new Error(`usage:\n${USAGE}`);
  return {
    file,
    from: values.from,
    source,
    origin: originOf(values.url),
    dryRun: values['dry-run'],
    map: values.map === undefined ? new Map() : parseMap(values.map),
    table: values.table,
    options: {
      allowAdmins: values['allow-admins'],
      replace: values.replace,
      withoutPassword: values['without-password'],
    },
  };
}
