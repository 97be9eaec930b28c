// Schemas are made when they are first used, and stay.
import { describe, expect, it } from 'vitest';
import { AccountsBody } from '../../../src/http/admin-api/shapes.ts';
import { once } from '../../../src/http/once.ts';
import { AccountBody } from '../../../src/http/shapes/account-body.ts';

describe('A schema', () => {
  it('is not made before its first use, and never twice', () => {
    let made = 0;
    const Body = once(() => ({ number: ++made }));
    expect(made).toBe(0);
    expect(Body()).toBe(Body());
    expect(made).toBe(1);
  });

  it('is the same wherever another has it in it: the document tells components apart by identity', () => {
    expect(AccountsBody().shape.users.element).toBe(AccountBody());
  });
});
