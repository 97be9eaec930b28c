// A line of an import, which the document describes only as text.
import type { Schema } from './generate.ts';

const HASHES = [
  '$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  'pbkdf2_sha256$1000$salt$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=',
  'pbkdf2:sha256:2000001$salt$00',
  'scrypt:32768:8:1$salt$00',
  '$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAA$AAAA',
  'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
];

const TOKEN: Schema = {
  type: 'object',
  properties: {
    token: { type: 'string', minLength: 16, maxLength: 40 },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    expires_at: { type: 'string', format: 'date-time' },
  },
  required: ['expires_at'],
};

const LINE: Schema = {
  type: 'object',
  properties: {
    email: { type: ['string', 'null'], format: 'email' },
    username: { type: 'string' },
    password_hash: { anyOf: [{ enum: HASHES }, { type: 'string' }] },
    email_verified: { type: 'boolean' },
    role: { enum: ['user', 'admin'] },
    active: { type: 'boolean' },
    data: { type: 'object', additionalProperties: {} },
    created_at: { type: 'string', format: 'date-time' },
    refresh_tokens: { type: 'array', items: TOKEN, maxItems: 4 },
  },
};

/** The schema of a body by its media type. */
export const bodySchema = (mediaType: string, { schema }: { readonly schema?: unknown }): Schema =>
  mediaType === 'application/x-ndjson' ? LINE : (schema as Schema);
