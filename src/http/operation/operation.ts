// An operation is one declaration: who may call it, what it takes, every answer and every refusal. Its handler can answer nothing else.
import type { z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Account } from '../../domain/accounts/account.ts';
import type { Origin } from '../../domain/audit/event.ts';
import { isRefusal, type Reason, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/bearer.ts';
import { type Api, type Context, originOf, type Ports } from '../context.ts';
import type { CommonReason, Dialect } from '../errors/error-format.ts';
import { fieldErrors, MAX_BODY_BYTES, type MediaType, readBody } from './body.ts';
import { documentOperation } from './document.ts';
import { type Access, identify } from './guards.ts';
import { type Flood, refuseFlood } from './rate-limit.ts';

/** One documented success. `schema` is absent where there is no body. */
export interface Success {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: z.ZodObject;
}

export type Successes = { readonly [status: number]: Success };

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
  /** Where a call without a body may be right; the schema decides, this tells the document. */
  readonly bodyRequired?: false;
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
  lenient: (Caller & { readonly account: Account }) | undefined;
  bearer: Caller;
  account: Caller & { readonly account: Account };
  admin: Caller & { readonly account: Account };
}[A];

type Headers = Readonly<Record<string, string>>;

/** An answer; its status keeps its literal type, which tells the compiler which body belongs to it. */
export const reply = <N extends number, T = undefined>(status: N, body?: T, headers?: Headers) => ({
  status,
  body: body as T,
  headers,
});

/** A documented status with the body that its schema describes. */
type Reply<S extends Successes> = {
  [K in keyof S]: { readonly status: K; readonly headers?: Headers | undefined } & (S[K] extends {
    readonly schema: z.ZodType<infer T>;
  }
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

/** An operation, whatever it takes and answers. */
export type AnyOperation<D extends Reason> = Operation<Access, unknown, unknown, unknown, Successes, D>;
type AnyHandler<D extends Reason> = (
  call: Call<'optional', unknown, unknown, unknown>,
) => Promise<AnyReply | Refusal<D | CommonReason>>;

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
    const reply = await handler({
      c,
      caller,
      params,
      query,
      body,
      ports: c.get('ports'),
      origin: originOf(c),
      now: c.get('now'),
    });
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
