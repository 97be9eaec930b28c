// Clients: which may be registered, how they change, and how they authenticate.
import { beforeEach, describe, expect, it } from 'vitest';
import { authenticateClient, credentialsIn } from '../../../src/domain/oauth/client-authentication.ts';
import { changeClient, registerClient, replaceClientSecret } from '../../../src/domain/oauth/client-registration.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { clientFields } from '../../support/domain/oauth.ts';
import { type AllPorts, domainPorts } from '../../support/domain/ports.ts';

let ports: AllPorts;
let bossId: number;
beforeEach(async () => {
  ports = await domainPorts();
  bossId = (await newAdmin(ports)).id;
});

const asBoss = (now = NOW) => administering(bossId, { now });
const register = (fields: Parameters<typeof clientFields>[0] = {}, by = asBoss()) =>
  registerClient(ports, clientFields(fields), by);
async function registered(kind: 'public' | 'confidential' = 'confidential') {
  const made = await register({ kind });
  if (isRefusal(made)) throw new Error(made.refused);
  return made;
}
const isIn = (clientId: string, secret: string | undefined) => authenticateClient(ports, { clientId, secret });

describe('a client is registered', () => {
  it('with a secret where it is confidential, and none where it is public', async () => {
    expect((await registered()).secret).toMatch(/^[\w-]{43}$/);
    expect((await registered('public')).secret).toBeUndefined();
  });

  it.each<[string, Parameters<typeof clientFields>[0], string]>([
    ['a redirect that is not absolute', { redirectUris: ['/callback'] }, 'redirect_uris.0'],
    ['a redirect with a fragment', { redirectUris: ['https://app.example.com/#a'] }, 'redirect_uris.0'],
    ['a redirect without TLS', { postLogoutRedirectUris: ['http://app.example.com/'] }, 'post_logout_redirect_uris.0'],
    ['no redirect', { redirectUris: [] }, 'redirect_uris'],
    ['the scope of a first-party client', { scopes: ['account'] }, 'scopes'],
  ])('not with %s', async (_, fields, path) => {
    const refused = { refused: 'invalid_body', errors: [{ path, message: expect.any(String) }] };
    expect(await register(fields)).toMatchObject(refused);
  });

  it('by admins alone', async () => {
    const { id } = await newAccount(ports);
    expect(await register({}, administering(id))).toMatchObject({ refused: 'forbidden' });
    expect((await ports.clients.list(undefined, 9)).items).toEqual([]);
  });
});

describe('a client is changed', () => {
  it('in the given fields, strictly later each time', async () => {
    const { client } = await registered();
    const changed = await changeClient(ports, client.id, { name: 'Shop' }, asBoss());
    expect(changed).toEqual({ ...client, name: 'Shop', updatedAt: NOW + 1 });
    expect(await ports.clients.find(client.id)).toMatchObject({ client: changed });
  });

  it('by each of many changes at once', async () => {
    const { client } = await registered();
    const changes = [{ name: 'Shop' }, { firstParty: true }, { scopes: ['openid'] as const }];
    await Promise.all(changes.map((change) => changeClient(ports, client.id, change, asBoss())));
    expect(await ports.clients.find(client.id)).toMatchObject({ client: Object.assign({}, ...changes) });
  });

  it('neither to what cannot be registered, nor where there is none', async () => {
    const { client } = await registered('public');
    const change = (id: string, redirectUris: readonly string[]) => changeClient(ports, id, { redirectUris }, asBoss());
    expect(await change(client.id, [])).toMatchObject({ refused: 'invalid_body' });
    expect(await change('none', [])).toMatchObject({ refused: 'client_not_found' });
    expect(await ports.clients.find(client.id)).toMatchObject({ client });
  });

  it('gives up after many concurrent ones', async () => {
    const { client } = await registered();
    const replace = async () => 'overtaken' as const;
    const busy = { ...ports, clients: { ...ports.clients, replace } };
    expect(await changeClient(busy, client.id, { name: 'Shop' }, asBoss())).toMatchObject({ refused: 'unavailable' });
  });
});

describe('a secret', () => {
  it('proves its client until another one takes its place', async () => {
    const { client, secret } = await registered();
    expect(await isIn(client.id, secret)).toEqual(client);
    const replaced = await replaceClientSecret(ports, client.id, asBoss());
    if (isRefusal(replaced)) throw new Error(replaced.refused);
    expect(await isIn(client.id, replaced.secret)).toEqual(client);
    for (const wrong of [secret, undefined, '', 'another'])
      expect(await isIn(client.id, wrong)).toMatchObject({ refused: 'invalid_client' });
    expect(await isIn('none', secret)).toMatchObject({ refused: 'invalid_client' });
  });

  it('is neither given to a public client nor accepted from one', async () => {
    const { client } = await registered('public');
    const replaced = await replaceClientSecret(ports, client.id, asBoss());
    expect(replaced).toMatchObject({ refused: 'client_is_public' });
    expect(await replaceClientSecret(ports, 'none', asBoss())).toMatchObject({ refused: 'client_not_found' });
    expect([await isIn(client.id, undefined), await isIn(client.id, '')]).toEqual([client, client]);
    expect(await isIn(client.id, 'a secret')).toMatchObject({ refused: 'invalid_client' });
  });

  it('is read from a header or from the form, never from both', async () => {
    const basic = (text: string) => `Basic ${btoa(text)}`;
    expect(credentialsIn(undefined, { client_id: 'a', client_secret: 'b' })).toEqual({ clientId: 'a', secret: 'b' });
    expect(credentialsIn(basic('a%3A:b+c'), { client_id: 'a:' })).toEqual({ clientId: 'a:', secret: 'b c' });
    expect(credentialsIn(basic('a:b'), { client_secret: 'b' })).toMatchObject({ refused: 'invalid_request' });
    expect(credentialsIn(basic('a:b'), { client_id: 'c' })).toMatchObject({ refused: 'invalid_request' });
    for (const wrong of ['Bearer x', 'Basic !', basic('no colon'), basic('%:%')])
      expect(credentialsIn(wrong, {})).toMatchObject({ refused: 'invalid_client' });
    expect(credentialsIn(undefined, {})).toMatchObject({ refused: 'invalid_client' });
  });
});
