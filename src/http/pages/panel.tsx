// A page by itself: the name of the service, a title, and what it is about.
import type { Child, FC } from 'hono/jsx';
import { Wordmark } from './layout.tsx';

export const Panel: FC<{ service?: string; title: string; children?: Child }> = ({ service, title, children }) => (
  <section class="panel">
    <Wordmark {...(service === undefined ? {} : { name: service })} />
    <h1>{title}</h1>
    {children}
  </section>
);
