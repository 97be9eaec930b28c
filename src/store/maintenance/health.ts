// Whether the stores answer: a trivial query of each.
export const healthOf = (d1: D1Database, kv: KVNamespace) => ({
  d1: () => answers(d1.prepare('SELECT 1').first()),
  kv: () => answers(kv.get('ACCESS_TOKEN_LIFETIME')),
});

const answers = (query: Promise<unknown>): Promise<boolean> =>
  query.then(
    () => true,
    () => false,
  );
