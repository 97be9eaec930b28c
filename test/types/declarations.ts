// Code that must not compile: `tsc` fails where one of these lines does.
import { z } from '@hono/zod-openapi';
import { isRefusal, refuse } from '../../src/domain/refusal.ts';
import { logInForPair } from '../../src/domain/sign-in/login.ts';
import { AccountParams } from '../../src/http/admin-api/shapes.ts';
import type { Api } from '../../src/http/context.ts';
import { problem } from '../../src/http/errors/problem.ts';
import { reply } from '../../src/http/operation/declaration.ts';
import { anyone } from '../../src/http/operation/guards/anyone.ts';
import { operationsIn } from '../../src/http/operation/operation.ts';
import { TokenPairBody, tokenPairView } from '../../src/http/shapes/token-pair.ts';
import { LoginBody } from '../../src/http/token-api/shapes.ts';

const login = {
  method: 'post',
  path: '/api/login',
  operationId: 'login',
  tag: 'Token API',
  summary: 'Log in',
  description: '',
  guard: anyone,
  body: LoginBody,
  answers: { 200: { description: '', schema: TokenPairBody } },
} as const;

/** A handler that refuses for reasons which its declaration does not name. */
export function refusesForNothing(api: Api): void {
  operationsIn(api, problem)(
    { ...login, refuses: [] },
    // @ts-expect-error invalid_credentials, account_disabled and too_many_attempts are not declared
    async ({ body, ports, audit }) => {
      const pair = await logInForPair(ports, body, audit);
      return isRefusal(pair) ? pair : reply(200, tokenPairView(pair));
    },
  );
}

/** A handler that answers with a body which its declaration does not describe. */
export function answersSomethingElse(api: Api): void {
  operationsIn(api, problem)(
    { ...login, refuses: [] },
    // @ts-expect-error a token pair has more fields
    () => reply(200, { access_token: '' }),
  );
}

// @ts-expect-error a refusal has the facts of its own reason alone
export const factsOfAnotherReason = refuse('last_admin', { allow: [] });

// @ts-expect-error a lock tells when it ends
export const factsThatAreMissing = refuse('too_many_attempts');

/** Schemas that would be made anew for every request. */
export function schemasOfEachRequest(api: Api): void {
  operationsIn(api, problem)(
    {
      ...login,
      // @ts-expect-error only `once` makes a schema that stays
      body: () => z.object({ identifier: z.string() }),
      refuses: [],
    },
    () => refuse('not_found'),
  );
}

/** A body that has no more fields than its schema. */
export function fieldsOfABody(api: Api): void {
  operationsIn(api, problem)(
    { ...login, answers: { 204: { description: '' } }, refuses: [] },
    // @ts-expect-error the body of a login has no token
    ({ body }) => (body.token ? reply(204) : refuse('not_found')),
  );
}

/** Path parameters are of the types that their schemas parse to. */
export function typesOfParams(api: Api): void {
  operationsIn(api, problem)(
    { ...login, params: AccountParams, answers: { 204: { description: '' } }, refuses: [] },
    // @ts-expect-error an id is a number
    ({ params }) => (params.id.startsWith('1') ? reply(204) : refuse('not_found')),
  );
}
