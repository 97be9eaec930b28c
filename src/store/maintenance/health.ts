// Whether the stores answer: each is asked for a trifle.
export const healthOf = (d1: D1Database, kv: KVNamespace) => ({
  d1: () => answers(d1.prepare('SELECT 1').first()),
  kv: () => answers(kv.get('ACCESS_TOKEN_LIFETIME')),
});

const answers = (question: Promise<unknown>): Promise<boolean> =>
  question.then(
    () => true,
    () => false,
  );
