// The error of a form field, as a sentence.
import type { z } from '@hono/zod-openapi';

const LABELS = { email: 'The email', username: 'The username', password: 'The password', name: 'The name' } as const;

export type NamedField = keyof typeof LABELS;

/** `The email must be an email address …`. */
export const fieldMessage = (field: NamedField, { issues }: z.ZodError): string =>
  `${LABELS[field]} ${issues[0]?.message ?? 'is not valid'}.`;
