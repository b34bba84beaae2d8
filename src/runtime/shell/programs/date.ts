/** date(1) in UTC, with +FORMAT, -u, -d of the common forms, -I, -R. */
import { milliseconds, parseTime, since, type Time, time } from '../../../api/time.js';
import type { Program } from '../program.js';
import { parseOptions, withArgs } from './options.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const two = (n: number): string => String(n).padStart(2, '0');

/** ISO 8601: a week belongs to the year in which its Thursday lies. */
function isoWeek(at: Time): { readonly year: number; readonly week: number } {
  const day = 86_400_000;
  const thursday = new Date(at + (3 - ((new Date(at).getUTCDay() + 6) % 7)) * day);
  return { year: thursday.getUTCFullYear(), week: Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / day / 7) + 1 };
}

const yearDay = (at: Time): number => Math.floor(since(time(Date.UTC(new Date(at).getUTCFullYear(), 0, 1)), at) / 86_400_000) + 1;
const twelve = (date: Date): number => date.getUTCHours() % 12 || 12;
const dayName = (date: Date): string => DAYS[date.getUTCDay()] as string;
const monthName = (date: Date): string => MONTHS[date.getUTCMonth()] as string;

/** What the directives of a format stand for. */
const FIELDS: Readonly<Record<string, (date: Date, at: Time) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  C: (date) => two(Math.floor(date.getUTCFullYear() / 100)),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(twelve(date)),
  k: (date) => String(date.getUTCHours()).padStart(2),
  l: (date) => String(twelve(date)).padStart(2),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  N: (date) => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
  s: (_, at) => String(Math.floor(at / 1000)),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  a: (date) => dayName(date).slice(0, 3),
  A: dayName,
  b: (date) => monthName(date).slice(0, 3),
  h: (date) => monthName(date).slice(0, 3),
  B: monthName,
  j: (_, at) => String(yearDay(at)).padStart(3, '0'),
  u: (date) => String(date.getUTCDay() || 7),
  w: (date) => String(date.getUTCDay()),
  U: (date, at) => two(Math.floor((yearDay(at) + 6 - date.getUTCDay()) / 7)),
  W: (date, at) => two(Math.floor((yearDay(at) + 6 - ((date.getUTCDay() + 6) % 7)) / 7)),
  V: (_, at) => two(isoWeek(at).week),
  G: (_, at) => String(isoWeek(at).year),
  g: (_, at) => two(isoWeek(at).year % 100),
  Z: () => 'UTC',
  z: () => '+0000',
  F: (_, at) => formatDate(at, '%Y-%m-%d'),
  T: (_, at) => formatDate(at, '%H:%M:%S'),
  R: (_, at) => formatDate(at, '%H:%M'),
  D: (_, at) => formatDate(at, '%m/%d/%y'),
  x: (_, at) => formatDate(at, '%m/%d/%y'),
  X: (_, at) => formatDate(at, '%H:%M:%S'),
  r: (_, at) => formatDate(at, '%I:%M:%S %p'),
  c: (_, at) => formatDate(at, '%a %b %e %H:%M:%S %Y'),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

export function formatDate(at: Time, format: string): string {
  const date = new Date(at);
  return format.replace(/%([-_0]?)(\d*)([A-Za-z%])/g, (all, flag: string, width: string, letter: string) => {
    let text = FIELDS[letter]?.(date, at);
    if (text === undefined) return all;
    if (letter === 'N' && width !== '') text = text.slice(0, Number(width));
    if (flag === '-') text = text.replace(/^[0 ]+(?=.)/, '');
    return text;
  });
}

export function parseDate(text: string, now: Time): Time | undefined {
  if (text === 'now' || text === '') return now;
  const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(text);
  if (epoch) return time(Number(epoch[1]) * 1000);
  const relative = /^(?:(\+|-)?(\d+)|(next|last))\s*(sec|second|min|minute|hour|day|week|month|year)s?(\s+ago)?$/.exec(text);
  if (relative || text === 'tomorrow' || text === 'yesterday' || text === 'today') {
    if (text === 'today') return now;
    const unit = relative?.[4] ?? 'day';
    const count =
      (text === 'tomorrow' || relative?.[3] === 'next' ? 1 : text === 'yesterday' || relative?.[3] === 'last' ? -1 : Number(relative?.[2])) *
      (relative?.[1] === '-' ? -1 : 1) *
      (relative?.[5] === undefined ? 1 : -1);
    const date = new Date(now);
    if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + count);
    else if (unit === 'year') date.setUTCFullYear(date.getUTCFullYear() + count);
    else
      return milliseconds(
        now + count * ({ sec: 1, second: 1, min: 60, minute: 60, hour: 3600, day: 86_400, week: 604_800 }[unit] as number) * 1000,
      ) as unknown as Time;
    return time(date.getTime());
  }
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (iso)
    return parseTime(
      `${iso[1]}T${iso[2] === undefined ? '00:00:00' : iso[2].length === 5 ? `${iso[2]}:00` : iso[2]}${iso[3] === undefined ? 'Z' : iso[3].replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`,
    );
  return undefined;
}

const ISO: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H+00:00',
  minutes: '%Y-%m-%dT%H:%M+00:00',
  seconds: '%Y-%m-%dT%H:%M:%S+00:00',
  ns: '%Y-%m-%dT%H:%M:%S,%N+00:00',
};

export const date: Program = {
  name: 'date',
  run(context) {
    // -I takes its precision only in the same word.
    const precision = context.args.map((arg) => /^(?:-I|--iso-8601=)(.+)$/.exec(arg)?.[1]).find((text) => text !== undefined) ?? 'date';
    const words = context.args.map((arg) => (/^-I.|^--iso-8601=/.test(arg) ? '-I' : arg));
    const options = parseOptions(withArgs(context, words), 'ud:D:r:s:IRh', {
      utc: 'u',
      universal: 'u',
      date: 'd=',
      reference: 'r=',
      'iso-8601': 'I',
      'rfc-2822': 'R',
      'rfc-email': 'R',
    });
    if (typeof options === 'number') return options;
    let at: Time | undefined;
    if (options.has('d')) {
      at = parseDate(options.value('d') as string, context.now);
      if (at === undefined) {
        context.err(`date: invalid date '${options.value('d')}'\n`);
        return 1;
      }
    }
    if (options.has('r')) {
      at = context.files.stat(context.path(options.value('r') as string))?.mtime;
      if (at === undefined) {
        context.err(`date: ${options.value('r')}: No such file or directory\n`);
        return 1;
      }
    }
    if (options.has('s')) {
      context.err(context.flavour === 'ash' ? "date: can't set date: Operation not permitted\n" : 'date: cannot set date: Operation not permitted\n');
      return 1;
    }
    const operand = options.operands[0];
    const format =
      operand?.startsWith('+') === true
        ? operand.slice(1)
        : options.has('I')
          ? (ISO[precision] ?? '%Y-%m-%d')
          : options.has('R')
            ? '%a, %d %b %Y %H:%M:%S %z'
            : '%a %b %e %H:%M:%S %Z %Y';
    if (operand !== undefined && !operand.startsWith('+')) {
      context.err(`date: invalid date '${operand}'\n`);
      return 1;
    }
    context.out(`${at === undefined ? context.clock(format) : formatDate(at, format)}\n`);
    return 0;
  },
};
