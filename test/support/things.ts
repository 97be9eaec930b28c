// Every test brings its own entities, so that no two of them share a code.
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';

let count = 0;

/** A unique text: a code, or a type to list by. */
export function unique(word: string): string {
  count += 1;
  return `${word}-${count}-${crypto.randomUUID().slice(0, 8)}`;
}

export const newThing = (fields: object = {}) => ({ code: unique('CODE'), type: 'thing', quantity: 1, ...fields });

/** An entity that exists. */
export async function thing(client: Client, token: string, fields: object = {}): Promise<Answer['body']> {
  const { status, body } = await client.post('/entities', newThing(fields), { token });
  expect(status).toBe(201);
  return body;
}
