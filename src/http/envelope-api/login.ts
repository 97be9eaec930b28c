// The Envelope API's way in and out: register, login, logout.

import { registerForSessionToken } from '../../domain/accounts/registration.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { logInForSessionToken } from '../../domain/sign-in/login.ts';
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { envelope, logoutEnvelope } from './error-format.ts';
import { LoginBody, messageBody, messageView, RegisterBody, tokenBody, tokenView } from './shapes.ts';

const tag = 'Envelope API';
const REGISTERED = 'Successfully registered.';
const LOGGED_IN = 'Successfully logged in.';
const LOGGED_OUT = 'Successfully logged out.';

const tokenExample = (message: string) => ({
  status: 'success',
  message,
  auth_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
});

export function sessionOperations(api: Api): void {
  const operation = operationsIn(api, envelope);

  operation(
    {
      method: 'post',
      path: '/auth/register',
      operationId: 'envelopeRegister',
      tag,
      summary: 'Sign up and log in',
      description:
        'Makes an account and opens its first session. The username may be left out where the setting `USERNAME_REQUIRED` is false.',
      access: 'public',
      flood: 'sign-up',
      body: RegisterBody,
      bodyExample: { username: 'ben', email: 'ben@example.com', password: '123456' },
      answers: {
        201: { description: 'The account was made.', schema: tokenBody(REGISTERED), example: tokenExample(REGISTERED) },
      },
      refuses: ['email_taken', 'username_taken', 'password_too_short', 'identity_required', 'registration_closed'],
    },
    async ({ body: { username = null, email, password }, ports, origin, now }) => {
      const settings = await ports.settings.current(now);
      if (settings.USERNAME_REQUIRED && username === null) return refuse('invalid_body');
      const opened = await registerForSessionToken(
        ports,
        { username, email, password, data: {} },
        settings,
        origin,
        now,
      );
      return isRefusal(opened) ? opened : reply(201, tokenView(REGISTERED, opened.token));
    },
  );

  operation(
    {
      method: 'post',
      path: '/auth/login',
      operationId: 'envelopeLogin',
      tag,
      summary: 'Log in for a session token',
      description: 'A wrong password is refused in the same words, and after the same work, as an unknown account.',
      access: 'public',
      flood: 'sign-in',
      body: LoginBody,
      bodyExample: { email: 'ben@example.com', password: '123456' },
      answers: {
        200: { description: 'A new session.', schema: tokenBody(LOGGED_IN), example: tokenExample(LOGGED_IN) },
      },
      refuses: ['invalid_credentials', 'account_disabled', 'too_many_attempts'],
    },
    async ({ body: { email, password }, ports, origin, now }) => {
      const opened = await logInForSessionToken(ports, { identifier: { email }, password }, origin, now);
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
          'GET and POST do the same. A session token works nowhere any more; an access token lives on to its own expiry, which is soon.',
        access: 'bearer',
        answers: {
          200: {
            description: 'The session has ended.',
            schema: messageBody(LOGGED_OUT),
            example: { status: 'success', message: LOGGED_OUT },
          },
        },
        refuses: [],
      },
      async ({ c, caller, ports, origin, now }) => {
        // HEAD answers as GET and has no effect (RFC 9110 §9.2.1), though this GET has one.
        const live =
          c.req.method === 'HEAD'
            ? ports.sessions.holder(caller.sessionId, now)
            : ports.sessions.end(caller, { ...origin, actorId: caller.accountId, now });
        return (await live) ? reply(200, messageView(LOGGED_OUT)) : refuse('token_revoked');
      },
    );
  }
}
