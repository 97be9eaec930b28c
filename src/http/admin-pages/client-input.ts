// The input of a client's form, and its errors.
import type { ClientMetadata } from '../../domain/oauth/client.ts';
import { ALL_SCOPES } from '../../domain/oauth/scopes.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Form } from '../pages/form.ts';
import { clientNameField, urisField } from '../shapes/client-fields.ts';

export type ClientInput = Omit<ClientMetadata, 'kind'>;

const linesOf = (text = ''): readonly string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** The input as metadata. Redirects are checked later, by the client's kind. */
export const typedClient = (form: Form): ClientInput => ({
  name: (form.name ?? '').trim(),
  redirectUris: linesOf(form.redirect_uris),
  postLogoutRedirectUris: linesOf(form.post_logout_redirect_uris),
  scopes: ALL_SCOPES.filter((scope) => form[`scope.${scope}`] === 'on'),
  firstParty: form.first_party === 'on',
  idTokenAlgorithm: form.id_token_alg === 'RS256' ? 'RS256' : 'ES256',
});

/** Refuses fields that are invalid whatever the kind. */
export function refuseInput({
  name,
  redirectUris,
  postLogoutRedirectUris,
}: ClientInput): Refusal<'invalid_body'> | undefined {
  if (!clientNameField().safeParse(name).success)
    return refuse('invalid_body', { errors: [{ path: 'name', message: 'must be 1 to 64 printable characters' }] });
  const lists = { redirect_uris: redirectUris, post_logout_redirect_uris: postLogoutRedirectUris };
  const tooMany = Object.entries(lists).filter(([, uris]) => !urisField().safeParse(uris).success);
  if (tooMany.length === 0) return undefined;
  return refuse('invalid_body', { errors: tooMany.map(([path]) => ({ path, message: 'are too many' })) });
}

/** How a sentence about each field starts. */
const FIELDS = {
  name: 'The name',
  redirect_uris: 'Redirect addresses',
  post_logout_redirect_uris: 'Addresses after signing out',
  scopes: 'Its scopes',
  id_token_signed_response_alg: 'The signature of ID tokens',
} as const;

type FieldName = keyof typeof FIELDS;
export type InputErrors = Partial<Readonly<Record<FieldName, readonly string[]>>>;

/** The errors of each field, as sentences. One about an address quotes it. */
export function inputErrors(client: ClientInput, refusal: Refusal<'invalid_body'> | undefined): InputErrors {
  const sentences = (refusal?.errors ?? []).map(({ path, message }) => {
    const [field = '', index] = path.split('.');
    const uris = field === 'redirect_uris' ? client.redirectUris : client.postLogoutRedirectUris;
    // Errors name fields of this form.
    const subject = index === undefined ? FIELDS[field as FieldName] : `“${uris[Number(index)]}”`;
    return { field, sentence: `${subject} ${message}.` };
  });
  return Object.fromEntries(
    Object.keys(FIELDS).flatMap((name) => {
      const about = sentences.filter(({ field }) => field === name).map(({ sentence }) => sentence);
      return about.length > 0 ? [[name, about]] : [];
    }),
  );
}
