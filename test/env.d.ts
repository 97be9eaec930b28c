// What the tests' Worker is bound to besides its own bindings; see vitest.config.ts.
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
