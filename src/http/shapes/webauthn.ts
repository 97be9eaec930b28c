// WebAuthn's JSON (Level 3 §5.1.8 and after): options that browsers parse, and credentials that they serialise.
import { z } from '@hono/zod-openapi';
import type { AssertionOptions } from '../../domain/passkeys/assertion.ts';
import type { CredentialDescriptor } from '../../domain/passkeys/passkey.ts';
import type { RegistrationOptions } from '../../domain/passkeys/registration.ts';
import { type Infer, once } from '../once.ts';

/** Larger than anything that an authenticator makes, attestations aside. */
const base64urlField = once(() => z.string().max(16 * 1024));

/**
 * The transports that WebAuthn knows; a browser's newer ones are left out, since they only help it to find a passkey.
 */
const TRANSPORTS = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;

const transportsField = once(() =>
  z
    .array(z.string())
    .max(16)
    .default([])
    .transform((transports) => TRANSPORTS.filter((known) => transports.includes(known)))
    .openapi({ type: 'array', items: { type: 'string' } }),
);

const credential = <R extends z.ZodType>(response: R) =>
  z.object({ id: base64urlField(), rawId: base64urlField(), type: z.string(), response });

export const registrationField = once(() =>
  credential(
    z.object({ clientDataJSON: base64urlField(), attestationObject: base64urlField(), transports: transportsField() }),
  ).openapi('RegistrationResponse', { description: 'What `navigator.credentials.create()` gives, by `toJSON()`.' }),
);

export const assertionField = once(() =>
  credential(
    z.object({
      clientDataJSON: base64urlField(),
      authenticatorData: base64urlField(),
      signature: base64urlField(),
      userHandle: base64urlField()
        .nullish()
        .transform((handle) => handle ?? undefined)
        .openapi({ type: ['string', 'null'] }),
    }),
  ).openapi('AuthenticationResponse', { description: 'What `navigator.credentials.get()` gives, by `toJSON()`.' }),
);

/** The name that its owner gives a passkey. */
export const passkeyNameField = once(() =>
  z
    .string()
    .transform((name) => name.normalize('NFKC').trim())
    .refine((name) => /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u.test(name), 'must be 1 to 64 printable characters')
    .openapi({ type: 'string', minLength: 1, maxLength: 64, example: 'Phone' }),
);

const DescriptorBody = once(() =>
  z.object({
    type: z.literal('public-key'),
    id: z.string(),
    transports: z.array(z.string()).optional(),
  }),
);

const descriptorView = ({ credentialId, transports }: CredentialDescriptor): Infer<typeof DescriptorBody> => ({
  type: 'public-key',
  id: credentialId,
  ...(transports.length > 0 ? { transports: [...transports] } : {}),
});

export const CreationOptionsBody = once(() =>
  z
    .object({
      rp: z.object({ id: z.string(), name: z.string() }),
      user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
      challenge: z.string(),
      pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
      timeout: z.int(),
      excludeCredentials: z.array(DescriptorBody()),
      authenticatorSelection: z.object({
        residentKey: z.literal('required'),
        requireResidentKey: z.literal(true),
        userVerification: z.literal('required'),
      }),
      attestation: z.literal('none'),
    })
    .openapi('PublicKeyCredentialCreationOptionsJSON'),
);

export const creationOptionsView = (options: RegistrationOptions): Infer<typeof CreationOptionsBody> => ({
  rp: { id: options.relyingPartyId, name: options.relyingPartyName },
  user: { id: options.userHandle, name: options.userName, displayName: options.displayName },
  challenge: options.challenge,
  pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key', alg })),
  timeout: options.timeoutMs,
  excludeCredentials: options.exclude.map(descriptorView),
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  attestation: 'none',
});

export const RequestOptionsBody = once(() =>
  z
    .object({
      challenge: z.string(),
      rpId: z.string(),
      timeout: z.int(),
      allowCredentials: z.array(DescriptorBody()),
      userVerification: z.literal('required'),
    })
    .openapi('PublicKeyCredentialRequestOptionsJSON'),
);

export const requestOptionsView = (options: AssertionOptions): Infer<typeof RequestOptionsBody> => ({
  challenge: options.challenge,
  rpId: options.relyingPartyId,
  timeout: options.timeoutMs,
  allowCredentials: options.allow.map(descriptorView),
  userVerification: 'required',
});
