// The arguments of a mode of the benchmark, and its report.

export interface Options {
  readonly json: boolean;
  readonly rounds: number | undefined;
  readonly seconds: number;
  /** Parts of names: subjects with any of them are measured, and the subjects that they are compared with. */
  readonly only: readonly string[];
}

export interface Bench {
  readonly options: Options;
  /** The Worker's secrets and variables. */
  readonly bindings: Readonly<Record<'JWT_KEYS' | 'SECRET_KEYS' | 'ISSUER' | 'RATE_LIMITS', string>>;
}

export interface Report {
  /** As JSON. */
  readonly data: object;
  /** As text. */
  readonly text: string;
  /** Why the run fails, if it does. */
  readonly failures: readonly string[];
}
