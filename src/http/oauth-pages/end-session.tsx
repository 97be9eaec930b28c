// GET and POST /oauth/end-session: a client signs a person out here as well (RP-Initiated Logout).
import type { FC } from 'hono/jsx';
import { type Logout, parseLogout } from '../../domain/oauth/logout.ts';
import { sourceOf } from '../../domain/oauth/redirect-uri.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { endPageSession } from '../../domain/sign-in/page-session.ts';
import { isCsrfToken } from '../../domain/tokens/csrf-token.ts';
import type { Api, Context } from '../context.ts';
import { FormToken, nameOf } from '../pages/components.tsx';
import { cookieOf, deleteSessionCookie } from '../pages/cookie.ts';
import { respondPanel } from '../pages/panel.tsx';
import { auditOf, callerOf, type Visitor, visitorOf } from '../pages/visitor.ts';
import { errors, sayUnanswerable } from './error-page.tsx';
import { formOf, type Given, queryOf, respondTo } from './parameters.ts';

const PATH = '/oauth/end-session';

export function endSessionPages({ app }: Api): void {
  app.get(PATH, (c) => endSession(c, queryOf(c).parameters));
  app.post(PATH, async (c) => respondTo(c, await formOf(c), (given) => decide(c, given), errors.respondRefusal));
}

/**
 * An ID token of the signed-in account shows that its client asks, and signs out at once; any other link asks first.
 */
async function endSession(c: Context, parameters: Given['parameters']): Promise<Response> {
  const logout = await parseLogout(c.get('ports'), parameters);
  if (!logout) return sayUnanswerable(c, 'foreign_logout');
  const visitor = await visitorOf(c);
  if (isRefusal(visitor)) return goOn(c, logout, parameters);
  if (logout.hint?.accountId !== visitor.account.id) return ask(c, visitor, logout, parameters);
  // A HEAD answers as GET, and has no effects.
  if (c.req.raw.method === 'HEAD') return c.body(null);
  return signOut(c, visitor, logout, parameters);
}

async function decide(c: Context, { parameters }: Given): Promise<Response> {
  const { form_token: token = '', decision, ...asked } = parameters;
  const visitor = await visitorOf(c);
  if (isRefusal(visitor)) return endSession(c, asked);
  if (!(await isCsrfToken(c.get('ports').issuer.keys, visitor.sessionId, token))) return errors.sayStaleForm(c);
  const logout = await parseLogout(c.get('ports'), asked);
  if (!logout) return sayUnanswerable(c, 'foreign_logout');
  return decision === 'sign_out' ? signOut(c, visitor, logout, asked) : c.redirect('/id', 303);
}

/** Ends the browser's session, and the client's sessions of the same account. */
async function signOut(
  c: Context,
  visitor: Visitor,
  logout: Logout,
  parameters: Given['parameters'],
): Promise<Response> {
  const ports = c.get('ports');
  const audit = auditOf(c, callerOf(visitor), null);
  if (logout.client) await ports.grants.endSessions(visitor.account.id, logout.client.id, audit);
  await endPageSession(ports, cookieOf(c), audit);
  deleteSessionCookie(c);
  return goOn(c, logout, parameters);
}

function goOn(c: Context, { redirectUri }: Logout, { state }: Given['parameters']): Response {
  if (redirectUri === undefined) return c.redirect('/id/sign-in?done=signed-out', 303);
  const query = state === undefined ? '' : `${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`;
  return c.redirect(`${redirectUri}${query}`, 303);
}

const ask = (c: Context, visitor: Visitor, logout: Logout, parameters: Given['parameters']): Promise<Response> =>
  respondPanel(
    c,
    { title: 'Sign out?', formTargets: logout.redirectUri === undefined ? [] : [sourceOf(logout.redirectUri)] },
    <Question visitor={visitor} logout={logout} parameters={parameters} />,
  );

const Question: FC<{ visitor: Visitor; logout: Logout; parameters: Given['parameters'] }> = ({
  visitor: { account, formToken },
  logout: { client },
  parameters,
}) => (
  <>
    <p>
      {client ? <strong>{client.name}</strong> : 'An app'} asks to sign out <strong>{nameOf(account)}</strong> here as
      well.
    </p>
    <form method="post" action={PATH} class="stack">
      <FormToken token={formToken} />
      {Object.entries(parameters).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
      <button type="submit" name="decision" value="sign_out" class="primary">
        Sign out
      </button>
      <button type="submit" name="decision" value="stay">
        Stay signed in
      </button>
    </form>
  </>
);
