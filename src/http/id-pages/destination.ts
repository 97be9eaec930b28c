// Where a sign-in leads: to a page of ours, or through the authorization endpoint to an app.
import { parseRequest } from '../../domain/oauth/authorization-request.ts';
import { sourceOf } from '../../domain/oauth/redirect-uri.ts';
import type { Context } from '../context.ts';
import { safeNext } from '../pages/visitor.ts';

export interface Destination {
  /** The name of the app that asked for the sign-in. */
  readonly app?: string;
  /** Sources of `form-action`: browsers apply a page's policy to the redirects of its forms as well. */
  readonly formTargets: readonly string[];
}

const OURS: Destination = { formTargets: [] };

/**
 * An unknown app, or one with a redirect that is not its own, counts as none: the authorization endpoint will refuse
 * it.
 */
export async function destinationOf(c: Context, next: string): Promise<Destination> {
  const { pathname, searchParams } = new URL(safeNext(next, c.req.url), c.req.url);
  const clientId = searchParams.get('client_id');
  if (!/^\/oauth\/authorize\/?$/.test(pathname) || clientId === null) return OURS;
  const found = await c.get('ports').clients.find(clientId);
  const parsed = parseRequest(Object.fromEntries(searchParams), [], found?.client);
  if (!found || parsed.kind === 'unanswerable') return OURS;
  const { redirectUri } = parsed.kind === 'request' ? parsed.request : parsed;
  return { app: found.client.name, formTargets: [sourceOf(redirectUri)] };
}
