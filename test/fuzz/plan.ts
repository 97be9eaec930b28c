// Requests, valid and broken, made from the OpenAPI document; each is plain data, so that a counterexample is readable.
import fc from 'fast-check';
import type { DocumentedOperation, OpenApi } from '../support/document.ts';
import { fitting, type Schema } from './generate.ts';
import { BODIES, HEADER_VALUES, HEADERS, JSON_TEXTS, STRINGS } from './hostile.ts';
import { bodySchema } from './import-line.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

/** A field and its JSON text: a list of them can hold duplicates, which an object cannot. */
type Field = readonly [name: string, json: string];

export interface Plan {
  readonly method: string;
  /** With its parameters filled in and percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

export const routesOf = ({ paths }: OpenApi): readonly Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** Percent-encoded; a lone surrogate as the three bytes that UTF-8 forbids. */
const encoded = (text: string): string =>
  [...text]
    .map((char) => {
      if (char.isWellFormed()) return encodeURIComponent(char).replaceAll('%7B', '{').replaceAll('%7D', '}');
      const code = char.charCodeAt(0);
      return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
        .map((byte) => `%${byte.toString(16)}`)
        .join('');
    })
    .join('');

/** Segments that are not percent-encoded text at all. */
const RAW_SEGMENTS = ['%', '%00', '%zz', '%ff', '%ed%a0%80', '%2e%2e', '%2f', '%5c', '%252e', ';a=b', '1;2', '+'];
export const SEGMENTS: readonly string[] = [...STRINGS.filter(Boolean).map(encoded), ...RAW_SEGMENTS];

interface Parts {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly mediaType: string | undefined;
  readonly fields: readonly Field[] | undefined;
  /** A body that is no list of fields. */
  readonly whole?: string | Uint8Array<ArrayBuffer>;
}

/** The values of the parameters in a path. */
function liveParam(path: string, name: string): string {
  if (name !== 'id') return name;
  if (path.startsWith('/api/sessions')) return 'session_id';
  if (path.startsWith('/api/passkeys')) return 'passkey_id';
  if (path.startsWith('/api/admin/clients')) return 'client_id';
  if (path.startsWith('/api/admin')) return 'user_id';
  return path.startsWith('/games') ? 'game_id' : 'entity_id';
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Requests that are valid by the document, from a caller with the right. */
function good(route: Route, components: object): fc.Arbitrary<Parts> {
  const { path, operation } = route;
  // Only the cursor of the page before is valid.
  const parameters = (operation.parameters ?? []).filter(({ name }) => name !== 'cursor');
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const values = (place: string) =>
    fc.record(
      Object.fromEntries(
        of(place).map(({ name, schema }) => [name, fitting(schema as Schema, components, name).map(asText)]),
      ),
      {
        requiredKeys: of(place)
          .filter(({ required }) => required)
          .map(({ name }) => name),
      },
    );
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const mediaTypes = Object.keys(operation.requestBody?.content ?? {});
  const secured = operation.security.some((scheme) => 'bearer' in scheme);
  return fc.record({
    route: fc.constant(route),
    params: fc.constant(Object.fromEntries(names.map((name) => [name, `{{${liveParam(path, name)}}}`]))),
    query: values('query').map((query) => Object.entries(query)),
    headers: values('header').map((headers) => ({
      ...(secured ? { Authorization: `Bearer {{${path.startsWith('/api/admin') ? 'admin_token' : 'token'}}}` } : {}),
      ...Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]*$/.test(value))),
    })),
    mediaType: mediaTypes.length > 0 ? fc.constantFrom(...mediaTypes) : fc.constant(undefined),
    fields: mediaTypes.length > 0 ? fieldsOf(operation, components) : fc.constant(undefined),
  });
}

function fieldsOf({ requestBody }: DocumentedOperation, components: object): fc.Arbitrary<readonly Field[]> {
  const contents = Object.entries(requestBody?.content ?? {});
  const written = (value: unknown) =>
    Object.entries(value as object).map(([name, inner]): Field => [name, JSON.stringify(inner)]);
  return fc.oneof(...contents.map(([type, content]) => fitting(bodySchema(type, content), components).map(written)));
}

const item = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const hostileText = item([...STRINGS.map((text) => JSON.stringify(text)), ...JSON_TEXTS]);

