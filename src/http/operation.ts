// An operation is one declaration: who may call it, what it takes, every answer and every refusal. Its handler can answer nothing else.
import type { RouteConfig, z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Account } from '../domain/account.ts';
import type { Origin } from '../domain/audit.ts';
import type { Caller } from '../domain/bearer.ts';
import { isRefusal, type Reason, type Refusal, refuse } from '../domain/refusal.ts';
import { type Access, identify, reasonsOf } from './access.ts';
import { fieldErrors, MAX_BODY_BYTES, type MediaType, readBody } from './body.ts';
import { type Api, type Context, originOf, type Ports } from './context.ts';
import type { CommonReason, Dialect, ResponseConfig } from './dialect.ts';
import { type Flood, refuseFlood } from './flood.ts';

/** One documented success. `schema` is absent where there is no body. */
export interface Success {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: z.ZodObject;
}

type Successes = { readonly [status: number]: Success };

export interface Operation<A extends Access, B, Q, P, S extends Successes, R extends Reason> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Whole, with `{name}` for parameters and no trailing slash: both forms match. */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly access: A;
  readonly body?: z.ZodType<B>;
  readonly bodyExample?: unknown;
  /** What a form is read as, where that is not what JSON is. */
  readonly form?: z.ZodType<B>;
  readonly formExample?: unknown;
  readonly mediaTypes?: readonly MediaType[];
  readonly maxBodyBytes?: number;
  /** What a flood of this from one address is counted as. */
  readonly flood?: Flood;
  readonly query?: z.ZodType<Q> & z.ZodObject;
  readonly params?: z.ZodType<P> & z.ZodObject;
  /** Request headers with a meaning here, for the document: a handler reads them itself. */
  readonly headers?: z.ZodObject;
  readonly answers: S;
  /** The operation's own reasons; those of its access, body and query are known. */
  readonly refuses: readonly R[];
}

/** What a handler is given. */
export interface Call<A extends Access, B, Q, P> {
  readonly c: Context;
  readonly caller: CallerFor<A>;
  readonly body: B;
  readonly query: Q;
  readonly params: P;
  readonly ports: Ports;
  readonly origin: Origin;
  readonly now: number;
}

export type CallerFor<A extends Access> = {
  public: undefined;
  optional: Caller | undefined;
  bearer: Caller;
  account: Caller & { readonly account: Account };
  admin: Caller & { readonly account: Account };
}[A];

type Headers = Readonly<Record<string, string>>;

/** An answer; its status keeps its literal type, which tells the compiler which body belongs to it. */
export const reply = <N extends number, T = undefined>(status: N, body?: T, headers?: Headers) => ({ status, body: body as T, headers });

/** A documented status with the body that its schema describes. */
type Reply<S extends Successes> = {
  [K in keyof S]: { readonly status: K; readonly headers?: Headers | undefined } & (S[K] extends { readonly schema: z.ZodType<infer T> }
    ? { readonly body: T }
    : { readonly body: undefined });
}[keyof S];

type Handler<A extends Access, B, Q, P, S extends Successes, R extends Reason> = (
  call: Call<A, B, Q, P>,
) => Promise<Reply<S> | Refusal<R | CommonReason>> | Reply<S> | Refusal<R | CommonReason>;

/** Gives a contract its way to add operations, all of which say no in one dialect. */
export const operationsIn =
  <D extends Reason>({ app, documented }: Api, dialect: Dialect<D>) =>
  <A extends Access, S extends Successes, R extends D, B = undefined, Q = undefined, P = undefined>(
    operation: Operation<A, B, Q, P, S, R>,
    handler: Handler<A, B, Q, P, S, R>,
  ): void => {
    documented.push(() => documentOperation(operation, dialect));
    const limit = bodyLimit({
      maxSize: operation.maxBodyBytes ?? MAX_BODY_BYTES,
      onError: (c) => dialect.answer(c, refuse('payload_too_large')),
    });
    const respond = responder(operation, handler as unknown as AnyHandler<D>, dialect); // each part of its call is what its schema says
    app.on(operation.method.toUpperCase(), operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c: Context) => {
      const flooding = operation.flood && (await refuseFlood(c, operation.flood));
      if (flooding) return dialect.answer(c, flooding);
      const caller = await identify(c, operation.access);
      if (isRefusal(caller)) return dialect.answer(c, caller);
      if (!operation.body) return respond(c, caller);
      let answer: Response | undefined;
      const tooLarge = await limit(c, async () => {
        answer = await respond(c, caller);
      });
      return tooLarge ?? answer;
    });
  };

