// Login and logout of the Session API.
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { logInForSessionToken } from '../../domain/sign-in/login.ts';
import { LOGIN_REASONS } from '../../domain/sign-in/sign-in.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { LogInBody, TokenBody, tokenView } from './shapes.ts';

const tag = 'Session API';
const tokenExample = {
  token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
  token_type: 'Bearer',
  expires_in: 24 * 60 * 60,
};

export function loginOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/auth',
      operationId: 'openSession',
      tag,
      summary: 'Log in for a session token',
      description:
        'Takes JSON or a form. An unknown account is refused with the same error, and after the same work, as a ' +
        'wrong password.',
      guard: anyone,
      rateLimit: 'sign-in',
      body: LogInBody,
      bodyExample: { username: 'ben', password: 'secret1' },
      mediaTypes: ['application/json', 'application/x-www-form-urlencoded'],
      answers: { 200: { description: 'A new session.', schema: TokenBody, example: tokenExample } },
      refuses: LOGIN_REASONS,
    },
    async ({ body: { username, ...secrets }, ports, audit }) => {
      const opened = await logInForSessionToken(ports, { identifier: { username }, ...secrets }, audit);
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
      description:
        'A session token stops working at once; an access token stays valid until it expires, which is soon.',
      guard: bearer,
      answers: { 204: { description: 'The session has ended.' } },
      refuses: [],
    },
    async ({ caller, ports, audit }) => {
      const ended = await ports.sessions.end(caller, audit);
      return ended ? reply(204) : refuse('token_revoked');
    },
  );
}
