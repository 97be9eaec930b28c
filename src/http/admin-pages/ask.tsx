// A page that asks before something is changed.
import { Ask, type Question } from '../pages/question.tsx';
import { respondPage, type Section } from './layout.tsx';
import type { Call } from './pages.ts';

export interface AdminQuestion extends Question {
  readonly section: Section;
}

/** Shows the question; its form is sent to the address of the page itself. */
export const ask = ({ c, signedIn }: Call, question: AdminQuestion): Response | Promise<Response> =>
  respondPage(
    c,
    { title: question.title, section: question.section, signedIn },
    <Ask question={question} action={c.req.path} token={signedIn.formToken} />,
  );
