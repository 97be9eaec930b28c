// The second factor of a password: the app asks for a code, for as long as the server wants one and the person goes on.
import type { components } from './api.ts';

/** Told the refusal: `second_factor_required`, or `invalid_second_factor` for a code that was wrong. */
export type AskForCode = (
  refusal: components['schemas']['Problem'],
) => string | undefined | Promise<string | undefined>;

/** Sends credentials, and again with each code that `ask` gets. Its answer is the last one's. */
export const withCodeFrom =
  (ask: AskForCode | undefined) =>
  async <C extends object, A extends { readonly error?: components['schemas']['Problem'] }>(
    credentials: C,
    send: (credentials: C & { readonly otp?: string }) => Promise<A>,
  ): Promise<A> => {
    let answer = await send(credentials);
    while (ask && answer.error && /^(second_factor_required|invalid_second_factor)$/.test(answer.error.code)) {
      const otp = await ask(answer.error);
      if (!otp) break;
      answer = await send({ ...credentials, otp });
    }
    return answer;
  };
