// A user of every surface, who remembers what was acknowledged and checks afterwards that it still holds.

/** A server's answer, or that there was none. */
type Said = { readonly status: number; readonly body: Record<string, unknown> } | undefined;

/** A value as acknowledged, and the value of a write that got no answer. */
interface Kept {
  acknowledged: number;
  attempted: number;
}

export class Actor {
  readonly name: string;
  readonly #origin: () => string;
  readonly #password = 'a secret of somebody';
  #exists: 'no' | 'maybe' | 'yes' = 'no';
  #session = '';
  #refresh = '';
  /** Whether a refresh got no answer: its token may be used up. */
  #refreshUnanswered = false;
  #entity = 0;
  #number = 0;
  readonly #ended: string[] = [];
  readonly #data: Kept = { acknowledged: 0, attempted: 0 };
  readonly #quantity: Kept = { acknowledged: 0, attempted: 0 };
  acknowledged = 0;

  constructor(name: string, origin: () => string) {
    this.name = name;
    this.#origin = origin;
  }

  async #send(method: string, path: string, body?: unknown, token?: string): Promise<Said> {
    try {
      const response = await fetch(`${this.#origin()}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status >= 500) return undefined;
      if (response.ok && method !== 'GET') this.acknowledged += 1;
      return { status: response.status, body: text ? JSON.parse(text) : {} };
    } catch {
      return undefined;
    }
  }

  /** One step of the user's life, or the next one where this one is not possible yet. */
  async step(): Promise<void> {
    if (this.#exists !== 'yes') return this.#signUp();
    if (!this.#refresh || this.#refreshUnanswered) return this.#logIn();
    const steps = [this.#rotate, this.#rotate, this.#write, this.#write, this.#count, this.#count, this.#logOut];
    this.#number += 1;
    return steps[this.#number % steps.length]?.call(this);
  }

  async #signUp(): Promise<void> {
    const { name: username } = this;
    const said = await this.#send('POST', '/auth/register', {
      username,
      email: `${username}@example.com`,
      password: this.#password,
    });
    if (!said) this.#exists = 'maybe';
    if (said?.status === 201) this.#session = String(said.body.auth_token);
    // A name whose write got no answer may be this actor's already.
    if (said?.status === 201 || (said?.status === 400 && this.#exists === 'maybe')) this.#exists = 'yes';
  }

  async #logIn(): Promise<void> {
    const said = await this.#send('POST', '/api/login', { username: this.name, password: this.#password });
    if (said?.status !== 200) return;
    this.#refresh = String(said.body.refresh_token);
    this.#refreshUnanswered = false;
    const session = await this.#send('POST', '/auth', { username: this.name, password: this.#password });
    if (session?.status === 200) this.#session = String(session.body.token);
  }

  async #rotate(): Promise<void> {
    const said = await this.#send('POST', '/api/refresh', { refresh_token: this.#refresh });
    if (!said) this.#refreshUnanswered = true;
    else if (said.status === 200) this.#refresh = String(said.body.refresh_token);
  }

  async #write(): Promise<void> {
    await this.#keep(this.#data, (n) => this.#send('PATCH', `/user/${this.name}`, { n }, this.#session));
  }

  async #count(): Promise<void> {
    if (this.#entity)
      return this.#keep(this.#quantity, (quantity) =>
        this.#send('PATCH', `/entities/${this.#entity}`, { quantity }, this.#session),
      );
    const said = await this.#send('POST', '/entities', { code: this.name, type: 'chair', quantity: 0 }, this.#session);
    if (said?.status === 201) this.#entity = Number(said.body.id);
  }

  async #keep(kept: Kept, write: (value: number) => Promise<Said>): Promise<void> {
    kept.attempted += 1;
    const said = await write(kept.attempted);
    if (said?.status === 200) kept.acknowledged = kept.attempted;
  }

  async #logOut(): Promise<void> {
    const said = await this.#send('POST', '/api/logout', { refresh_token: this.#refresh });
    if (said?.status === 200) this.#ended.push(this.#refresh);
    this.#refresh = '';
  }

  /** What was acknowledged and does not hold. `checks` counts the checks. */
  async losses(checks: { count: number }): Promise<readonly string[]> {
    const losses: string[] = [];
    const check = (what: string, holds: boolean, said?: Said) => {
      checks.count += 1;
      if (!holds) losses.push(`${this.name}: ${what}, got ${JSON.stringify(said)}`);
    };
    if (this.#exists !== 'yes') return losses;
    for (const token of this.#ended.splice(0)) {
      const said = await this.#send('POST', '/api/refresh', { refresh_token: token });
      check('a session that was logged out is over', said?.status === 401, said);
    }
    if (this.#refresh && !this.#refreshUnanswered) {
      const said = await this.#send('POST', '/api/refresh', { refresh_token: this.#refresh });
      check('a refresh that was answered goes on', said?.status === 200, said);
      this.#refresh = String(said?.body.refresh_token ?? '');
    }
    if (!this.#session) return losses;
    const user = await this.#send('GET', `/user/${this.name}`, undefined, this.#session);
    check('the account and its session are there', user?.status === 200, user);
    check(`its data is ${this.#data.acknowledged}`, within(this.#data, Number(user?.body.n ?? 0)), user);
    if (!this.#entity) return losses;
    const entity = await this.#send('GET', `/entities/${this.#entity}`, undefined, this.#session);
    check(
      `its entity counts ${this.#quantity.acknowledged}`,
      within(this.#quantity, Number(entity?.body.quantity)),
      entity,
    );
    return losses;
  }
}

/** A write without an answer may have taken effect or not; one with an answer has. */
function within(kept: Kept, found: number): boolean {
  const holds = found >= kept.acknowledged && found <= kept.attempted;
  kept.acknowledged = found;
  return holds;
}
