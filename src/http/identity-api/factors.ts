// The caller's second factor: an authenticator app and its recovery codes.
import { beginTotp, confirmTotp, remakeRecoveryCodes } from '../../domain/factors/enrolment.ts';
import { removeTotp } from '../../domain/factors/removal.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { FactorsBody, factorsView } from '../shapes/factors-body.ts';
import { OtpBody, RecoveryCodesBody, recoveryCodesView, TotpSetupBody, totpSetupView } from './factor-shapes.ts';

const tag = 'Identity';
const factorsExample = {
  totp: { created_at: '2026-11-20T21:00:00.000Z' },
  recovery_codes_left: 10,
  passkeys: [
    {
      id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      name: 'Phone',
      created_at: '2026-11-20T21:00:00.000Z',
      last_used_at: null,
      backed_up: true,
    },
  ],
};
const setupExample = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Latchkey:user%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Latchkey',
  qr: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
};
const codesExample = { recovery_codes: ['abcd-efgh-ijkl-mnop'] };

export function factorOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/factors',
      operationId: 'getFactors',
      tag,
      summary: 'Read your second factors and passkeys',
      description: 'No secret is ever shown again.',
      guard: bearer,
      answers: { 200: { description: 'The factors of the account.', schema: FactorsBody, example: factorsExample } },
      refuses: [],
    },
    async ({ caller, ports }) => reply(200, factorsView(await ports.factors.overview(caller.accountId))),
  );

  operation(
    {
      method: 'post',
      path: '/api/factors/totp',
      operationId: 'beginTotp',
      tag,
      summary: 'Set up an authenticator app',
      description: 'The secret is pending for 10 minutes, until its first code. Asking again replaces it.',
      guard: account,
      recent: 'always',
      answers: { 201: { description: 'The data that sets up the app.', schema: TotpSetupBody, example: setupExample } },
      refuses: ['factor_enrolled'],
    },
    async ({ caller, ports, audit }) => {
      const setup = await beginTotp(ports, caller.account, audit);
      return isRefusal(setup) ? setup : reply(201, totpSetupView(setup));
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/factors/totp/confirm',
      operationId: 'confirmTotp',
      tag,
      summary: 'Confirm an authenticator app by a code of it',
      description: 'From now on a login needs a code beside the password. The session counts as proven by both.',
      guard: bearer,
      rateLimit: 'sign-in',
      body: OtpBody,
      bodyExample: { otp: '492039' },
      answers: {
        200: { description: 'Ten codes, each of which works once.', schema: RecoveryCodesBody, example: codesExample },
      },
      refuses: ['invalid_confirmation_code', 'factor_not_pending'],
    },
    async ({ body, ports, audit }) => {
      const codes = await confirmTotp(ports, body.otp, audit);
      return isRefusal(codes) ? codes : reply(200, recoveryCodesView(codes));
    },
  );

  operation(
    {
      method: 'delete',
      path: '/api/factors/totp',
      operationId: 'removeTotp',
      tag,
      summary: 'Remove the authenticator app',
      description: 'Its recovery codes are removed with it.',
      guard: bearer,
      recent: 'always',
      answers: { 204: { description: 'A login no longer needs a code.' } },
      refuses: ['factor_not_found'],
    },
    async ({ ports, audit }) => {
      const removed = await removeTotp(ports, audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/factors/recovery-codes',
      operationId: 'remakeRecoveryCodes',
      tag,
      summary: 'Make new recovery codes',
      description: 'The earlier ones no longer work.',
      guard: bearer,
      recent: 'always',
      answers: {
        200: { description: 'Ten codes, each of which works once.', schema: RecoveryCodesBody, example: codesExample },
      },
      refuses: ['factor_not_found'],
    },
    async ({ ports, audit }) => {
      const codes = await remakeRecoveryCodes(ports, audit);
      return isRefusal(codes) ? codes : reply(200, recoveryCodesView(codes));
    },
  );
}
