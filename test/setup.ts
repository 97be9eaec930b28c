// Every test file starts on empty stores with the migrations applied. Modules remember nothing of a request: what an
// isolate remembers belongs to an app, and tests make their own.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// A store that is still busy with the last file's work outlives a reset.
do await reset();
while (await env.DB.prepare("SELECT 1 FROM sqlite_master WHERE name = 'accounts'").first());
await env.DB.batch(env.TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))));
