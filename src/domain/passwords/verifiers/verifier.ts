// A verifier handles the hashes of one family: it parses them, limits their cost and checks passwords.

/** Verification by WebAssembly, which each runtime loads in its own way. */
export interface WasmHashing {
  /** Whether a PHC string of Argon2 is the password's. */
  matchesArgon2(phc: string, password: string): boolean;
  /** The first block of PBKDF2's output. */
  pbkdf2(digest: Pbkdf2Digest, password: string, salt: Uint8Array, iterations: number): Uint8Array;
}

export type Pbkdf2Digest = 'sha1' | 'sha256' | 'sha512';

/** A hash that a verifier has read. */
export interface ReadHash {
  /** Whether verifying costs more CPU or memory than one login may. */
  readonly tooExpensive: boolean;
  /** Whether the hash is the password's, exactly as it is given. */
  matches(password: string, wasm: WasmHashing): boolean;
}

/** Reads a hash; undefined where it is of another family, or not a valid one of this. */
export type Verifier = (hash: string, projects: ProjectParameters) => ReadHash | undefined;

/** Parameters that some services store once for all of their hashes. */
export interface ProjectParameters {
  readonly firebase?: FirebaseScrypt | undefined;
}

/** The password hash parameters of a Firebase project. */
export interface FirebaseScrypt {
  readonly signerKey: Uint8Array;
  readonly saltSeparator: Uint8Array;
  readonly rounds: number;
  readonly memoryCost: number;
}

/** No service stores shorter digests, which would let one password in many thousands pass. */
export const MIN_DIGEST_BYTES = 16;
