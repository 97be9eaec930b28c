// A page that signs people in with Latchkey: the code flow with PKCE, by oauth4webapi. Tokens stay in memory.
import * as oauth from 'oauth4webapi';

const { issuer, clientId } = await (await fetch('/config')).json();
const client = { client_id: clientId };
const redirectUri = `${location.origin}/`;
// Local Latchkey speaks http.
const options = { [oauth.allowInsecureRequests]: issuer.startsWith('http://localhost') };
const element = (id) => document.getElementById(id);

const url = new URL(issuer);
const server = await oauth.processDiscoveryResponse(
  url,
  await oauth.discoveryRequest(url, { algorithm: 'oidc', ...options }),
);

/** Stores the values that the answer must match, and goes to the sign-in. */
async function signIn() {
  const asked = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  sessionStorage.setItem('asked', JSON.stringify(asked));
  const to = new URL(server.authorization_endpoint);
  to.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge: await oauth.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: 'S256',
    state: asked.state,
    nonce: asked.nonce,
  });
  location.assign(to);
}

/** Exchanges the code that the browser came back with. */
async function comeBack(asked) {
  const parameters = oauth.validateAuthResponse(server, client, new URL(location.href), asked.state);
  history.replaceState(null, '', '/');
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    asked.verifier,
    options,
  );
  const checks = { expectedNonce: asked.nonce, requireIdToken: true };
  // Latchkey's ID tokens are ES256 unless the client asks for RS256.
  const es256 = { ...client, id_token_signed_response_alg: 'ES256' };
  const tokens = await oauth.processAuthorizationCodeResponse(server, es256, answer, checks);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const info = await oauth.userInfoRequest(server, client, tokens.access_token, options);
  return { tokens, claims: await oauth.processUserInfoResponse(server, client, sub, info) };
}

function show({ tokens, claims }) {
  element('who').textContent = `You are ${claims.preferred_username ?? claims.email ?? claims.sub}.`;
  element('sign-in').hidden = true;
  element('read').hidden = element('sign-out').hidden = false;
  element('read').onclick = async () => {
    const answer = await fetch('/notes', { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    element('notes').textContent = await answer.text();
  };
  element('sign-out').onclick = () => {
    const to = new URL(server.end_session_endpoint);
    to.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: redirectUri });
    location.assign(to);
  };
}

element('sign-in').onclick = signIn;
element('sign-in').disabled = false;
const asked = sessionStorage.getItem('asked');
sessionStorage.removeItem('asked');
if (asked && new URLSearchParams(location.search).has('state')) {
  try {
    show(await comeBack(JSON.parse(asked)));
  } catch (error) {
    element('who').textContent = `The sign-in failed: ${error.error ?? error.message}`;
  }
}
