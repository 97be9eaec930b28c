// Exporting accounts, page by page, in the form that an import takes.
import { z } from '@hono/zod-openapi';
import { isRefusal } from '../../domain/refusal.ts';
import { cursorAt, positionAt } from '../../domain/tokens/cursor.ts';
import type { ExportedAccount } from '../../domain/transfer/export.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { timestamp } from '../shapes/fields.ts';
import { cursorField } from '../shapes/paging.ts';

const ExportQuery = once(() =>
  z.object({
    hashes: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true')
      .openapi({
        type: 'boolean',
        default: false,
        description: 'Whether to include password hashes, and the hashes of live refresh tokens.',
      }),
    cursor: cursorField().openapi({ description: 'As it stands in the link to the page.' }),
  }),
);

/** An account as a line of an import. */
interface ExportedLine {
  readonly email: string | null;
  readonly username: string | null;
  readonly email_verified: boolean;
  readonly role: 'user' | 'admin';
  readonly active: boolean;
  readonly data: object;
  readonly created_at: string;
  readonly password_hash?: string | null;
  readonly refresh_tokens?: readonly { readonly sha256: string; readonly expires_at: string }[];
}

const lineView = ({ account, passwordHash, refreshTokens }: ExportedAccount): ExportedLine => ({
  email: account.email,
  username: account.username,
  email_verified: account.emailVerified,
  role: account.role,
  active: account.active,
  data: account.data,
  created_at: timestamp(account.createdAt),
  ...(passwordHash === null ? {} : { password_hash: passwordHash }),
  ...(refreshTokens.length === 0
    ? {}
    : {
        refresh_tokens: refreshTokens.map(({ hash, expiresAt }) => ({
          sha256: hash,
          expires_at: timestamp(expiresAt),
        })),
      }),
});

/** Line by line, so that the text of a whole page is never in memory. */
async function* linesOf(accounts: readonly ExportedAccount[]): AsyncGenerator<string> {
  for (const account of accounts) yield `${JSON.stringify(lineView(account))}\n`;
}

const PATH = '/api/admin/users/export';

/** RFC 8288. */
const linkTo = (cursor: string, hashes: boolean): string =>
  `<${PATH}/?${new URLSearchParams({ ...(hashes ? { hashes: 'true' } : {}), cursor })}>; rel="next"`;

const example = {
  email: 'user@example.com',
  username: 'John Smith',
  email_verified: true,
  role: 'user',
  active: true,
  data: { city: 'Lisbon' },
  created_at: '2026-11-20T21:00:00.000Z',
};

export function exportOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: PATH,
      operationId: 'exportUsers',
      tag: 'Administration',
      summary: 'Export accounts',
      description: 'A page of accounts, oldest first, a line each, in the form that an import takes.',
      guard: admin,
      recent: 'always',
      query: ExportQuery,
      answers: {
        200: {
          description: 'A page; the `Link` header leads to the next.',
          schema: () => z.string(),
          streamed: 'application/x-ndjson',
          example: `${JSON.stringify(example)}\n`,
          headers: () =>
            z.object({
              Link: z
                .string()
                .optional()
                .openapi({ example: `<${PATH}/?cursor=Nw.q1Yy0b4m>; rel="next"` }),
            }),
        },
      },
      refuses: ['invalid_cursor'],
    },
    async ({ c, query: { hashes, cursor }, ports, audit }) => {
      const event = c.req.method === 'HEAD' ? 'unrecorded' : 'recorded';
      const scope = JSON.stringify(['export', hashes]);
      const after = await positionAt(ports.issuer.keys, scope, cursor);
      if (isRefusal(after)) return after;
      const page = await ports.accountExports.page(after, { hashes, event }, audit);
      if (isRefusal(page)) return page;
      const next = await cursorAt(ports.issuer.keys, scope, page.next);
      return reply(200, linesOf(page.items), next === null ? {} : { Link: linkTo(next, hashes) });
    },
  );
}
