// bcrypt: `$2a$`, `$2b$` and `$2y$`, and Django's two, one of which takes SHA-256 first for passwords over 72 bytes.

import { compareSync } from 'bcryptjs';
import { nodeCrypto } from './node-crypto.ts';
import type { Verifier } from './verifier.ts';

/** Each cost takes twice as long as the one below it. */
const MAX_COST = 13;
const MIN_COST = 4;

const FORMAT = /^(bcrypt\$|bcrypt_sha256\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;

export const bcrypt: Verifier = (hash) => {
  const [, scheme, modular = '', cost] = FORMAT.exec(hash) ?? [];
  if (Number(cost) < MIN_COST || !modular) return undefined;
  const isHashedFirst = scheme === 'bcrypt_sha256$';
  return {
    tooExpensive: Number(cost) > MAX_COST,
    matches: (password) => compareSync(isHashedFirst ? sha256(password) : password, modular),
  };
};

const sha256 = (password: string): string => nodeCrypto().createHash('sha256').update(password, 'utf8').digest('hex');
