// Examples of WebAuthn's JSON for the OpenAPI document.

const challenge = 'q1Yy0b4mX0dM5l2Cw3nGk8s9t7u6v5w4x3y2z1a0b-_';
const id = 'mX0dM5l2Cw3nGk8s9t7u6v5w4x3y2z1a0b';

export const creationOptionsExample = {
  rp: { id: 'auth.example.com', name: 'Latchkey' },
  user: { id: 'MQ', name: 'user@example.com', displayName: 'John Smith' },
  challenge,
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  attestation: 'none',
};

export const requestOptionsExample = {
  challenge,
  rpId: 'auth.example.com',
  timeout: 300_000,
  allowCredentials: [],
  userVerification: 'required',
};

export const registrationExample = {
  id,
  rawId: id,
  type: 'public-key',
  response: { clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0', attestationObject: 'o2NmbXRkbm9uZQ' },
};

export const assertionExample = {
  id,
  rawId: id,
  type: 'public-key',
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
    authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4',
    signature: 'MEUCIQDx',
    userHandle: 'MQ',
  },
};

export const passkeyExample = {
  id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  name: 'Phone',
  created_at: '2026-11-20T21:00:00.000Z',
  last_used_at: null,
  backed_up: true,
};
