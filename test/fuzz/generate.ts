// Values that fit a JSON schema, as fast-check arbitraries. `{{name}}` in a string stands for a live value of that
// name.
import fc from 'fast-check';
import { STRINGS } from './hostile.ts';

/** The part of a schema that is read; in the document, all of it but `$ref` is resolved. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** Names whose live value is likely to be right: a refresh token cannot be guessed. */
const LIVE: readonly string[] = [
  'email',
  'username',
  'password',
  'current_password',
  'refresh_token',
  'token',
  'code',
  'session_id',
  'user_id',
  'otp',
  'credential',
  'client_id',
  'client_secret',
  'redirect_uris',
  'post_logout_redirect_uris',
  'scope',
  'grant_type',
];
/** A credential is an object. */
const LIVE_TYPES: readonly string[] = ['string', 'integer', 'object'];
/** Names that an account has already where they are live: no account has `{{fresh_email}}`. */
const FRESH: readonly string[] = ['email', 'username', 'code'];

/** Values that fit; `name` is the field's or parameter's. */
export function fitting(schema: Schema, components: object, name = ''): fc.Arbitrary<unknown> {
  const deeper = (inner: Schema, innerName = name) => fitting(inner, components, innerName);
  if (schema.$ref) return deeper(resolved(schema.$ref, components));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => deeper(choice)));
  if (schema.allOf) return deeper(Object.assign({}, ...schema.allOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return fc.jsonValue({ maxDepth: 2 });
  const made = fc.oneof(...types.map((type) => ofType(type, schema, deeper)));
  if (!LIVE.includes(name) || !types.some((type) => LIVE_TYPES.includes(type))) return made;
  const known = [name, ...(FRESH.includes(name) ? [`fresh_${name}`] : [])];
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known.map((live) => `{{${live}}}`)) },
    { weight: 2, arbitrary: made },
  );
}

function resolved($ref: string, components: object): Schema {
  const name = $ref.split('/').at(-1) ?? '';
  const schema = (components as { schemas: Record<string, Schema> }).schemas[name];
  if (!schema) throw new Error(`${$ref} is nowhere`);
  return schema;
}

function ofType(
  type: string,
  schema: Schema,
  deeper: (inner: Schema, name?: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? 0,
        max: Math.min(schema.maximum ?? 1000, (schema.minimum ?? 0) + 1000),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(deeper(schema.items ?? {}, ''), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object':
      return record(schema, deeper);
    default:
      return fc.constant(null);
  }
}

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  email: fc.uuid().map((id) => `${id}@example.com`),
  uuid: fc.uuid(),
  'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  password: fc.string({ unit: 'grapheme', minLength: 6, maxLength: 30 }),
};

function text({ format = '', pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const made =
    FORMATS[format] ??
    (pattern
      ? fc.stringMatching(new RegExp(pattern, 'u'))
      : fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) }));
  return fc.oneof({ weight: 4, arbitrary: made }, { weight: 1, arbitrary: fc.constantFrom(...STRINGS) });
}

function record(
  schema: Schema,
  deeper: (inner: Schema, name?: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const allowed = Object.entries(properties).filter(([, property]) => !property.not);
  const named = fc.record(Object.fromEntries(allowed.map(([name, property]) => [name, deeper(property, name)])), {
    requiredKeys: allowed.map(([name]) => name).filter((name) => required.includes(name)),
  });
  if (!additionalProperties) return named;
  const more =
    typeof additionalProperties === 'object' ? deeper(additionalProperties, '') : fc.jsonValue({ maxDepth: 2 });
  const extra = fc.dictionary(
    fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('__proto__', 'constructor', '')),
    more,
    {
      maxKeys: 3,
    },
  );
  return fc.tuple(named, extra).map(([known, others]) => ({ ...others, ...known }));
}
