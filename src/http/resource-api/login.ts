// POST /token: a session token for a password, by JSON or by the OAuth 2 password grant (RFC 6749 §4.3).
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { logInForSessionToken } from '../../domain/sign-in/login.ts';
import { LOGIN_REASONS } from '../../domain/sign-in/sign-in.ts';
import type { Api } from '../context.ts';
import { oauth } from '../errors/oauth.ts';
import { UNCACHED } from '../errors/oauth-forms.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { AccessTokenBody, accessTokenView, CredentialsBody, PasswordGrantForm } from './login-shapes.ts';

const example = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
  token_type: 'Bearer',
  expires_in: 86_400,
};

export function loginOperations(api: Api): void {
  operationsIn(api, oauth)(
    {
      method: 'post',
      path: '/token',
      operationId: 'createToken',
      tag: 'Resource API',
      summary: 'Log in for a session token',
      description:
        'Takes JSON, or the form of the OAuth 2 password grant, whose `username` may be an email and whose client ' +
        'credentials and scope are ignored. Errors to a form are those of RFC 6749 §5.2.',
      guard: anyone,
      rateLimit: 'sign-in',
      body: CredentialsBody,
      bodyExample: { email: 'user@example.com', password: 'password' },
      form: PasswordGrantForm,
      formExample: { grant_type: 'password', username: 'user@example.com', password: 'password' },
      mediaTypes: ['application/json', 'application/x-www-form-urlencoded'],
      answers: { 200: { description: 'A new session and its token.', schema: AccessTokenBody, example } },
      refuses: [...LOGIN_REASONS, 'unsupported_grant_type'],
    },
    async ({ body: credentials, ports, audit }) => {
      if (credentials === 'another grant') return refuse('unsupported_grant_type');
      const opened = await logInForSessionToken(ports, credentials, audit);
      return isRefusal(opened) ? opened : reply(200, accessTokenView(opened), UNCACHED);
    },
  );
}