/** One mistake in a request. */
const breakage: fc.Arbitrary<(parts: Parts) => Parts> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(), hostileText).map(([at, text]) => replaceField(at, text)) },
  {
    weight: 1,
    arbitrary: fc
      .nat()
      .map((at) => (parts: Parts) => ({ ...parts, ...(parts.fields ? { fields: without(parts.fields, at) } : {}) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(item(STRINGS.filter((name) => name.length < 300)), hostileText)
      .map(([name, text]) => addField(name, text)),
  },
  { weight: 2, arbitrary: item(BODIES).map((whole) => (parts: Parts) => ({ ...parts, whole })) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(), item(SEGMENTS)).map(([at, text]) => replaceParam(at, text)) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(), item(STRINGS)).map(([at, text]) => replaceQuery(at, text)) },
  { weight: 4, arbitrary: fc.tuple(item(HEADERS), item(HEADER_VALUES)).map(([name, value]) => addHeader(name, value)) },
  {
    weight: 1,
    arbitrary: item(['application/json', 'application/x-www-form-urlencoded', 'text/html', '']).map(
      (mediaType) => (parts: Parts) => ({
        ...parts,
        mediaType,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: item(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND']).map(
      (method) => (parts: Parts) => ({
        ...parts,
        route: { ...parts.route, method },
      }),
    ),
  },
);

const without = (fields: readonly Field[], at: number) => fields.filter((_, index) => index !== at % fields.length);

export const replaceField =
  (at: number, text: string) =>
  (parts: Parts): Parts => {
    const { fields = [] } = parts;
    return {
      ...parts,
      fields: fields.map(([name, json], index) => [name, index === at % fields.length ? text : json]),
    };
  };
/** Before the others, so that it is a duplicate where there is one of its name. */
const addField =
  (name: string, text: string) =>
  (parts: Parts): Parts => ({ ...parts, fields: [[name, text], ...(parts.fields ?? [])] });
export const replaceParam =
  (at: number, text: string) =>
  (parts: Parts): Parts => {
    const name = Object.keys(parts.params)[at % Math.max(1, Object.keys(parts.params).length)];
    return name === undefined ? parts : { ...parts, params: { ...parts.params, [name]: text } };
  };
export const replaceQuery =
  (at: number, text: string) =>
  (parts: Parts): Parts => {
    const names = (parts.route.operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => name);
    return { ...parts, query: [...parts.query, [names[at % Math.max(1, names.length)] ?? text, text]] };
  };
export const addHeader =
  (name: string, value: string) =>
  (parts: Parts): Parts => ({ ...parts, headers: { ...parts.headers, [name]: value } });

export const valid = (route: Route, components: object): fc.Arbitrary<Plan> => good(route, components).map(planOf);

/** One to three mistakes. */
export const broken = (route: Route, components: object): fc.Arbitrary<Plan> =>
  fc
    .tuple(good(route, components), fc.array(breakage, { minLength: 1, maxLength: 3 }))
    .map(([parts, breakages]) => planOf(breakages.reduce((sum, change) => change(sum), parts)));

/** A valid request with one chosen mistake. */
export const brokenBy = (route: Route, components: object, change: (parts: Parts) => Parts): fc.Arbitrary<Plan> =>
  good(route, components).map((parts) => planOf(change(parts)));

function planOf({ route, params, query, headers, mediaType, fields, whole }: Parts): Plan {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const canHaveBody = route.method !== 'GET' && route.method !== 'HEAD';
  const body = canHaveBody ? (whole ?? bodyOf(fields, mediaType)) : undefined;
  return {
    method: route.method,
    path,
    query,
    headers: { ...(body === undefined || !mediaType ? {} : { 'Content-Type': mediaType }), ...headers },
    body,
  };
}

function bodyOf(fields: readonly Field[] | undefined, mediaType: string | undefined): string | undefined {
  if (!fields) return undefined;
  if (mediaType !== 'application/x-www-form-urlencoded')
    return `{${fields.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
  const text = (json: string) => (json.startsWith('"') ? (JSON.parse(json) as string) : json);
  return fields.map(([name, json]) => `${encoded(name)}=${encoded(text(json))}`).join('&');
}
