// The title and detail of a problem, by its reason.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Reason } from '../../domain/refusal.ts';

export interface ProblemText {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  /** The code, where two reasons share one. */
  readonly code?: Reason;
}

export const text = (status: ContentfulStatusCode, title: string, detail: string): ProblemText => ({
  status,
  title,
  detail,
});
