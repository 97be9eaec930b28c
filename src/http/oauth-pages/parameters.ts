// The parameters of a request to a page of the provider, in its query or in a form.
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { type NoBodyReason, readBytes } from '../operation/receive.ts';
import { isSameOrigin } from '../pages/form.ts';

/** Parameters of our own forms alone; they are dropped from a client's request. */
const OWN = ['form_token', 'decision', 'shown'];

export interface Given {
  /** RFC 6749 §3.1: a parameter without a value counts as omitted. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** The names that occur more than once. */
  readonly repeated: readonly string[];
}

function given(all: URLSearchParams): Given {
  const names = [...all.keys()];
  return {
    parameters: Object.fromEntries([...all].filter(([, value]) => value !== '')),
    repeated: [...new Set(names.filter((name, index) => names.indexOf(name) !== index))],
  };
}

export function queryOf(c: Context): Given {
  const query = new URL(c.req.url).searchParams;
  for (const name of OWN) query.delete(name);
  return given(query);
}

/** A longer form would become a longer address than browsers and servers accept. */
const MAX_FORM_BYTES = 16 * 1024;

/**
 * Reads a form of one of our own pages. For a form of a client's page, which comes without the cookie (`SameSite=Lax`)
 * and changes nothing, returns the address of the same request as a `GET`.
 */
export async function formOf(c: Context): Promise<Given | { readonly location: string } | Refusal<NoBodyReason>> {
  const isOurs = isSameOrigin(c);
  const bytes = await readBytes(c, MAX_FORM_BYTES);
  c.set('now', c.get('clock')());
  if (isRefusal(bytes)) return bytes;
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  if (isOurs && form.has('decision')) return given(form);
  for (const name of OWN) form.delete(name);
  return { location: `${new URL(c.req.url).pathname}?${form}` };
}

/** Answers a form of ours by its handler, and any other by the redirect that `formOf` returned. */
export function respondTo(
  c: Context,
  outcome: Given | { readonly location: string } | Refusal<NoBodyReason>,
  handler: (given: Given) => Promise<Response>,
  onRefusal: (c: Context, refusal: Refusal<NoBodyReason>) => Response | Promise<Response>,
): Response | Promise<Response> {
  if (isRefusal(outcome)) return onRefusal(c, outcome);
  if ('location' in outcome) return c.redirect(outcome.location, 303);
  return handler(outcome);
}
