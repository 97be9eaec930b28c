// Tools accept the OpenAPI document, the client's types are generated from it, and docs/calls.http calls every
// operation.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { typesFile, typesOf } from '../../scripts/client-types.ts';
import { servedDocument } from '../../scripts/document.ts';
import { root } from '../../scripts/wrangler.ts';

interface Documented {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly requestBody?: Described;
  readonly responses: Readonly<Record<string, Described>>;
}
interface Described {
  readonly content?: Content;
}
type Content = Readonly<Record<string, { readonly example?: unknown; readonly examples?: object }>>;

let document: string;
let operations: readonly { readonly name: string; readonly operation: Documented }[];
let refusals: readonly (readonly [name: string, response: Described])[];
beforeAll(async () => {
  document = await servedDocument();
  const { paths, components } = JSON.parse(document) as {
    paths: Record<string, Record<string, Documented>>;
    components: { responses: Record<string, Described> };
  };
  refusals = Object.entries(components.responses);
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
});

const lint = (file: string) =>
  spawnSync(`${root}node_modules/.bin/redocly`, ['lint', file, '--format=json'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });

it('is linted with no error, and no warning but those that .redocly.lint-ignore.yaml explains', () => {
  mkdirSync(`${root}.wrangler`, { recursive: true });
  writeFileSync(`${root}.wrangler/openapi.json`, document);
  const { stdout } = lint('.wrangler/openapi.json');
  const { problems } = JSON.parse(stdout) as {
    problems: { ruleId: string; message: string; location: { pointer: string }[] }[];
  };
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
});

const hasExamples = ({ content = {} }: Described): boolean =>
  Object.values(content).every(({ example, examples }) => example !== undefined || examples !== undefined);

it('gives every operation an id, texts, a tag, its security, and examples of its request and answers', () => {
  const incomplete = operations.filter(
    ({ operation: { operationId, summary, description, tags, security, requestBody, responses } }) => {
      const exemplary = [requestBody ?? {}, ...Object.values(responses)].every(hasExamples);
      return !(operationId && summary && description && tags?.length && security && exemplary);
    },
  );
  expect(incomplete.map(({ name }) => name)).toEqual([]);
  expect(refusals.filter(([, response]) => !hasExamples(response)).map(([name]) => name)).toEqual([]);
});

it('writes each refusal once, under its format and its reasons', () => {
  const problems = Object.entries(operations.find(({ name }) => name === 'GET /api/me')?.operation.responses ?? {});
  expect(problems.filter(([status]) => status !== '200')).toEqual(
    [
      [401, 'problem.token_required.malformed_authorization.token_invalid.token_expired.token_revoked'],
      [403, 'problem.insufficient_scope'],
      [500, 'problem.internal_error'],
      [503, 'problem.unavailable'],
    ].map(([status, name]) => [String(status), { $ref: `#/components/responses/${name}` }]),
  );
  const texts = refusals.map(([, response]) => JSON.stringify(response));
  expect(new Set(texts).size).toBe(texts.length);
});

it('is what the types of the client were made from (npm run client)', () => {
  // Compared here: the runner would print both.
  expect(typesOf(document) === readFileSync(typesFile, 'utf8')).toBe(true);
}, 180_000);

it('makes a client that compiles into a package', () => {
  const built = mkdtempSync(join(tmpdir(), 'latchkey-client-'));
  try {
    execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}client`, '--outDir', built]);
    expect(readdirSync(built)).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'api.d.ts']));
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
});

it('has every operation in docs/calls.http, which has no others', () => {
  const calls = readFileSync(`${root}docs/calls.http`, 'utf8').matchAll(/^([A-Z]+) \{\{origin\}\}(\/[^\s?]*)/gm);
  const called = [...calls].map(([, method, path]) => `${method} ${path?.replace(/(.)\/$/, '$1')}`);
  const templates = operations.map(({ name }) => ({
    name,
    pattern: new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  expect(templates.filter(({ pattern }) => !called.some((call) => pattern.test(call))).map(({ name }) => name)).toEqual(
    [],
  );
  expect(called.filter((call) => !templates.some(({ pattern }) => pattern.test(call)))).toEqual([]);
});
