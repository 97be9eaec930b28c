// The texts of OAuth's reasons.
import { text } from './problem-text.ts';

export const OAUTH_PROBLEMS = {
  unsupported_grant_type: text(400, 'Unsupported grant type', 'This grant type is not supported here.'),
  invalid_request: text(
    400,
    'Invalid request',
    'The request lacks a parameter, or repeats one, or has an invalid one.',
  ),
  invalid_client: text(401, 'Invalid client', 'Client authentication failed.'),
  invalid_grant: text(
    400,
    'Invalid grant',
    'The code or refresh token is invalid, was used, or is not for this client.',
  ),
  unauthorized_client: text(400, 'Unauthorized client', 'This client may not use this grant type.'),
  invalid_scope: text(400, 'Invalid scope', 'No scope is left that the client may have.'),
  client_not_found: text(404, 'Client not found', 'There is no client with this id.'),
  grant_not_found: text(404, 'Grant not found', 'This account has granted nothing to a client with this id.'),
  client_is_public: text(409, 'Client is public', 'A public client has no secret.'),
  insufficient_scope: text(403, 'Insufficient scope', 'The client of this token was not granted what this needs.'),
} as const;
