// Register, login and logout of the Envelope API.
import { z } from '@hono/zod-openapi';
import { registerForSessionToken } from '../../domain/accounts/registration.ts';
import { WEAK_PASSWORD_REASONS } from '../../domain/passwords/policy.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { logInForSessionToken } from '../../domain/sign-in/login.ts';
import { LOGIN_REASONS } from '../../domain/sign-in/sign-in.ts';
import type { Api } from '../context.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { envelope, logoutEnvelope } from './error-format.ts';
import { LoginBody, messageBody, messageView, RegisterBody, tokenBody, tokenView } from './shapes.ts';

const tag = 'Envelope API';
const REGISTERED = 'Successfully registered.';
const REGISTERED_UNVERIFIED = 'Successfully registered. Please verify your email.';
const LOGGED_IN = 'Successfully logged in.';
const LOGGED_OUT = 'Successfully logged out.';

const registeredBody = once(() => z.union([tokenBody(REGISTERED), messageBody(REGISTERED_UNVERIFIED)]));

const tokenExample = (message: string) => ({
  status: 'success',
  message,
  auth_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
});

export function loginOperations(api: Api): void {
  const operation = operationsIn(api, envelope);

  operation(
    {
      method: 'post',
      path: '/auth/register',
      operationId: 'envelopeRegister',
      tag,
      summary: 'Sign up and log in',
      description:
        'Creates an account and opens its first session. The username is optional if the setting ' +
        '`USERNAME_REQUIRED` is false. Where the email must be verified first, there is no `auth_token`.',
      guard: anyone,
      rateLimit: 'sign-up',
      body: RegisterBody,
      bodyExample: { username: 'ben', email: 'ben@example.com', password: '123456' },
      answers: {
        201: {
          description: 'The account was created.',
          schema: registeredBody,
          example: tokenExample(REGISTERED),
        },
      },
      refuses: ['email_taken', 'username_taken', ...WEAK_PASSWORD_REASONS, 'identity_required', 'registration_closed'],
    },
    async ({ body: { username = null, email, password }, ports, audit }) => {
      const opened = await registerForSessionToken(ports, { username, email, password, data: {} }, audit);
      if (isRefusal(opened)) return opened;
      return reply(
        201,
        opened === 'unverified' ? messageView(REGISTERED_UNVERIFIED) : tokenView(REGISTERED, opened.token),
      );
    },
  );

  operation(
    {
      method: 'post',
      path: '/auth/login',
      operationId: 'envelopeLogin',
      tag,
      summary: 'Log in for a session token',
      description: 'A wrong password is refused with the same error, and after the same work, as an unknown account.',
      guard: anyone,
      rateLimit: 'sign-in',
      body: LoginBody,
      bodyExample: { email: 'ben@example.com', password: '123456' },
      answers: {
        200: { description: 'A new session.', schema: () => tokenBody(LOGGED_IN), example: tokenExample(LOGGED_IN) },
      },
      refuses: LOGIN_REASONS,
    },
    async ({ body: { email, ...secrets }, ports, audit }) => {
      const opened = await logInForSessionToken(ports, { identifier: { email }, ...secrets }, audit);
      return isRefusal(opened) ? opened : reply(200, tokenView(LOGGED_IN, opened.token));
    },
  );

  for (const [method, operationId] of [
    ['get', 'envelopeLogoutByGet'],
    ['post', 'envelopeLogout'],
  ] as const) {
    operationsIn(api, logoutEnvelope)(
      {
        method,
        path: '/auth/logout',
        operationId,
        tag,
        summary: 'End the session of the token',
        description:
          'GET and POST do the same. A session token stops working at once; an access token stays valid until it ' +
          'expires, which is soon.',
        guard: bearer,
        answers: {
          200: {
            description: 'The session has ended.',
            schema: () => messageBody(LOGGED_OUT),
            example: { status: 'success', message: LOGGED_OUT },
          },
        },
        refuses: [],
      },
      async ({ c, caller, ports, audit }) => {
        // HEAD answers as GET but has no effect (RFC 9110 §9.2.1), although this GET has one.
        const live =
          c.req.method === 'HEAD'
            ? ports.sessions.findLive(caller.sessionId, audit.now)
            : ports.sessions.end(caller, audit);
        return (await live) ? reply(200, messageView(LOGGED_OUT)) : refuse('token_revoked');
      },
    );
  }
}
