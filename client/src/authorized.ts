// Calls with the session's token: refreshed where it is due, and sent again where the server asks for a fresher token
// or for recent credentials.
import type { Session } from './session.ts';
import type { StoredPair } from './storage.ts';

export type Send = (request: Request) => Promise<Response>;

/** Called where a call needs recent credentials: reauthenticates, and tells whether it did. */
export type Reauthenticate = () => boolean | Promise<boolean>;

/** Sends as the session that is current when a call begins, never as a later one. */
export function authorizedBy(session: Session, send: Send, reauthenticate: Reauthenticate | undefined): Send {
  let asking: Promise<boolean> | undefined;

  /** With a fresh token, and once more where the server finds it expired. */
  const sendAs = async (pair: StoredPair, request: Request): Promise<Response> => {
    // If the pair can't be refreshed now, the old token may still be valid; if not, the call is answered as the refresh
    // was.
    await session.freshen(pair);
    const token = (await session.latestOf(pair))?.access_token;
    if (token === undefined) return send(request);
    const answer = await send(bearing(request.clone(), token));
    const refusal = await refusalOf(answer);
    if (refusal === 'revoked') await session.exclusively(() => session.end(pair, 'refused'));
    if (refusal !== 'expired') return answer;
    const undecided = await session.freshen(pair, token);
    return undecided?.clone() ?? send(bearing(request, (await session.latestOf(pair))?.access_token));
  };

  /** Once for all calls that wait for it. */
  const isProvenAnew = (): Promise<boolean> => {
    asking ??= (async () => (await reauthenticate?.()) ?? false)().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return async (request) => {
    const pair = request.headers.has('Authorization') ? undefined : await session.current();
    if (!pair) return send(request);
    const answer = await sendAs(pair, request.clone());
    return (await refusalOf(answer)) === 'not recent' && (await isProvenAnew()) ? sendAs(pair, request) : answer;
  };
}

function bearing(request: Request, token: string | undefined): Request {
  if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

/** The reason of a 401 or a 403, from problem details or from the Envelope API. */
async function refusalOf(answer: Response): Promise<'expired' | 'revoked' | 'not recent' | undefined> {
  if (answer.status !== 401 && answer.status !== 403) return undefined;
  const text = await answer.clone().text();
  if (/"reauthentication_required"|"Reauthentication required\."/.test(text)) return 'not recent';
  if (/"token_expired"|"Signature expired\./.test(text)) return 'expired';
  return /"token_revoked"|"Token blacklisted\./.test(text) ? 'revoked' : undefined;
}
