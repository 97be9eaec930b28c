// Hashes passwords from the command line as domain/passwords/argon2id.ts does; Node loads its WASM in another way.
import { randomBytes } from 'node:crypto';
import { Argon2Type } from '@phi-ag/argon2';
import initialize from '@phi-ag/argon2/node';
import { ARGON2_COST, SALT_BYTES, wholePassword } from '../src/domain/passwords/argon2-cost.ts';

const MIN_LENGTH = 6;
const MAX_LENGTH = 256;

/** 144 bits, without characters that a shell interprets. */
export const randomPassword = (): string => randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'x');

/** The PHC string. Throws where the password, after NFKC, has too few or too many code points. */
export async function hash(password: string): Promise<string> {
  const normal = password.normalize('NFKC');
  const length = [...normal].length;
  if (length < MIN_LENGTH || length > MAX_LENGTH)
    throw new Error(`a password has ${MIN_LENGTH} to ${MAX_LENGTH} characters`);
  const options = { ...ARGON2_COST, type: Argon2Type.Argon2id, salt: randomBytes(SALT_BYTES) };
  return (await initialize()).hash(wholePassword(normal), options).encoded;
}
