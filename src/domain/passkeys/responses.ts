// A browser's answers to WebAuthn ceremonies, as `PublicKeyCredential.toJSON()` writes them, before they are verified.
import { base64url } from 'jose';

/** Unused fields are left out: `clientExtensionResults`, `authenticatorAttachment`. */
interface CredentialResponse<R> {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: R;
}

export type RegistrationResponse = CredentialResponse<{
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports: readonly string[];
}>;

export type AssertionResponse = CredentialResponse<{
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** Absent where the authenticator was told which credential to use. */
  readonly userHandle: string | undefined;
}>;

/** The user handle of an account (WebAuthn Level 3 §5.4.3): its id, which is in its tokens as well. */
export const userHandleOf = (accountId: number): string => base64url.encode(String(accountId));

/**
 * The challenge in a response's client data; undefined for malformed data, and for a page that another site framed,
 * which could have tricked the person into it (WebAuthn Level 3 §7.2, `crossOrigin` and `topOrigin`).
 */
export function challengeOf(clientDataJSON: string): string | undefined {
  try {
    const data: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(clientDataJSON)));
    if (typeof data !== 'object' || data === null) return undefined;
    const { challenge, crossOrigin, topOrigin } = data as Readonly<Record<string, unknown>>; // unknown values
    const isFramed = crossOrigin === true || topOrigin !== undefined;
    return typeof challenge === 'string' && !isFramed ? challenge : undefined;
  } catch {
    return undefined;
  }
}
