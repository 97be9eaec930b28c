// Schemas that are made when they are first used. An isolate would otherwise make those of every operation before its
// first request, which needs one or two of them; those of answers are for the OpenAPI document alone.
import type { z } from '@hono/zod-openapi';

declare const madeOnce: unique symbol;

/** Returns the same value at every call. No other function has this type: it would make a schema for each request. */
export interface Once<T> {
  (): T;
  readonly [madeOnce]: true;
}

/** Returns a function that makes its value at the first call. */
export function once<T>(make: () => T): Once<T> {
  let value: T | undefined;
  const get = (): T => {
    value ??= make();
    return value;
  };
  return get as Once<T>; // the symbol exists for the compiler alone
}

/** The type of what a schema of `once` parses to. */
export type Infer<S extends () => z.ZodType> = z.infer<ReturnType<S>>;
