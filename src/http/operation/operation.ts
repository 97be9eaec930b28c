// The pipeline of an operation: rate limits, body, caller, validation, handler, response.
import type { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isRefusal, type Reason, type Refusal, refuse } from '../../domain/refusal.ts';
import { heldToFactors } from '../../domain/sign-in/caller.ts';
import type { Api, Context } from '../context.ts';
import type { CommonReason, ErrorFormat } from '../errors/error-format.ts';
import type { Once } from '../once.ts';
import { refuseOverAccountLimit, refuseRememberedAccount } from './account-limit.ts';
import { fieldErrors, receiveBody } from './body.ts';
import type { Answers, AnyCaller, AnyOperation, Call, Handler, Headers, Operation } from './declaration.ts';
import { documentOperation } from './document.ts';
import { auditContextOf, identified } from './guards/guard.ts';
import { countRefusal, refuseOverLimit, refuseRemembered } from './rate-limit.ts';
import { MAX_BODY_BYTES } from './receive.ts';
import { withRecent } from './recent.ts';
import { recordRefusedAccess } from './refused-access.ts';
import { isOfEntities, withinScope } from './scope.ts';
import { streamOf } from './stream.ts';

/** Returns the function by which a contract adds its operations, all of which report errors in one format. */
export const operationsIn =
  <D extends Reason>({ app, documented }: Api, format: ErrorFormat<D>) =>
  <C extends AnyCaller, S extends Answers, R extends D, B = undefined, Q = undefined, P = undefined>(
    operation: Operation<C, B, Q, P, S, R>,
    // Inferred from the declaration alone: a handler that refuses for an undeclared reason must not compile.
    handler: Handler<C, B, Q, P, S, NoInfer<R>>,
  ): void => {
    const any = operation as unknown as AnyOperation<D>; // each part of a call is what its schema says
    documented.push(() => documentOperation(any, format));
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(operation.method.toUpperCase(), path, async (c: Context) => {
      const outcome = await limited(c, any, () => answer(c, any, handler as unknown as AnyHandler<D>));
      if (!isRefusal(outcome)) return send(c, any.answers, outcome as AnyReply);
      if (outcome.refused === 'forbidden' && operation.guard.role === 'admin')
        await recordRefusedAccess(c, `${operation.method.toUpperCase()} ${operation.path}`);
      return format.respond(c, outcome as Refusal<D>);
    });
  };

interface AnyReply {
  readonly status: ContentfulStatusCode;
  readonly headers?: Headers | undefined;
  readonly body: object | undefined;
}

type ReceivedBody = Exclude<Awaited<ReturnType<typeof receiveBody>>, Refusal>;
/**
 * The outcome of an operation. Its reasons are some of the format's, of which the compiler sees none while `D` is open:
 * hence `as Outcome<D>` and `as Refusal<D>` below. A value that is no refusal is a caller or a reply, as its cast says.
 */
type Outcome<D extends Reason> = AnyReply | Refusal<D | CommonReason>;
type AnyHandler<D extends Reason> = (call: Call<AnyCaller, unknown, unknown, unknown>) => Promise<Outcome<D>>;

/** Applies an operation's rate limits: some count a call before it runs, others after it was refused. */
async function limited<D extends Reason>(
  c: Context,
  { rateLimit, refusalLimit, accountLimit }: AnyOperation<D>,
  run: () => Promise<Outcome<D>>,
): Promise<Outcome<D>> {
  const overLimit =
    (rateLimit && (await refuseOverLimit(c, rateLimit))) ??
    (refusalLimit && refuseRemembered(c, refusalLimit)) ??
    (accountLimit && (await refuseRememberedAccount(c, accountLimit)));
  if (overLimit) return overLimit as Outcome<D>;
  const outcome = await run();
  if (!refusalLimit || !isRefusal(outcome)) return outcome;
  return ((await countRefusal(c, refusalLimit)) as Outcome<D> | undefined) ?? outcome;
}

/** Runs the pipeline. The caller is identified when the body has arrived: a right may end while a body is held back. */
async function answer<D extends Reason>(
  c: Context,
  operation: AnyOperation<D>,
  handler: AnyHandler<D>,
): Promise<Outcome<D>> {
  const { guard, maxBodyBytes = MAX_BODY_BYTES } = operation;
  const isLarge = maxBodyBytes > MAX_BODY_BYTES;
  const sender = isLarge ? await admitted(c, operation) : undefined;
  if (isRefusal(sender)) return sender as Outcome<D>;
  const { body } = operation;
  const received = body && (await receiveBody(c, { ...operation, body }, maxBodyBytes));
  c.set('now', c.get('clock')());
  const caller = await (isLarge ? callerOf(c, operation) : admitted(c, operation));
  if (isRefusal(caller)) return caller as Outcome<D>;
  if (isRefusal(received)) return received as Outcome<D>;
  const input = validate(c, operation, received);
  if (isRefusal(input)) return input as Outcome<D>;
  const acting = await withRecent(c, operation.recent, caller as AnyCaller, input.body);
  if (isRefusal(acting)) return acting as Outcome<D>;
  const audit = auditContextOf(c, acting as AnyCaller, guard.role ?? null);
  return handler({ c, caller: acting as AnyCaller, audit, ports: c.get('ports'), ...input });
}

/** The caller that the guard identifies, where its token may call the operation. */
async function callerOf<D extends Reason>(c: Context, operation: AnyOperation<D>) {
  const caller = await identified(c, operation.guard);
  if (isRefusal(caller)) return caller;
  const within = withinScope(operation, caller as AnyCaller);
  if (!within || isRefusal(within) || !isOfEntities(operation)) return within;
  return heldToFactors(c.get('ports'), within, c.get('now'));
}

/** Identifies the caller and counts the call for its account. */
async function admitted<D extends Reason>(c: Context, operation: AnyOperation<D>) {
  const caller = await callerOf(c, operation);
  if (isRefusal(caller) || !caller || !operation.accountLimit) return caller;
  return (await refuseOverAccountLimit(c, operation.accountLimit, caller)) ?? caller;
}

/** The path parameters and query, as their schemas parse them, and the body that was received. */
function validate<D extends Reason>(c: Context, operation: AnyOperation<D>, received: ReceivedBody | undefined) {
  const params = check(operation.params, c.req.param(), 'not_found');
  if (isRefusal(params)) return params;
  const query = check(operation.query, c.req.query(), 'invalid_query');
  if (isRefusal(query)) return query;
  const body = received?.();
  return isRefusal(body) ? body : { params, query, body };
}

function check<T, R extends 'not_found' | 'invalid_query'>(
  schema: Once<z.ZodType<T>> | undefined,
  value: unknown,
  reason: R,
) {
  const parsed = schema?.().safeParse(value);
  if (!parsed || parsed.success) return parsed?.data;
  return reason === 'not_found' ? refuse('not_found') : refuse('invalid_query', { errors: fieldErrors(parsed.error) });
}

function send(c: Context, answers: Answers, { status, body, headers }: AnyReply): Response {
  if (body === undefined) return c.body(null, status, headers);
  const mediaType = answers[status]?.streamed;
  if (!mediaType) return c.json(body, status, headers);
  const pieces = body as AsyncIterable<string>; // as the declaration says
  return c.body(streamOf(pieces), status, { 'Content-Type': mediaType, ...headers });
}
