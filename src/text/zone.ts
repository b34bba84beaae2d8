/** Time zones by their IANA names, as Go's time.LoadLocation has them; the tables are the JavaScript engine's. */

export interface Fields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface Zone {
  /** What the zone's clocks show at the instant (milliseconds since 1970). */
  fields(at: number): Fields;
  /** The instant at which the given day begins there; days beyond the month's end run over. */
  instant(year: number, month: number, day: number): number;
  /** Seconds east of Greenwich. */
  offset(at: number): number;
}

export const UTC: Zone = {
  fields: utcFields,
  instant: (year, month, day) => Date.UTC(year, month - 1, day),
  offset: () => 0,
};

function utcFields(at: number): Fields {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** undefined: there is no such zone. */
export function loadZone(name: string): Zone | undefined {
  if (name === 'UTC' || name === '') return UTC;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const offset = (at: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000) / 1000);
  };
  return {
    offset,
    fields: (at) => utcFields(at + offset(at) * 1000),
    instant: (year, month, day) => {
      const wall = Date.UTC(year, month - 1, day);
      // The offset before and after a change differ; the second guess is made with the one that holds there.
      const guess = wall - offset(wall) * 1000;
      return wall - offset(guess) * 1000;
    },
  };
}
