// Importing accounts from another service: a body of lines, and a result for each.
import { z } from '@hono/zod-openapi';
import { isRefusal } from '../../domain/refusal.ts';
import type { ImportOptions } from '../../domain/transfer/account-line.ts';
import { importAccounts, type LineResult } from '../../domain/transfer/import.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { type Infer, once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';

const MAX_IMPORT_BYTES = 4 * 1024 * 1024;
const MAX_IMPORT_LINES = 2000;

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ type: 'boolean', default: false, description });

const ImportQuery = once(() =>
  z.object({
    allow_admins: flag('Whether a line may make an admin.'),
    replace: flag('Whether accounts that an import made, and nobody has used since, are replaced whole.'),
    without_password: flag('Whether an account whose hash is refused is imported without a password.'),
  }),
);

const optionsOf = (query: Infer<typeof ImportQuery>): ImportOptions => ({
  allowAdmins: query.allow_admins,
  replace: query.replace,
  withoutPassword: query.without_password,
});

const LinesBody = once(() =>
  z
    .custom<readonly string[]>((value) => Array.isArray(value))
    .openapi({ type: 'string', description: 'A JSON object a line: see docs/moving.md.' }),
);

const line = {
  email: 'user@example.com',
  username: 'John Smith',
  password_hash: '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
  email_verified: true,
  data: { city: 'Lisbon' },
  created_at: '2019-11-20T21:00:00.000Z',
  refresh_tokens: [{ token: 'a refresh token of the old service', expires_at: '2027-01-20T21:00:00.000Z' }],
};

const code = once(() =>
  z.enum([
    'invalid_line',
    'unsupported_hash',
    'hash_too_expensive',
    'role_not_allowed',
    'email_taken',
    'username_taken',
    'signed_up_here',
  ]),
);

const ImportedLine = once(() =>
  z.object({
    line: z.int().openapi({ description: 'Lines count from 1.' }),
    result: z.enum(['imported', 'existing', 'refused']),
    id: z.int().optional().openapi({ description: "The account's id here." }),
    code: code().optional(),
    path: z.string().optional().openapi({ description: 'The field that a line was refused for.' }),
  }),
);
type ImportedLine = Infer<typeof ImportedLine>;

const ImportBody = once(() =>
  z
    .object({ imported: z.int(), existing: z.int(), refused: z.int(), results: z.array(ImportedLine()) })
    .openapi('Import'),
);

function importView(results: readonly LineResult[]): Infer<typeof ImportBody> {
  const count = (result: LineResult['result']) => results.filter((each) => each.result === result).length;
  return {
    imported: count('imported'),
    existing: count('existing'),
    refused: count('refused'),
    results: results.map(lineView),
  };
}

const lineView = ({ line: number, result, id, code: reason, path }: LineResult): ImportedLine => ({
  line: number,
  result,
  ...(id === undefined ? {} : { id }),
  ...(reason === undefined ? {} : { code: reason }),
  ...(path === undefined ? {} : { path }),
});

const example = {
  imported: 1,
  existing: 1,
  refused: 1,
  results: [
    { line: 1, result: 'imported', id: 7 },
    { line: 2, result: 'existing', id: 3, code: 'signed_up_here' },
    { line: 3, result: 'refused', code: 'hash_too_expensive', path: 'password_hash' },
  ],
};

export function importOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'post',
      path: '/api/admin/users/import',
      operationId: 'importUsers',
      tag: 'Administration',
      summary: 'Import accounts',
      description:
        'Up to 2,000 lines in one transaction. Each line succeeds or fails by itself, and a call that is repeated ' +
        'imports nothing twice. Passwords keep working: each hash is verified as it came, and replaced by Argon2id ' +
        'at the first login.',
      guard: admin,
      recent: 'for changes',
      maxBodyBytes: MAX_IMPORT_BYTES,
      maxLines: MAX_IMPORT_LINES,
      mediaTypes: ['application/x-ndjson'],
      query: ImportQuery,
      body: LinesBody,
      bodyExample: `${JSON.stringify(line)}\n`,
      answers: { 200: { description: 'The result of each line.', schema: ImportBody, example } },
      refuses: [],
    },
    async ({ body, query, ports, audit }) => {
      const results = await importAccounts(ports, body, optionsOf(query), audit);
      return isRefusal(results) ? results : reply(200, importView(results));
    },
  );
}
