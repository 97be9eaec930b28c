// Signing up on the page: which accounts are signed in at once, and the words of each refusal.
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { mailsTo, newMailClient } from '../../support/mailbox.ts';
import { registered, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { post } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const alert = ({ text }: Answer) => /role="alert">([^<]+)/.exec(text)?.[1];
const signUp = (form: Record<string, string>, by = client) => post(by, '/id/sign-up', form);

describe('signing up', () => {
  it.each([
    ['an email and a username', ({ email, username }: ReturnType<typeof stranger>) => ({ email, username })],
    ['an email', ({ email }: ReturnType<typeof stranger>) => ({ email, username: '' })],
    ['a username', ({ username }: ReturnType<typeof stranger>) => ({ email: '', username })],
  ])('with %s makes an account that is signed in, and goes on', async (_, names) => {
    const person = stranger();
    const { password } = person;
    const answer = await signUp({ ...names(person), password, next: '/id/passkeys' });
    expect({ status: answer.status, location: answer.headers.get('Location') }).toEqual({
      status: 303,
      location: '/id/passkeys',
    });
    const cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const { text } = await client.get('/id/passkeys', { headers: { Cookie: cookie } });
    // The password counts as proven just now.
    expect(text).toContain('data-passkey="create"');
  });

  it('sends a person who must confirm their email to their mail, and lets nobody in', async () => {
    const mail = newMailClient({ RATE_LIMITS: 'off' });
    await configure(mail, { EMAIL_VERIFICATION_REQUIRED: 'true' });
    const { email, password } = stranger();
    const answer = await signUp({ email, password }, mail);
    expect(answer.text).toContain('Look at your mail');
    expect(answer.headers.get('Set-Cookie')).toBeNull();
    expect(mailsTo(mail, email)).toHaveLength(1);
    const refused = await post(mail, '/id/sign-in', { name: email, password });
    expect(alert(refused)).toContain('Confirm your email address first');
    await configure(mail, { EMAIL_VERIFICATION_REQUIRED: null });
  });

  it('refuses taken and invalid fields, says which, and shows the input again without the password', async () => {
    const [other, person] = [await registered(client), stranger()];
    const { email, username, password } = person;
    const cases: readonly (readonly [Record<string, string>, string])[] = [
      [{ email: other.email, username, password }, 'There is an account with this email.'],
      [{ email, username: other.username, password }, 'Somebody has this username.'],
      [{ email: '', username: '', password }, 'Enter an email or a username.'],
      [{ email: 'x', username, password }, 'The email must be'],
      [{ email, username: 'a@b', password }, 'The username must be'],
      [{ email, username, password: 'brief' }, 'at least 6 characters'],
      [{ email, username, password: 'x'.repeat(257) }, 'at most 256 characters'],
      [{ email, username }, 'at least 6 characters'],
    ];
    for (const [form, message] of cases) {
      const answer = await signUp(form);
      expect(alert(answer)).toContain(message);
      expect(answer.headers.get('Set-Cookie')).toBeNull();
      if (form.username) expect(answer.text).toContain(`value="${form.username}"`);
      if (form.password) expect(answer.text).not.toContain(form.password);
    }
  });

  it('is closed where the setting says so', async () => {
    const closed = newClient({ RATE_LIMITS: 'off' });
    await configure(closed, { REGISTRATION_OPEN: 'false' });
    expect((await closed.get('/id/sign-up')).status).toBe(403);
    const { email, password } = stranger();
    const answer = await signUp({ email, password }, closed);
    expect({ status: answer.status, cookie: answer.headers.get('Set-Cookie') }).toEqual({ status: 403, cookie: null });
    expect((await closed.post('/api/login', { email, password })).status).toBe(401);
    await configure(closed, { REGISTRATION_OPEN: null });
  });

  it('takes no form of another site', async () => {
    const { email, password } = stranger();
    const form = { email, password };
    for (const headers of [{}, { Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'same-site', Origin: 'null' }])
      expect((await client.send('POST', '/id/sign-up', { form, headers })).status).toBe(403);
    expect((await client.post('/api/login', form)).status).toBe(401);
  });
});
