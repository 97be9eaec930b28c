// Checks each answer against the OpenAPI document: its status, media type and body must be in it.
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { dereference, type Schema, validate } from '@cfworker/json-schema';
import { createApp } from '../../src/app.ts';

export interface DocumentedOperation {
  readonly operationId: string;
  readonly security: readonly Record<string, unknown>[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object; readonly example?: unknown }> };
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
    readonly example?: unknown;
  }[];
  readonly responses: Record<string, Documented>;
}

interface Documented {
  readonly $ref?: string;
  readonly content?: Record<string, { readonly schema: object }>;
  readonly headers?: object;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly responses: Record<string, Documented> };
  readonly tags: readonly { readonly name: string }[];
}

let document: Promise<OpenApi> | undefined;

/** The document, with its shared responses where the operations refer to them. */
export function openApi(): Promise<OpenApi> {
  document ??= (async () => {
    const response = await createApp().fetch(
      new Request('http://localhost/openapi.json'),
      env,
      createExecutionContext(),
    );
    const written = (await response.json()) as OpenApi; // test/node/document.test.ts lints it
    for (const operation of Object.values(written.paths).flatMap((path) => Object.values(path)))
      for (const [status, { $ref }] of Object.entries(operation.responses)) {
        const shared = $ref && written.components.responses[$ref.replace('#/components/responses/', '')];
        if (shared) operation.responses[status] = shared;
      }
    return written;
  })();
  return document;
}

/** The documented operation that a call reaches, if there is one. */
export async function operationAt(method: string, url: string): Promise<DocumentedOperation | undefined> {
  const path = new URL(url, 'http://localhost').pathname.replace(/(.)\/$/, '$1');
  const { paths } = await openApi();
  const known = paths[path]
    ? path
    : Object.keys(paths).find((template) =>
        new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`).test(path),
      );
  return known === undefined ? undefined : paths[known]?.[method.toLowerCase()];
}

/** Whether a media type is one JSON text: NDJSON is many. */
export const isJson = (mediaType: string | null | undefined): boolean => /[/+]json\b/.test(mediaType ?? '');

/** JSON.stringify escapes these alone; the validator gives up on a key that has one. */
const LONE_SURROGATE = /\\ud[89a-f][0-9a-f]{2}/gi;

let resolved: ReturnType<typeof dereference> | undefined;
const known = new Set<Schema>();

/**
 * The targets of a schema's references. The components are resolved once: for every answer, that took most of a run.
 */
async function resolvedWith(schema: Schema): Promise<ReturnType<typeof dereference>> {
  resolved ??= dereference({ components: (await openApi()).components });
  if (!known.has(schema)) dereference(schema, resolved, undefined, `/answers/${known.size}`);
  known.add(schema);
  return resolved;
}

/** Throws for an answer that the document does not describe. */
export async function assertDocumented(method: string, url: string, response: Response, text: string): Promise<void> {
  const operation = await operationAt(method, url);
  if (!operation) return;
  const documented = operation.responses[response.status];
  if (!documented) throw new Error(`${method} ${url} answered ${response.status}, which is not documented: ${text}`);
  const mediaType = response.headers.get('Content-Type')?.split(';')[0];
  if (!documented.content) {
    if (text !== '') throw new Error(`${method} ${url} answered ${response.status} with a body that is not documented`);
    return;
  }
  const schema = documented.content[mediaType ?? '']?.schema;
  if (!schema) throw new Error(`${method} ${url} answered ${response.status} as ${mediaType}, which is not documented`);
  const body = isJson(mediaType) ? JSON.parse(text.replaceAll(LONE_SURROGATE, '\\ufffd')) : text;
  const result = validate(body, schema, '2020-12', await resolvedWith(schema), false);
  if (!result.valid)
    throw new Error(
      `${method} ${url} answered ${response.status} with a body unlike its schema: ` +
        `${JSON.stringify(result.errors)} ${text}`,
    );
}
