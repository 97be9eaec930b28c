// Bindings of the tests' Worker besides its own; see vitest.config.ts.
declare namespace Cloudflare {
  interface Env {
    KV_LIES: string;
    FAULTS: string;
    FUZZ_RUNS: string;
    FUZZ_SEED: string;
    RACE_ROUNDS: string;
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
  }
}
