// The rules that hold on every surface.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { openApi } from '../../support/document.ts';
import { loggedIn, stranger } from '../../support/people.ts';

const client = newClient();
const json = { 'Content-Type': 'application/json' };

describe('every answer', () => {
  it.each([
    ['a success', 'GET', '/healthz'],
    ['a refusal', 'GET', '/api/me'],
    ['an unknown path', 'GET', '/nowhere'],
    ['a wrong method', 'DELETE', '/healthz'],
    ['options', 'OPTIONS', '/api/me'],
  ])('has a fresh request id and safe headers: %s', async (_, method, path) => {
    const { headers } = await client.send(method, path, { headers: { 'X-Request-Id': 'mine' } });
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('Strict-Transport-Security')).toContain('max-age=');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('has problems as RFC 9457 describes them, with the id of its header', async () => {
    const { headers, body } = await client.get('/nowhere');
    expect(headers.get('Content-Type')).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:latchkey:problem:not_found',
      title: 'Not found',
      status: 404,
      detail: expect.any(String),
      code: 'not_found',
      request_id: headers.get('X-Request-Id'),
    });
  });
});

describe('a body', () => {
  const post = (raw: BodyInit, headers: Record<string, string> = json) =>
    client.send('POST', '/api/login', { raw, headers });

  it.each([
    ['malformed JSON', '{"email":', 400, 'malformed_body'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'malformed_body'],
    ['an array', '[]', 400, 'invalid_body'],
    ['null', 'null', 400, 'invalid_body'],
    ['no field', '{}', 400, 'invalid_body'],
    ['a field of another type', '{"email":1,"password":2}', 400, 'invalid_body'],
    ['more than 64 KiB', JSON.stringify({ email: 'x'.repeat(64 * 1024), password: 'x' }), 413, 'payload_too_large'],
  ])('is refused: %s', async (_, raw, status, code) => {
    const answer = await post(raw);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });

  it.each([{}, { 'Content-Type': 'text/plain' }, { 'Content-Type': 'application/json; charset=latin1' }])(
    'is refused as %j',
    async (headers) => {
      const { status, body } = await post(new TextEncoder().encode('{"email":"a@b.c","password":"x"}'), headers);
      expect({ status, code: body.code }).toEqual({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it('is accepted with a charset of utf-8, and with unknown fields', async () => {
    const raw = JSON.stringify({ ...stranger(), role: 'admin', active: false, id: 1 });
    const { status } = await client.send('POST', '/api/register', {
      raw,
      headers: { 'Content-Type': 'Application/JSON; Charset="UTF-8"' },
    });
    expect(status).toBe(201);
  });

  it('that streams past the limit is refused though it names no length', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(16 * 1024));
    let sent = 0;
    const raw = new ReadableStream({
      pull: (controller) => (sent++ < 8 ? controller.enqueue(chunk) : controller.close()),
    });
    expect((await post(raw)).status).toBe(413);
  });

  it('names each field that is wrong', async () => {
    const { body } = await client.post('/api/register', { email: 'nobody', username: 'a/b' });
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['email', 'password', 'username']);
  });
});

describe('methods', () => {
  it('answers 405 with Allow to a wrong one, with and without the slash', async () => {
    for (const path of ['/api/login', '/api/login/']) {
      const { status, headers } = await client.get(path);
      expect({ status, allow: headers.get('Allow') }).toEqual({ status: 405, allow: 'POST, OPTIONS' });
    }
  });

  it('answers OPTIONS with 204 and Allow, and 404 where there is nothing', async () => {
    const { status, headers, text } = await client.send('OPTIONS', '/api/me/');
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers.get('Allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']);
    expect((await client.send('OPTIONS', '/nowhere')).status).toBe(404);
  });

  it('answers HEAD as GET, without a body', async () => {
    const { access_token: token } = await loggedIn(client);
    const head = await client.send('HEAD', '/api/me', { token });
    const get = await client.get('/api/me', { token });
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
    expect(head.headers.get('Content-Type')).toBe(get.headers.get('Content-Type'));
  });
});

describe('CORS', () => {
  const open = newClient({ CORS_ORIGINS: 'https://app.example https://other.example' });
  const preflight = (headers: Record<string, string>) =>
    open.send('OPTIONS', '/api/login', { headers: { 'Access-Control-Request-Method': 'POST', ...headers } });

  it('lets listed origins in, without credentials and with no wildcard', async () => {
    const { status, headers } = await preflight({
      Origin: 'https://app.example',
      'Access-Control-Request-Headers': 'content-type',
    });
    expect(status).toBe(204);
    expect(headers.get('Access-Control-Allow-Origin')).toBe('https://app.example');
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull();
    const { headers: answered } = await open.get('/healthz', { headers: { Origin: 'https://other.example' } });
    expect(answered.get('Access-Control-Allow-Origin')).toBe('https://other.example');
    expect(answered.get('Vary')).toContain('Origin');
  });

  it.each(['https://evil.example', 'https://app.example.evil.example', 'null', ''])(
    'lets no other in: %j',
    async (Origin) => {
      expect((await preflight({ Origin })).headers.get('Access-Control-Allow-Origin')).toBeNull();
      expect(
        (await open.get('/healthz', { headers: { Origin } })).headers.get('Access-Control-Allow-Origin'),
      ).toBeNull();
    },
  );
});

describe('the documents', () => {
  it('describe every operation: its id, summary, description, known tag and an example of each answer', async () => {
    const { openapi, paths, tags } = await openApi();
    expect(openapi).toBe('3.1.0');
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const operation of operations as unknown as Record<string, unknown>[]) {
      const {
        operationId,
        summary,
        description,
        tags: [tag] = [],
        requestBody,
        responses,
      } = operation as never as {
        operationId: string;
        summary: string;
        description: string;
        tags: string[];
        requestBody?: { content: Record<string, object> };
        responses: Record<string, { description: string; content?: Record<string, object> }>;
      };
      expect([operationId, summary, description].every(Boolean)).toBe(true);
      expect(tags.map(({ name }) => name)).toContain(tag);
      const contents = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));
      for (const content of contents) expect('example' in content || 'examples' in content, operationId).toBe(true);
    }
  });

  it('shows /docs with assets of its own and nothing inline', async () => {
    const { status, text, headers } = await client.get('/docs/');
    expect(status).toBe(200);
    expect(text).not.toMatch(/https?:\/\/|<script>|<style|style=|onload=/);
    expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
  });
});
