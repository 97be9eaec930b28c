// The discovery documents (RFC 8414, OpenID Connect Discovery), which list only supported features.
import { z } from '@hono/zod-openapi';
import { ALL_SCOPES } from '../../domain/oauth/scopes.ts';
import { GRANT_TYPES } from '../../domain/oauth/token-endpoint.ts';
import type { Issuer } from '../../domain/tokens/jwt.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';

const ANY_CLIENT = ['none', 'client_secret_basic', 'client_secret_post'];
const CONFIDENTIAL_CLIENT = ['client_secret_basic', 'client_secret_post'];
const CLAIMS = [
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid'],
  ...['preferred_username', 'updated_at', 'email', 'email_verified'],
];

/** Also lists values whose absence would mean a default of the specification (Discovery §3). */
const metadataOf = ({ name, keys }: Issuer) => ({
  issuer: name,
  authorization_endpoint: `${name}/oauth/authorize`,
  token_endpoint: `${name}/oauth/token`,
  revocation_endpoint: `${name}/oauth/revoke`,
  introspection_endpoint: `${name}/oauth/introspect`,
  userinfo_endpoint: `${name}/oauth/userinfo`,
  end_session_endpoint: `${name}/oauth/end-session`,
  jwks_uri: `${name}/.well-known/jwks.json`,
  service_documentation: `${name}/docs`,
  scopes_supported: [...ALL_SCOPES],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: [...GRANT_TYPES],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ANY_CLIENT,
  revocation_endpoint_auth_methods_supported: ANY_CLIENT,
  introspection_endpoint_auth_methods_supported: CONFIDENTIAL_CLIENT,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: keys.rsa ? ['ES256', 'RS256'] : ['ES256'],
  acr_values_supported: ['aal1', 'aal2'],
  prompt_values_supported: ['none', 'login', 'consent'],
  claims_supported: CLAIMS,
  claims_parameter_supported: false,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  require_request_uri_registration: false,
  authorization_response_iss_parameter_supported: true,
});

const MetadataBody = once(() => z.looseObject({ issuer: z.string() }).openapi('ProviderMetadata'));
const example = { issuer: 'https://id.example.com', token_endpoint: 'https://id.example.com/oauth/token' };

/** As long as for the keys: the content changes only with a deployment. */
const MAX_AGE_SECONDS = 5 * 60;

export function discoveryOperations(api: Api): void {
  const operation = operationsIn(api, problem);
  for (const [path, operationId, of] of [
    ['/.well-known/oauth-authorization-server', 'getAuthorizationServerMetadata', 'RFC 8414'],
    ['/.well-known/openid-configuration', 'getOpenIdConfiguration', 'OpenID Connect Discovery 1.0'],
  ] as const)
    operation(
      {
        method: 'get',
        path,
        operationId,
        tag: 'OAuth 2.1',
        summary: `What the provider supports: ${of}`,
        description: 'Both documents are the same. Any origin may read them.',
        guard: anyone,
        answers: { 200: { description: 'The metadata.', schema: MetadataBody, example } },
        refuses: [],
      },
      ({ ports }) => reply(200, metadataOf(ports.issuer), { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` }),
    );
}
