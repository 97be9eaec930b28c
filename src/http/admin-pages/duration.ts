// Settings' values in words.
import type { SettingValue } from '../../domain/settings/kinds.ts';
import { definitionOf, type SettingKey } from '../../domain/settings/settings.ts';

const UNITS = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
  ['second', 1],
] as const;

const counted = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;

/** Seconds as days, hours, minutes and seconds: `2592000` is "30 days". */
function duration(seconds: number): string {
  let left = seconds;
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count > 0 ? [counted(count, unit)] : [];
  });
  return parts.join(' ') || '0 seconds';
}

/** A setting's value in words: "30 days", "6 characters", "on". */
export function describeValue(key: SettingKey, value: SettingValue): string {
  const definition = definitionOf(key);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (definition.kind === 'choice')
    return definition.choices.find(([choice]) => choice === value)?.[1] ?? String(value);
  if (definition.kind !== 'number' || typeof value === 'string') return value === '' ? 'none' : `“${value}”`;
  return definition.unit === 'seconds' ? duration(value) : counted(value, definition.unit.slice(0, -1));
}
