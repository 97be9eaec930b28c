// The declaration of an operation: who may call it, what it takes, every answer and every refusal.
import type { z } from '@hono/zod-openapi';
import type { Scope } from '../../domain/oauth/scopes.ts';
import type { Reason, Refusal } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/caller.ts';
import type { Context, Ports } from '../context.ts';
import type { CommonReason } from '../errors/error-format.ts';
import type { Once } from '../once.ts';
import type { AccountLimit } from './account-limit.ts';
import type { MediaType } from './body.ts';
import type { BodyReader } from './body-reader.ts';
import type { AuditOf, Guard } from './guards/guard.ts';
import type { RateLimit, RefusalLimit } from './rate-limit.ts';
import type { RecentFor } from './recent.ts';

/** One documented answer. `schema` is absent where there is no body. The document alone makes its schemas. */
export interface Answer {
  readonly description: string;
  readonly schema?: () => z.ZodType;
  readonly example?: unknown;
  readonly headers?: () => z.ZodObject;
  /** The media type of a body that is sent in pieces while it is made. */
  readonly streamed?: 'application/json' | 'application/x-ndjson';
}

export type Answers = { readonly [status: number]: Answer };

export type AnyCaller = Caller | undefined;

export interface Operation<C extends AnyCaller, B, Q, P, S extends Answers, R extends Reason> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Whole, with `{name}` for parameters and no trailing slash: both forms match. */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly guard: Guard<C>;
  /** The scope that a client's token must have; by default `account`. */
  readonly scope?: Scope;
  /** The calls that need credentials which were proven a short while ago. None where absent. */
  readonly recent?: RecentFor<B>;
  readonly body?: Once<z.ZodType<B>>;
  readonly bodyExample?: unknown;
  /** For the document, where a call without a body may be valid. The schema decides. */
  readonly bodyRequired?: false;
  /** The schema of a form, where it differs from that of JSON. */
  readonly form?: Once<z.ZodType<B>>;
  readonly formExample?: unknown;
  readonly mediaTypes?: readonly MediaType[];
  /** The most lines of an NDJSON body. */
  readonly maxLines?: number;
  /** Above 64 KiB the caller is identified before the body is read as well as after it. */
  readonly maxBodyBytes?: number;
  /** Parses the body as it arrives, in place of the schema, which is for the document alone then. */
  readonly reader?: () => BodyReader<B>;
  /** The rate limit that counts this operation's calls from one network. */
  readonly rateLimit?: RateLimit;
  /** The rate limit that counts this operation's calls by one account. */
  readonly accountLimit?: AccountLimit;
  /** The rate limit that counts this operation's refusals to one network. */
  readonly refusalLimit?: RefusalLimit;
  readonly query?: Once<z.ZodType<Q> & z.ZodObject>;
  readonly params?: Once<z.ZodType<P> & z.ZodObject>;
  /** Request headers that the handler reads, for the document. */
  readonly headers?: () => z.ZodObject;
  readonly answers: S;
  /** The operation's own reasons. Those of its guard, body, query and limits follow from the declaration. */
  readonly refuses: readonly R[];
}

/** The handler's argument. */
export interface Call<C extends AnyCaller, B, Q, P> {
  readonly c: Context;
  readonly caller: C;
  /** The caller, the right, the client and the time: `audit.now` is the time of the request. */
  readonly audit: AuditOf<C>;
  readonly body: B;
  readonly query: Q;
  readonly params: P;
  readonly ports: Ports;
}

export type Headers = Readonly<Record<string, string>>;

/** An answer. Its status keeps its literal type, by which the compiler checks the body. */
export const reply = <N extends number, T = undefined>(status: N, body?: T, headers?: Headers) => ({
  status,
  body: body as T, // undefined only where T is
  headers,
});

/** A documented status with the body that its schema describes. */
type Reply<S extends Answers> = {
  [K in keyof S]: { readonly status: K; readonly headers?: Headers | undefined; readonly body: BodyOf<S[K]> };
}[keyof S];

type BodyOf<A> = A extends { readonly streamed: string }
  ? AsyncIterable<string>
  : A extends { readonly schema: () => z.ZodType<infer T> }
    ? T
    : undefined;

type Outcome<S extends Answers, R extends Reason> = Reply<S> | Refusal<R | CommonReason>;

export type Handler<C extends AnyCaller, B, Q, P, S extends Answers, R extends Reason> = (
  call: Call<C, B, Q, P>,
) => Promise<Outcome<S, R>> | Outcome<S, R>;

/** An operation, whatever it takes and answers. */
export type AnyOperation<D extends Reason> = Operation<AnyCaller, unknown, unknown, unknown, Answers, D>;
