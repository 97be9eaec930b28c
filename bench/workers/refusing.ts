// The Worker, but that its first line refuses every write of an entity: the least that a flood costs workerd.
import worker from '../../src/index.ts';

export default {
  fetch: (request, env, context) =>
    request.method === 'POST' && request.url.endsWith('/entities')
      ? new Response(null, { status: 429 })
      : worker.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
