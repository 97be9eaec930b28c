// What a mode of the benchmark is given, and what it tells.

export interface Options {
  readonly json: boolean;
  readonly rounds: number | undefined;
  readonly seconds: number;
  /** Parts of names: subjects with any of them are measured, with what they are held against. */
  readonly only: readonly string[];
}

export interface Bench {
  readonly options: Options;
  /** The Worker's secrets and variables. */
  readonly bindings: Readonly<Record<'JWT_KEYS' | 'SECRET_KEYS' | 'ISSUER' | 'RATE_LIMITS', string>>;
}

export interface Report {
  /** For machines. */
  readonly data: object;
  /** For people. */
  readonly text: string;
  /** Why the run fails, if it does. */
  readonly failures: readonly string[];
}
