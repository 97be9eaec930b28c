// The Worker.
import { createApp, housekeep } from './app.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => housekeep(env),
} satisfies ExportedHandler<Env>;
