// Every test file starts on empty stores with the migrations applied, and on modules that remember nothing of another
// file.
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

vi.resetModules();
// A store that is still busy with the last file's work outlives a reset.
do await reset();
while (await env.DB.prepare("SELECT 1 FROM sqlite_master WHERE name = 'accounts'").first());
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
