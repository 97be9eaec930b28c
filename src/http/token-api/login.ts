// Register, login, refresh and logout of the Token API.
import { register } from '../../domain/accounts/registration.ts';
import { WEAK_PASSWORD_REASONS } from '../../domain/passwords/policy.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { endByRefreshToken, refresh } from '../../domain/sessions/refresh.ts';
import { logInForPair } from '../../domain/sign-in/login.ts';
import { LOGIN_REASONS } from '../../domain/sign-in/sign-in.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { TokenPairBody, tokenPairExample, tokenPairView } from '../shapes/token-pair.ts';
import { LoggedOutBody, LoginBody, RefreshTokenBody, RegisterBody, RegisteredBody, registeredView } from './shapes.ts';

const tag = 'Token API';
const credentials = { email: 'user@example.com', password: 'password' };
const refreshTokenExample = { refresh_token: '0d6ac2b4-6f25-4d43-9f3e-6a2f9a3f1c55' };

export function loginOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/register',
      operationId: 'register',
      tag,
      summary: 'Sign up',
      description: 'Creates an account. A taken name is reported before a short password.',
      guard: anyone,
      rateLimit: 'sign-up',
      body: RegisterBody,
      bodyExample: credentials,
      answers: {
        201: {
          description: 'The account was created.',
          schema: RegisteredBody,
          example: { id: 1, email: 'user@example.com' },
        },
      },
      refuses: ['email_taken', 'username_taken', ...WEAK_PASSWORD_REASONS, 'identity_required', 'registration_closed'],
    },
    async ({ body: { email, username = null, password }, ports, audit }) => {
      const account = await register(ports, { email, username, password, data: {} }, audit);
      return isRefusal(account) ? account : reply(201, registeredView(account));
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/login',
      operationId: 'login',
      tag,
      summary: 'Log in for a token pair',
      description:
        'With an email or a username. An unknown account is refused with the same error, and after the same work, ' +
        'as a wrong password.',
      guard: anyone,
      rateLimit: 'sign-in',
      body: LoginBody,
      bodyExample: credentials,
      answers: {
        200: { description: 'A new session and its tokens.', schema: TokenPairBody, example: tokenPairExample },
      },
      refuses: LOGIN_REASONS,
    },
    async ({ body, ports, audit }) => {
      const pair = await logInForPair(ports, body, audit);
      return isRefusal(pair) ? pair : reply(200, tokenPairView(pair));
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/refresh',
      operationId: 'refresh',
      tag,
      summary: 'Exchange a refresh token for a new pair',
      description:
        'Resets both lifetimes. A used token that comes back is treated as theft, and its whole session is revoked. ' +
        'Refused refreshes count for a limit of the address, accepted ones do not.',
      guard: anyone,
      refusalLimit: 'refresh',
      body: RefreshTokenBody,
      bodyExample: refreshTokenExample,
      answers: {
        200: {
          description: 'The next pair. The presented token cannot be used again.',
          schema: TokenPairBody,
          example: tokenPairExample,
        },
      },
      refuses: ['invalid_refresh_token'],
    },
    async ({ body, ports, audit }) => {
      const pair = await refresh(ports, body.refresh_token, audit);
      return isRefusal(pair) ? pair : reply(200, tokenPairView(pair));
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/logout',
      operationId: 'logout',
      tag,
      summary: 'End the session of a refresh token',
      description:
        'Its access token stays valid until it expires, which is soon. Refused logouts count for a separate limit ' +
        'of the address, accepted ones do not.',
      guard: anyone,
      refusalLimit: 'logout',
      body: RefreshTokenBody,
      bodyExample: refreshTokenExample,
      answers: {
        200: { description: 'The session has ended.', schema: LoggedOutBody, example: { success: 'User logged out.' } },
      },
      refuses: ['invalid_refresh_token'],
    },
    async ({ body, ports, audit }) => {
      const ended = await endByRefreshToken(ports, null, body.refresh_token, audit);
      return isRefusal(ended) ? ended : reply(200, { success: 'User logged out.' });
    },
  );
}
