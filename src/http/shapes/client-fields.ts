// Fields of OAuth clients that the API and the pages take.
import { z } from '@hono/zod-openapi';
import { once } from '../once.ts';

const MAX_NAME_LENGTH = 64;
const MAX_URIS = 20;

export const clientNameField = once(() =>
  z
    .string()
    .trim()
    .min(1)
    .max(MAX_NAME_LENGTH)
    .refine((name) => name.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name), 'must be printable')
    .openapi({ description: 'As people read it on the consent page.' }),
);

export const urisField = once(() => z.array(z.string()).max(MAX_URIS).readonly());
