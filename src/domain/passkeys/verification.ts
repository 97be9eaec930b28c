// Verifying the responses of authenticators (WebAuthn Level 3 §7) by @simplewebauthn/server, loaded at first use.
import { base64url } from 'jose';
import type { VerifiedChallenge } from './challenge.ts';
import type { Credential } from './passkey.ts';
import type { RelyingParty } from './relying-party.ts';
import type { AssertionResponse, RegistrationResponse } from './responses.ts';

/** COSE algorithms in the order of preference: ES256, which every authenticator has, EdDSA, RS256. */
export const ALGORITHMS = [-7, -8, -257];

interface RegisteredCredential extends Credential {
  readonly counter: number;
  readonly aaguid: string;
  readonly backedUp: boolean;
}

/** The credential that a registration made; undefined for an invalid response. */
export async function verifyRegistration(
  rp: RelyingParty,
  { challenge }: VerifiedChallenge,
  { id, rawId, type, response }: RegistrationResponse,
): Promise<RegisteredCredential | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  if (type !== 'public-key' || !(await isUnattested(response.attestationObject))) return undefined;
  const { clientDataJSON, attestationObject, transports } = response;
  const verified = await orUndefined(
    verifyRegistrationResponse({
      response: { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: [...rp.origins],
      expectedRPID: rp.id,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  // The library does not compare the id with the one that the authenticator data has.
  if (!verified?.verified || verified.registrationInfo.credential.id !== id) return undefined;
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: base64url.encode(credential.publicKey),
    counter: credential.counter,
    transports,
    aaguid,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
  };
}

/**
 * Whether an attestation is what a browser sends where none is asked for: none, or the key's own signature (WebAuthn
 * Level 3 §5.1.3). Any other has certificates, whose revocation lists the library would fetch from URLs that the sender
 * chose.
 */
async function isUnattested(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  try {
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    const format = decoded.get('fmt');
    return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
  } catch {
    return false;
  }
}

interface VerifiedAssertion {
  readonly counter: number;
  readonly backedUp: boolean;
}

/** The contents of a valid assertion; undefined for any other. The caller checks the counter. */
export async function verifyAssertion(
  rp: RelyingParty,
  { challenge }: VerifiedChallenge,
  { credentialId, publicKey, backupEligible }: Credential,
  { id, rawId, type, response }: AssertionResponse,
): Promise<VerifiedAssertion | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  if (type !== 'public-key') return undefined;
  const { clientDataJSON, authenticatorData, signature } = response;
  const verified = await orUndefined(
    verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: [...rp.origins],
      expectedRPID: rp.id,
      // Zero: the library would refuse a low counter before it verifies the signature.
      credential: { id: credentialId, publicKey: Uint8Array.from(base64url.decode(publicKey)), counter: 0 },
    }),
  );
  if (!verified?.verified) return undefined;
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo;
  if ((credentialDeviceType === 'multiDevice') !== backupEligible) return undefined;
  return { counter: newCounter, backedUp: credentialBackedUp };
}

/** The library throws for an invalid response. It reads no store, so no exception means an outage. */
const orUndefined = <T>(verification: Promise<T>): Promise<T | undefined> => verification.catch(() => undefined);
