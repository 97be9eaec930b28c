// Reauthentication makes the credentials of the caller's session recent again.
import { assertionOptions } from '../../domain/passkeys/assertion.ts';
import { isRefusal } from '../../domain/refusal.ts';
import {
  reauthenticate,
  reauthenticateWithPasskey,
  reauthenticationScope,
} from '../../domain/sign-in/reauthentication.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { RequestOptionsBody, requestOptionsView } from '../shapes/webauthn.ts';
import { requestOptionsExample } from './examples.ts';
import { ReauthenticationBody } from './factor-shapes.ts';

const tag = 'Identity';

export function reauthenticationOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/reauthenticate/options',
      operationId: 'reauthenticationOptions',
      tag,
      summary: 'Ask for the options of a reauthentication with a passkey',
      description: 'For `navigator.credentials.get()`, within 5 minutes and in this session. Writes nothing.',
      guard: bearer,
      answers: { 200: { description: 'The options.', schema: RequestOptionsBody, example: requestOptionsExample } },
      refuses: [],
    },
    async ({ ports, audit }) =>
      reply(200, requestOptionsView(await assertionOptions(ports, reauthenticationScope(audit), audit.now))),
  );

  operation(
    {
      method: 'post',
      path: '/api/reauthenticate',
      operationId: 'reauthenticate',
      tag,
      summary: 'Prove your credentials again',
      description:
        'With the password, and a code where the account has an authenticator app; or with a passkey. The session ' +
        'counts as proven now, by what was proven now. Wrong passwords are counted by session, wrong codes by account.',
      guard: bearer,
      rateLimit: 'sign-in',
      body: ReauthenticationBody,
      bodyExample: { password: 'password', otp: '492039' },
      answers: { 204: { description: "The session's credentials are recent." } },
      refuses: [
        'wrong_password',
        'second_factor_required',
        'invalid_second_factor',
        'invalid_passkey',
        'too_many_attempts',
      ],
    },
    async ({ body, ports, audit }) => {
      const renewed = await ('credential' in body
        ? reauthenticateWithPasskey(ports, body.credential, audit)
        : reauthenticate(ports, body, audit));
      return isRefusal(renewed) ? renewed : reply(204);
    },
  );
}
