// Login with a passkey: the browser lets the person choose one, and the passkey identifies the account.
import { assertionOptions } from '../../domain/passkeys/assertion.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { logInWithPasskey } from '../../domain/sign-in/passkey-login.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { TokenPairBody, tokenPairExample, tokenPairView } from '../shapes/token-pair.ts';
import { RequestOptionsBody, requestOptionsView } from '../shapes/webauthn.ts';
import { assertionExample, requestOptionsExample } from './examples.ts';
import { AssertionBody } from './factor-shapes.ts';

const tag = 'Identity';

export function passkeyLoginOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/login/passkey/options',
      operationId: 'passkeyLoginOptions',
      tag,
      summary: 'Ask for the options of a login with a passkey',
      description:
        'For `navigator.credentials.get()`, within 5 minutes. It names no account and no passkey, and writes nothing.',
      guard: anyone,
      rateLimit: 'sign-in',
      answers: { 200: { description: 'The options.', schema: RequestOptionsBody, example: requestOptionsExample } },
      refuses: [],
    },
    async ({ ports, audit }) =>
      reply(200, requestOptionsView(await assertionOptions(ports, { purpose: 'login' }, audit.now))),
  );

  operation(
    {
      method: 'post',
      path: '/api/login/passkey',
      operationId: 'logInWithPasskey',
      tag,
      summary: 'Log in with a passkey for a token pair',
      description: 'A passkey is two factors: no code is asked for. Each challenge works once.',
      guard: anyone,
      rateLimit: 'sign-in',
      body: AssertionBody,
      bodyExample: { credential: assertionExample },
      answers: {
        200: { description: 'A new session and its tokens.', schema: TokenPairBody, example: tokenPairExample },
      },
      refuses: ['invalid_passkey', 'account_disabled', 'email_not_verified'],
    },
    async ({ body, ports, audit }) => {
      const pair = await logInWithPasskey(ports, body.credential, audit);
      return isRefusal(pair) ? pair : reply(200, tokenPairView(pair));
    },
  );
}
