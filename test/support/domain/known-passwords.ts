// The passwords that attackers know, in a test of the domain.
import type { BreachedPasswords } from '../../../src/domain/passwords/policy.ts';

export const knownPasswords = ({
  common = [],
  breached = [],
}: {
  readonly common?: readonly string[];
  readonly breached?: readonly string[];
}): BreachedPasswords => ({
  isCommon: async (password) => common.includes(password),
  isBreached: async (password) => breached.includes(password),
});
