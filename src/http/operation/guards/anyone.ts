// Anyone: no token is looked at.
import type { Guard } from './guard.ts';

export const anyone: Guard<undefined> = {
  identify: async () => undefined,
  refuses: [],
  security: [],
};
