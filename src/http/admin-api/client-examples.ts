// Examples of clients, for the document.

export const newClientExample = {
  name: 'Photo Album',
  kind: 'confidential',
  redirect_uris: ['https://album.example.com/callback'],
  post_logout_redirect_uris: ['https://album.example.com/'],
  scopes: ['openid' as const, 'profile' as const, 'offline_access' as const],
};
export const clientExample = {
  id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  ...newClientExample,
  first_party: false,
  id_token_signed_response_alg: 'ES256' as const,
  created_at: '2026-11-20T21:00:00.000Z',
  updated_at: '2026-11-20T21:00:00.000Z',
};
export const registeredExample = { ...clientExample, client_secret: 'q3Jm0sM9nBvX7Jp3eW4q1Zk8sD9w0XyL0B5mN2cS2n5' };
