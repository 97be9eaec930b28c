// Where a sign-in leads: to a page of ours, or through the authorization endpoint to an app.
import { parseRequest } from '../../domain/oauth/authorization-request.ts';
import { sourceOf } from '../../domain/oauth/redirect-uri.ts';
import type { Context } from '../context.ts';
import { safeNext } from '../pages/visitor.ts';

export interface Destination {
  /** The name of the app that asked for the sign-in. */
  readonly app?: string;
  /** Where a form may lead: browsers hold its redirects to the policy of the page that it is on. */
  readonly formTargets: readonly string[];
}

const OURS: Destination = { formTargets: [] };

/** An app that is unknown, or asks to go where it may not, is none: it will be told so by the authorization endpoint. */
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
