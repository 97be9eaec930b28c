// Anyone: no token is read.
import type { Guard } from './guard.ts';

export const anyone: Guard<undefined> = {
  identify: async () => undefined,
  refuses: [],
  security: [],
};
