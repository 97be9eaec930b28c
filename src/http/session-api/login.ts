// The Session API's way in and out: a session token for a username and its password.

import { isRefusal, refuse } from '../../domain/refusal.ts';
import { logInForSessionToken } from '../../domain/sign-in/login.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { LogInBody, TokenBody, tokenView } from './shapes.ts';

const tag = 'Session API';
const tokenExample = {
  token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
  token_type: 'Bearer',
  expires_in: 24 * 60 * 60,
};

export function tokenOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/auth',
      operationId: 'openSession',
      tag,
      summary: 'Log in for a session token',
      description:
        'Takes JSON or a form. An unknown account is refused in the same words, and after the same work, as a wrong password.',
      access: 'public',
      flood: 'sign-in',
      body: LogInBody,
      bodyExample: { username: 'ben', password: 'secret1' },
      mediaTypes: ['application/json', 'application/x-www-form-urlencoded'],
      answers: { 200: { description: 'A new session.', schema: TokenBody, example: tokenExample } },
      refuses: ['invalid_credentials', 'account_disabled', 'too_many_attempts'],
    },
    async ({ body: { username, password }, ports, origin, now }) => {
      const opened = await logInForSessionToken(ports, { identifier: { username }, password }, origin, now);
      return isRefusal(opened) ? opened : reply(200, tokenView(opened));
    },
  );

  operation(
    {
      method: 'delete',
      path: '/auth',
      operationId: 'closeSession',
      tag,
      summary: 'End the session of the token',
      description: 'A session token works nowhere any more; an access token lives on to its own expiry, which is soon.',
      access: 'bearer',
      answers: { 204: { description: 'The session has ended.' } },
      refuses: [],
    },
    async ({ caller, ports, origin, now }) => {
      const ended = await ports.sessions.end(caller, { ...origin, actorId: caller.accountId, now });
      return ended ? reply(204) : refuse('token_revoked');
    },
  );
}
