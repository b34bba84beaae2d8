/** Cron schedules, with the errors of github.com/robfig/cron (ParseStandard) and the times its SpecSchedule.Next finds. */
import { goQuote } from '../../api/field.js';
import { type Duration, parseDuration, seconds, type Time } from '../../api/time.js';
import type { Zone } from '../../text/zone.js';

export type Schedule = SpecSchedule | { readonly every: Duration };

/** Sets of the values at which it fires; a star that was not narrowed down by a step matters for days. */
interface SpecSchedule {
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly day: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  readonly weekday: ReadonlySet<number>;
  readonly isEveryDay: boolean;
  readonly isEveryWeekday: boolean;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE: Bounds = { min: 0, max: 59 };
const HOUR: Bounds = { min: 0, max: 23 };
const DAY: Bounds = { min: 1, max: 31 };
const MONTH: Bounds = { min: 1, max: 12, names: MONTHS };
const WEEKDAY: Bounds = { min: 0, max: 6, names: WEEKDAYS };

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const EVERY = '@every ';
/** A schedule that does not fire within so many years never does (30 February). */
const YEARS = 5;

class ScheduleError extends Error {}

/** The schedule, or what is wrong with it. */
export function parseSchedule(text: string): Schedule | { readonly error: string } {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ScheduleError) return { error: error.message };
    throw error;
  }
}

function fail(text: string): never {
  throw new ScheduleError(text);
}

function parse(text: string): Schedule {
  if (text === '') fail('empty spec string');
  const spec = text.replace(/^(CRON_)?TZ=\S* */, '').trim();
  if (spec.startsWith('@')) return parseDescriptor(spec);
  const fields = spec.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) fail(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const minutes = parseField(minute, MINUTE);
  const hours = parseField(hour, HOUR);
  const days = parseField(day, DAY);
  const months = parseField(month, MONTH);
  const weekdays = parseField(weekday, WEEKDAY);
  return {
    minute: minutes.values,
    hour: hours.values,
    day: days.values,
    month: months.values,
    weekday: weekdays.values,
    isEveryDay: days.isStar,
    isEveryWeekday: weekdays.isStar,
  };
}

function parseDescriptor(spec: string): Schedule {
  const standard = DESCRIPTORS[spec];
  if (standard !== undefined) return parse(standard);
  if (!spec.startsWith(EVERY)) return fail(`unrecognized descriptor: ${spec}`);
  const every = parseDuration(spec.slice(EVERY.length));
  if (every === undefined) return fail(`failed to parse duration ${spec}: time: invalid duration ${goQuote(spec.slice(EVERY.length))}`);
  return { every: seconds(Math.max(1, Math.floor(every / 1000))) };
}

function parseField(field: string, bounds: Bounds): { values: ReadonlySet<number>; isStar: boolean } {
  const values = new Set<number>();
  let isStar = false;
  for (const expression of field.split(',').filter((part) => part !== '')) {
    const { start, end, step, star } = parseRange(expression, bounds);
    for (let value = start; value <= end; value += step) values.add(value);
    isStar ||= star;
  }
  return { values, isStar };
}

function parseRange(expression: string, { min, max, names }: Bounds): { start: number; end: number; step: number; star: boolean } {
  const parts = expression.split('/');
  const range = (parts[0] as string).split('-');
  const isSingle = range.length === 1;
  let star = range[0] === '*' || range[0] === '?';
  let [start, end] = [min, max];
  if (!star) {
    start = parseValue(range[0] as string, names);
    if (range.length > 2) fail(`too many hyphens: ${expression}`);
    end = isSingle ? start : parseValue(range[1] as string, names);
  }
  let step = 1;
  if (parts.length > 2) fail(`too many slashes: ${expression}`);
  if (parts.length === 2) {
    step = parseNumber(parts[1] as string);
    // `5/10` means `5-59/10`.
    if (isSingle) end = max;
    if (step > 1) star = false;
  }
  if (start < min) fail(`beginning of range (${start}) below minimum (${min}): ${expression}`);
  if (end > max) fail(`end of range (${end}) above maximum (${max}): ${expression}`);
  if (start > end) fail(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
  if (step === 0) fail(`step of range should be a positive number: ${expression}`);
  return { start, end, step, star };
}

function parseValue(text: string, names: readonly string[] | undefined): number {
  const i = names?.indexOf(text.toLowerCase()) ?? -1;
  return i < 0 ? parseNumber(text) : names === MONTHS ? i + 1 : i;
}

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) fail(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  const value = Number(text);
  return value < 0 ? fail(`negative number (${value}) not allowed: ${text}`) : value;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The first time after `from` at which it fires; undefined: never. Hours that a zone's clock skips do not fire, those it repeats fire twice. */
export function nextTime(schedule: Schedule, from: Time, zone: Zone): Time | undefined {
  if ('every' in schedule) return (Math.floor(from / 1000) * 1000 + schedule.every) as Time;
  let at = (Math.floor(from / 1000) * 1000 + 1000) as number;
  const limit = zone.fields(at).year + YEARS;
  // Each round moves to the start of the next month, day, hour or minute that may fit, and looks again from the top.
  for (;;) {
    const { year, month, day, hour, minute, second } = zone.fields(at);
    if (year > limit) return undefined;
    if (!schedule.month.has(month)) at = zone.instant(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1);
    else if (!fitsDay(schedule, year, month, day)) at = zone.instant(year, month, day + 1);
    else if (!schedule.hour.has(hour)) at += HOUR_MS - minute * MINUTE_MS - second * 1000;
    else if (!schedule.minute.has(minute) || second !== 0) at += MINUTE_MS - second * 1000;
    else return at as Time;
  }
}

/** Restricted days of the month and of the week: either will do; otherwise both must hold. */
function fitsDay({ day: days, weekday: weekdays, isEveryDay, isEveryWeekday }: SpecSchedule, year: number, month: number, day: number): boolean {
  const hasDay = days.has(day);
  const hasWeekday = weekdays.has(new Date(Date.UTC(year, month - 1, day)).getUTCDay());
  return isEveryDay || isEveryWeekday ? hasDay && hasWeekday : hasDay || hasWeekday;
}
