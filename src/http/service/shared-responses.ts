// Refusals in the OpenAPI document: many operations have the same ones, which are written once.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { PROBLEM_JSON } from '../errors/problem.ts';

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

interface Operation {
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, Response>>;
}
interface Response {
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/**
 * The same document with its refusals in `components.responses`, and references to them in the operations. Written out
 * in each operation they were four fifths of it, and Swagger UI takes time for each of them before it shows anything.
 */
export function withSharedResponses(document: Document): object {
  const shared = new Map<string, Response>();
  const share = ({ tags: [tag = ''] }: Operation, response: Response) => {
    const name = nameOf(tag, response);
    if (name === undefined) return response;
    if (!shared.has(name)) shared.set(name, response);
    return JSON.stringify(shared.get(name)) === JSON.stringify(response)
      ? { $ref: `#/components/responses/${name}` }
      : response;
  };
  const paths = mapped(document.paths as Paths, (path) =>
    mapped(path, (operation) => ({
      ...operation,
      responses: mapped(operation.responses, (response) => share(operation, response)),
    })),
  );
  return {
    ...document,
    paths,
    components: { ...document.components, responses: Object.fromEntries(shared) },
  };
}

/** A refusal's name: its format, and its reasons, which its examples have as names. Undefined for other responses. */
function nameOf(tag: string, { content = {} }: Response): string | undefined {
  const [[mediaType, { examples = {} }] = ['', {}], ...others] = Object.entries(content);
  const reasons = Object.keys(examples);
  if (reasons.length === 0 || others.length > 0) return undefined;
  const format = mediaType === PROBLEM_JSON ? 'problem' : tag.replaceAll(/\W/g, '_');
  return [format, ...reasons].join('.');
}

const mapped = <T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
