/**
 * Moves a whole saved cluster in time, as if it had been made earlier or later: `describe` and `events` count ages on the
 * client's clock, and the real kubectl's is the machine's.
 */

const STAMP = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=(\.\d+)?Z)/g;
const FRACTION = /(?<=\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{6}(?=Z")/g;
/** Milliseconds since 1970 between 2020 and 2036; no other number in a state file is as large. */
const MILLISECONDS = /(?<=[[:,])(1[5-9]\d{11}|20\d{11})(?=[\],}])/g;

/**
 * Events know their time to the microsecond. Made whole seconds, their ages change only when a second ends, as all others do: so
 * who reads the clock at any time within a second says the same.
 */
export const wholeSeconds = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('{"podsim":') ? shiftLine(line, 0) : line.replace(FRACTION, '.000000')))
    .join('\n');

/** `by` in milliseconds, whole seconds. */
export function shiftState(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => shiftLine(line, by))
    .join('\n');
}

function shiftLine(line: string, by: number): string {
  // The digest of what follows is no longer its digest: without it the file is read as one that was edited.
  if (line.startsWith('{"podsim":')) return line.replace(/"version":"[^"]*"/, '"version":"shifted"');
  return line
    .replace(STAMP, (stamp) => new Date(Date.parse(`${stamp}Z`) + by).toISOString().slice(0, 19))
    .replace(MILLISECONDS, (number) => String(Number(number) + by));
}
