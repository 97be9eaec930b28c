// A page that asks before something is changed. It needs no script.
import type { Child, FC } from 'hono/jsx';
import { FormToken, Notice } from './components.tsx';

export interface Question {
  readonly title: string;
  readonly consequence: Child;
  readonly button: string;
  readonly danger: boolean;
  readonly back: string;
  /** Why it failed, after it was tried. */
  readonly failure?: string;
}

/** The question with its form, which is sent to `action`. */
export const Ask: FC<{ question: Question; action: string; token: string }> = ({ question, action, token }) => (
  <section class="ask">
    <h1>{question.title}</h1>
    {question.failure && <Notice tone="bad">{question.failure}</Notice>}
    <div class="consequence">{question.consequence}</div>
    <form method="post" action={action} class="actions">
      <FormToken token={token} />
      <button type="submit" class={question.danger ? 'danger' : 'primary'}>
        {question.button}
      </button>
      <a class="button" href={question.back}>
        Cancel
      </a>
    </form>
  </section>
);
