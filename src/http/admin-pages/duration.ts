// Values as a person reads them.
import { SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';

const UNITS = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
  ['second', 1],
] as const;

const counted = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;

/** Seconds as days, hours, minutes and seconds: `2592000` is "30 days". */
export function duration(seconds: number): string {
  let left = seconds;
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count > 0 ? [counted(count, unit)] : [];
  });
  return parts.join(' ') || '0 seconds';
}

/** A value of a setting in words: "30 days", "6 characters", "on". */
export function reading(key: SettingKey, value: number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return SETTINGS[key].unit === 'seconds' ? duration(value) : counted(value, 'character');
}
