// The statements of a seed: demo accounts, and a month of other people. A second run inserts nothing.
import { DAY_MS } from '../../src/domain/maintenance/statistics.ts';
import { hash } from '../password.ts';
import { DAYS } from './calendar.ts';
import { DEMO_PASSWORD, demoStatements } from './demo-accounts.ts';
import { monthUntil } from './month.ts';
import { monthStatements } from './month-statements.ts';

/** `now` is in milliseconds. All accounts share the demo password, so one hash is enough. */
export async function seedStatements(now: number): Promise<readonly string[]> {
  const passwordHash = await hash(DEMO_PASSWORD);
  return [
    ...demoStatements(passwordHash, now - (DAYS + 1) * DAY_MS),
    ...monthStatements(monthUntil(now), passwordHash),
  ];
}
