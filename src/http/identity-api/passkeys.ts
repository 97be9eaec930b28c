// The caller's passkeys: add one, name it, remove it.
import { addPasskey, registrationOptions, removePasskey } from '../../domain/passkeys/registration.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { PasskeyBody, passkeyView } from '../shapes/factors-body.ts';
import { CreationOptionsBody, creationOptionsView } from '../shapes/webauthn.ts';
import { creationOptionsExample, passkeyExample, registrationExample } from './examples.ts';
import { PasskeyNameBody, PasskeyParams, RegistrationBody } from './factor-shapes.ts';

const tag = 'Identity';
const DEFAULT_NAME = 'Passkey';

export function passkeyOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/passkeys/options',
      operationId: 'passkeyOptions',
      tag,
      summary: 'Ask for the options of a new passkey',
      description: 'For `navigator.credentials.create()`, within 5 minutes and in this session. Writes nothing.',
      guard: account,
      recent: 'always',
      answers: {
        200: { description: 'The options.', schema: CreationOptionsBody, example: creationOptionsExample },
      },
      refuses: [],
    },
    async ({ caller, ports, audit }) =>
      reply(200, creationOptionsView(await registrationOptions(ports, caller.account, audit))),
  );

  operation(
    {
      method: 'post',
      path: '/api/passkeys',
      operationId: 'addPasskey',
      tag,
      summary: 'Add a passkey',
      description: 'The response of the browser to the options. Each challenge works once.',
      guard: bearer,
      body: RegistrationBody,
      bodyExample: { name: 'Phone', credential: registrationExample },
      answers: {
        201: { description: 'The passkey signs in from now on.', schema: PasskeyBody, example: passkeyExample },
      },
      refuses: ['invalid_new_passkey', 'passkey_exists'],
    },
    async ({ body: { name = DEFAULT_NAME, credential }, ports, audit }) => {
      const passkey = await addPasskey(ports, credential, name, audit);
      return isRefusal(passkey) ? passkey : reply(201, passkeyView(passkey));
    },
  );

  operation(
    {
      method: 'patch',
      path: '/api/passkeys/{id}',
      operationId: 'renamePasskey',
      tag,
      summary: 'Name a passkey',
      description: 'To tell your passkeys apart; nobody else sees the name.',
      guard: bearer,
      params: PasskeyParams,
      body: PasskeyNameBody,
      bodyExample: { name: 'Phone' },
      answers: { 200: { description: 'The passkey with its new name.', schema: PasskeyBody, example: passkeyExample } },
      refuses: ['passkey_not_found'],
    },
    async ({ params, body, ports, audit }) => {
      const passkey = await ports.passkeys.rename(params.id, body.name, audit);
      return isRefusal(passkey) ? passkey : reply(200, passkeyView(passkey));
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/passkeys/{id}',
      operationId: 'removePasskey',
      tag,
      summary: 'Remove a passkey',
      description: 'The last way to sign in stays: a password, or another passkey, must be left.',
      guard: bearer,
      recent: 'always',
      params: PasskeyParams,
      answers: { 204: { description: 'The passkey no longer signs in.' } },
      refuses: ['passkey_not_found', 'last_credential'],
    },
    async ({ params, ports, audit }) => {
      const removed = await removePasskey(ports, params.id, audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );
}
