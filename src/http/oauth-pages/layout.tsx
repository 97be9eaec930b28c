// The layout of the provider's pages: one panel, under the name of the service.
import type { Child } from 'hono/jsx';
import type { Context } from '../context.ts';
import { type Page, respondPage } from '../pages/layout.tsx';
import { Panel } from '../pages/panel.tsx';

export async function respondPanel(
  c: Context,
  page: Pick<Page, 'title' | 'status' | 'formTargets'>,
  content: Child,
): Promise<Response> {
  const { SERVICE_NAME: service } = await c.get('ports').settings.current(c.get('now'));
  return respondPage(
    c,
    { ...page, service },
    <Panel service={service} title={page.title}>
      {content}
    </Panel>,
  );
}
