// The look of pages: the name of the service, its accent colour and its logo, as settings.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { browsing } from '../../support/oauth.ts';
import { admin } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const LOGO = 'https://cdn.example.com/logo.svg?v=1;2,3';

const policyOf = async (path: string, cookie = '') =>
  (await client.get(path, { headers: { Cookie: cookie } })).headers.get('Content-Security-Policy') ?? '';

describe('a brand', () => {
  it('is on every page of /id and /oauth, errors too, and on none of /admin', async () => {
    const { cookie } = await browsing(client);
    const pages = ['/id', '/id/sign-in?again=1', '/id/nowhere', '/oauth/authorize?client_id=x', '/oauth/authorize/x'];
    const shown = async (path: string) => (await client.get(path, { headers: { Cookie: cookie } })).text;
    for (const path of pages) expect(await shown(path), path).not.toMatch(/id.accent|<img/);
    await configure(client, { SERVICE_NAME: 'Library <3', ACCENT_COLOR: '#AB12CD', LOGO_URL: LOGO });
    for (const path of pages) {
      const text = await shown(path);
      expect(text, path).toContain(' · Library &lt;3</title>');
      expect(text, path).not.toMatch(/Latchkey|style=|<style/);
      expect(text, path).toContain('<link rel="stylesheet" href="/id/accent/ab12cd.css"/>');
      expect(text, path).toContain(`<img src="${LOGO}" alt=""/>`);
    }
    const { text } = await client.get('/admin/nowhere', { headers: { Cookie: cookie } });
    expect(text).toContain('Latchkey');
    expect(text).not.toMatch(/Library|id.accent|<img/);
    await configure(client, { SERVICE_NAME: null, ACCENT_COLOR: null, LOGO_URL: null });
  });

  it('lets pages load pictures from the origin of the logo, and from nowhere else', async () => {
    expect(await policyOf('/id/sign-in')).toContain("img-src 'self'; ");
    await configure(client, { LOGO_URL: LOGO });
    expect(await policyOf('/id/sign-in')).toContain("img-src 'self' https://cdn.example.com; ");
    expect(await policyOf('/id/nowhere')).toContain("img-src 'self' https://cdn.example.com; ");
    expect(await policyOf('/admin/nowhere')).toContain("img-src 'self'; ");
    await configure(client, { LOGO_URL: null });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no KV'))],
    ['stalls', () => new Promise<never>(() => undefined)],
  ])('is left out of error pages where its store %s', async (_, get) => {
    const CONFIG = new Proxy(env.CONFIG, { get: () => get });
    const { status, text } = await newClient({ RATE_LIMITS: 'off', CONFIG }).get('/id/nowhere');
    expect([status, text.includes('· Latchkey</title>')]).toEqual([404, true]);
  });

  it.each([
    ['ACCENT_COLOR', 'red'],
    ['ACCENT_COLOR', '#12345'],
    ['ACCENT_COLOR', '#123456;}'],
    ['LOGO_URL', 'http://cdn.example.com/logo.svg'],
    ['LOGO_URL', 'data:image/svg+xml,x'],
    ['LOGO_URL', 'javascript:alert(1)'],
    ['LOGO_URL', 'https://user:password@cdn.example.com/logo.svg'],
    ['LOGO_URL', `https://cdn.example.com/${'x'.repeat(500)}`],
  ])('takes no %s of %s', async (key, value) => {
    const { access_token: token } = await admin(client);
    const { status, body } = await client.patch('/api/admin/settings', { [key]: value }, { token });
    expect([status, body.errors[0].path]).toEqual([400, key]);
  });
});

type Scheme = Readonly<Record<string, string>>;

/** The custom properties of a stylesheet, in the light and in the dark. */
function schemesOf(css: string): readonly [light: Scheme, dark: Scheme] {
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme');
  const of = (text: string) =>
    Object.fromEntries([...text.matchAll(/--([a-z-]+): ?(#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]));
  return [of(light), of(dark)];
}

const luminance = (hex: string): number =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const part = Number.parseInt(hex.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const PARTS = ['00', '33', '66', '99', 'cc', 'ff'];
const COLORS = PARTS.flatMap((red) => PARTS.flatMap((green) => PARTS.map((blue) => red + green + blue)));
const BAR_INK = '#f4efe2';

describe('an accent colour', () => {
  it('whatever it is, can be read on every background, and text on it can', async () => {
    const own = schemesOf(await (await env.ASSETS.fetch('https://assets.local/assets/pages.css')).text());
    for (const hex of COLORS) {
      const { status, text } = await client.get(`/id/accent/${hex}.css`);
      expect(status).toBe(200);
      schemesOf(text).forEach((changed, index) => {
        const scheme: Scheme = { ...own[index], ...changed };
        const { accent = '', 'accent-ink': ink = '', bar = '', 'bar-soft': soft = '' } = scheme;
        const grounds = Object.keys(scheme).filter((name) => /^(paper|sheet)$|tint$/.test(name));
        expect(grounds).toHaveLength(6);
        const pairs = [
          ...grounds.map((name) => [accent, scheme[name] ?? '']),
          [ink, accent],
          [BAR_INK, bar],
          [soft, bar],
        ];
        for (const [one = '', other = ''] of pairs)
          expect(contrast(one, other), `${one} on ${other} of ${hex}`).toBeGreaterThanOrEqual(4.5);
      });
    }
  });

  it('is in a publicly cached stylesheet, whose address determines its content', async () => {
    const { headers, text } = await client.get('/id/accent/1f4d3a.css');
    expect(headers.get('Content-Type')).toBe('text/css; charset=utf-8');
    expect(headers.get('Cache-Control')).toBe('public, max-age=86400');
    expect(text).toContain('--accent:#1f4d3a;');
    for (const path of ['/id/accent/red.css', '/id/accent/1f4d3a', '/id/accent/1f4d3a%7D.css'])
      expect((await client.get(path)).status).toBe(404);
  });
});
