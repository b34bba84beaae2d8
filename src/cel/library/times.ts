/** Parts of timestamps, in UTC or a zone, and lengths of durations (cel-go common/types timestamp.go, duration.go). */
import { loadZone } from '../../text/zone.js';
import { CelError, Duration, Timestamp, type Value } from '../values.js';
import { type CelFunction, isText, type Library } from './function.js';

/** Milliseconds east of Greenwich; `America/New_York`, `-05:30`. */
function offset(zone: string, at: number): number {
  const colon = zone.indexOf(':');
  if (colon < 0) {
    const known = loadZone(zone);
    if (known === undefined) throw new CelError(`unknown time zone ${zone}`);
    return known.offset(at) * 1000;
  }
  const [hours, minutes] = [zone.slice(0, colon), zone.slice(colon + 1)].map((part) => {
    if (!/^[+-]?\d+$/.test(part)) throw new CelError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
    return Number(part);
  }) as [number, number];
  return (hours * 60 + (zone.startsWith('-') ? -minutes : minutes)) * 60_000;
}

/** `unit`: of durations, in milliseconds; there is none of what a duration has not. */
const part =
  (read: (date: Date) => number, unit?: number): CelFunction =>
  (value, zone?: Value) => {
    if (value instanceof Duration) return unit === undefined || zone !== undefined ? undefined : BigInt(Math.trunc(value.ms / unit));
    if (!(value instanceof Timestamp) || (zone !== undefined && !isText(zone))) return undefined;
    return BigInt(read(new Date(value.ms + (zone === undefined ? 0 : offset(zone, value.ms)))));
  };

const dayOfYear = (date: Date): number =>
  Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

export const times: Library = {
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part(dayOfYear),
  getHours: part((date) => date.getUTCHours(), 3_600_000),
  getMinutes: part((date) => date.getUTCMinutes(), 60_000),
  getSeconds: part((date) => date.getUTCSeconds(), 1000),
  getMilliseconds: part((date) => date.getUTCMilliseconds(), 1),
};