type AnyOperation<D extends Reason> = Operation<Access, unknown, unknown, unknown, Successes, D>;
type AnyHandler<D extends Reason> = (call: Call<'optional', unknown, unknown, unknown>) => Promise<AnyReply | Refusal<D | CommonReason>>;

/** Checks what was sent, asks the handler, and says what it answers. */
const responder =
  <D extends Reason>(operation: AnyOperation<D>, handler: AnyHandler<D>, dialect: Dialect<D>) =>
  async (c: Context, caller: Caller | undefined): Promise<Response> => {
    const params = check(operation.params, c.req.param(), 'not_found');
    if (isRefusal(params)) return dialect.answer(c, params);
    const query = check(operation.query, c.req.query(), 'invalid_query');
    if (isRefusal(query)) return dialect.answer(c, query);
    const body = operation.body
      ? await readBody(c, operation.body, operation.mediaTypes ?? ['application/json'], operation.form)
      : undefined;
    if (isRefusal(body)) return dialect.answer(c, body);
    const reply = await handler({ c, caller, params, query, body, ports: c.get('ports'), origin: originOf(c), now: c.get('now') });
    return isRefusal(reply) ? dialect.answer(c, reply) : say(c, reply as AnyReply); // what is left of the union, which a generic hides
  };

interface AnyReply {
  readonly status: ContentfulStatusCode;
  readonly headers?: Headers | undefined;
  readonly body: object | undefined;
}

const say = (c: Context, { status, body, headers }: AnyReply): Response =>
  body === undefined ? c.body(null, status, headers) : c.json(body, status, headers);

function check<T, R extends 'not_found' | 'invalid_query'>(
  schema: z.ZodType<T> | undefined,
  value: unknown,
  reason: R,
): T | undefined | Refusal<R> {
  const parsed = schema?.safeParse(value);
  if (!parsed || parsed.success) return parsed?.data;
  return refuse(reason, reason === 'not_found' ? {} : { errors: fieldErrors(parsed.error) });
}

function documentOperation<D extends Reason>(operation: AnyOperation<D>, dialect: Dialect<D>): RouteConfig {
  const { method, path, operationId, tag, summary, description, access, body, query, params, headers, answers } = operation;
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    description,
    security: access === 'public' ? [] : access === 'optional' ? [{}, ...WITH_A_TOKEN] : WITH_A_TOKEN,
    request: {
      ...(body ? { body: { required: true, content: documentBody(operation) as never } } : {}), // the library wants schemas of one exact class
      ...(query ? { query } : {}),
      ...(params ? { params } : {}),
      ...(headers ? { headers } : {}),
    },
    responses: { ...Object.fromEntries(Object.entries(answers).map(documentSuccess)), ...dialect.document(metBy(operation)) },
  };
}

/** Either a token that is there already, or one that a password gets at `/token`. */
const WITH_A_TOKEN: { readonly [scheme: string]: string[] }[] = [{ bearer: [] }, { password: [] }];

function documentBody<D extends Reason>({ body, bodyExample, form = body, formExample = bodyExample, mediaTypes }: AnyOperation<D>) {
  const json = { schema: body, example: bodyExample };
  const contentOf = (type: MediaType) => (type === 'application/x-www-form-urlencoded' ? { schema: form, example: formExample } : json);
  return Object.fromEntries((mediaTypes ?? ['application/json']).map((type) => [type, contentOf(type)]));
}

function documentSuccess([status, { description, schema, example, headers }]: [string, Success]): [string, ResponseConfig] {
  const content = schema ? { content: { 'application/json': { schema, example } } } : {};
  return [status, { description, ...content, ...(headers ? { headers } : {}) } as ResponseConfig]; // as above
}

/** Every reason an operation can meet, each once. */
function metBy<R extends Reason>({ access, body, query, params, flood, refuses }: AnyOperation<R>): readonly (R | CommonReason)[] {
  return [
    ...new Set<R | CommonReason>([
      ...(body ? (['malformed_body', 'invalid_body', 'payload_too_large', 'unsupported_media_type'] as const) : []),
      ...(query ? (['invalid_query'] as const) : []),
      ...(params ? (['not_found'] as const) : []),
      ...(flood ? (['too_many_requests'] as const) : []),
      ...reasonsOf(access),
      ...refuses,
      'internal_error',
      'unavailable',
    ]),
  ];
}
