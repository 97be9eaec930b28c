// Whether the stores answer: a trivial query of each, at most once in five seconds in an isolate, however many ask.

const MAX_AGE_MS = 5 * 1000;
/** A store that takes longer counts as down. */
const LONGEST_CHECK_MS = 3 * 1000;
const POLL_MS = 25;

interface Checked {
  readonly d1: boolean;
  readonly kv: boolean;
  readonly startedAt: number;
}

/** What an isolate remembers of its checks. Resolved values: a request must not await a promise of another request. */
export interface HealthMemory {
  latest: Checked | undefined;
  isChecking: boolean;
}

export const healthOf = (d1: D1Database, kv: KVNamespace, memory: HealthMemory) => ({
  /** The result of a check that started at most five seconds before `now`, a failed one too. */
  async current(now: number): Promise<Checked> {
    return (
      fresh(memory, now) ?? (memory.isChecking ? await awaited(memory, now) : undefined) ?? check(d1, kv, memory, now)
    );
  },
});

const fresh = ({ latest }: HealthMemory, now: number): Checked | undefined =>
  latest && Math.abs(now - latest.startedAt) < MAX_AGE_MS ? latest : undefined;

/** The result of the check that another request makes; undefined if that request was cancelled with its check. */
async function awaited(memory: HealthMemory, now: number): Promise<Checked | undefined> {
  for (let waitedMs = 0; waitedMs <= LONGEST_CHECK_MS; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    const checked = fresh(memory, now);
    if (checked) return checked;
  }
  return undefined;
}

async function check(d1: D1Database, kv: KVNamespace, memory: HealthMemory, startedAt: number): Promise<Checked> {
  memory.isChecking = true;
  try {
    const [d1Answers, kvAnswers] = await Promise.all([
      answers(() => d1.prepare('SELECT 1').first()),
      answers(() => kv.get('ACCESS_TOKEN_LIFETIME')),
    ]);
    const checked = { d1: d1Answers, kv: kvAnswers, startedAt };
    memory.latest = checked;
    return checked;
  } finally {
    memory.isChecking = false;
  }
}

async function answers(query: () => Promise<unknown>): Promise<boolean> {
  const answered = Promise.try(query).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, sleep(LONGEST_CHECK_MS).then(() => false)]);
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
