// The text that `npm run dev` prints once the server answers: addresses, and calls to paste one after the other.
import type { FirstAdmin } from './admin-account.ts';
import { mailboxOf } from './dev-mails.ts';

export const welcome = (origin: string): string => `
Latchkey is up:

  API    ${origin}/api
  Docs   ${origin}/docs
  Admin  ${origin}/admin
  Mails  ${mailboxOf(origin)}
         every template: ${origin}/id/mails

Try it (in another terminal, one after the other):

  api=${origin}/api json='content-type: application/json'
  token() { sed -E "s/.*\\"$1\\":\\"([^\\"]+)\\".*/\\1/"; }

  curl -sw '\\n' $api/register/ -H "$json" -d '{"password": "password", "email": "user@example.com"}'
  pair=$(curl -sw '\\n' $api/login/ -H "$json" -d '{"password": "password", "email": "user@example.com"}'); echo "$pair"
  pair=$(curl -sw '\\n' $api/refresh/ -H "$json" \\
    -d "{\\"refresh_token\\": \\"$(echo "$pair" | token refresh_token)\\"}"); echo "$pair"
  curl -sw '\\n' $api/me/ -H "authorization: Bearer $(echo "$pair" | token access_token)"
  curl -sw '\\n' $api/me/ -X PUT -H "$json" \\
    -H "authorization: Bearer $(echo "$pair" | token access_token)" -d '{"username": "John Smith"}'
  curl -sw '\\n' $api/logout/ -H "$json" -d "{\\"refresh_token\\": \\"$(echo "$pair" | token refresh_token)\\"}"

An access token lives 30 seconds; refresh for another. Ctrl-C stops the server, and the data stays.
`;

export const firstAdmin = ({ email, password }: FirstAdmin): string => `
A first admin, made just now. The password is not shown again:

  email     ${email}
  password  ${password}
`;
