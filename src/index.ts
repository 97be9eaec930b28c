// The Worker.
import { createApp } from './app.ts';
import { runJobs } from './jobs.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => runJobs(env),
} satisfies ExportedHandler<Env>;
