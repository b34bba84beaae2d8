/** Cron schedules: errors as robfig/cron words them, times as its Next finds them. */
import { expect, test } from 'vitest';
import { formatTime, parseTime, type Time } from '../../../src/api/time.js';
import { nextTime, parseSchedule, type Schedule } from '../../../src/resources/cronjobs/schedule.js';
import { loadZone, UTC, type Zone } from '../../../src/text/zone.js';

test.each([
  ['', 'empty spec string'],
  ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['* * * * 7', 'end of range (7) above maximum (6): 7'],
  ['@never', 'unrecognized descriptor: @never'],
  ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
])('%j is refused', (text, error) => {
  expect(parseSchedule(text)).toEqual({ error });
});

test.each<[string, string, string, string?]>([
  ['* * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'],
  ['*/5 * * * *', '2026-01-01T00:03:30Z', '2026-01-01T00:05:00Z'],
  ['0 9-17/4 * * mon-fri', '2026-01-02T17:00:00Z', '2026-01-05T09:00:00Z'],
  ['30 2 31 * *', '2026-01-31T02:30:00Z', '2026-03-31T02:30:00Z'],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['0 0 30 2 *', '2026-01-01T00:00:00Z', 'never'],
  // Day of month and of week both given: either.
  ['0 0 13 * fri', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  // A star with a step is a restriction.
  ['0 0 */2 * fri', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  ['0 0 * * 1', '2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z'],
  ['@hourly', '2026-01-01T00:00:01Z', '2026-01-01T01:00:00Z'],
  ['@weekly', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00Z'],
  ['@every 90s', '2026-01-01T00:00:00Z', '2026-01-01T00:01:30Z'],
  ['5/20 * * * *', '2026-01-01T00:25:00Z', '2026-01-01T00:45:00Z'],
  ['0 9 * * *', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'Asia/Seoul'],
  ['30 9 * * *', '2026-01-01T00:00:00Z', '2026-01-01T04:00:00Z', 'Asia/Kolkata'],
  // The clock goes from 2 to 3 on 29 March: 2:30 is not there that day.
  ['30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00Z', 'Europe/Berlin'],
  ['0 0 * * *', '2026-03-29T12:00:00Z', '2026-03-29T22:00:00Z', 'Europe/Berlin'],
  // It goes back from 3 to 2 on 25 October: 2:30 comes twice.
  ['30 2 * * *', '2026-10-24T23:00:00Z', '2026-10-25T00:30:00Z', 'Europe/Berlin'],
  ['30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', 'Europe/Berlin'],
])('%s after %s is %s', (text, from, expected, zone) => {
  const next = nextTime(parseSchedule(text) as Schedule, parseTime(from) as Time, zone === undefined ? UTC : (loadZone(zone) as Zone));
  expect(next === undefined ? 'never' : formatTime(next)).toBe(expected);
});

test('a zone that is not there', () => {
  expect(loadZone('Mars/Phobos')).toBeUndefined();
});
