/** Lists of completion indexes: `0,2-4` (pkg/controller/job/indexed_job_utils.go, and their validation in pkg/apis/batch/validation). */
import { goQuote } from '../../api/field.js';

export type Interval = readonly [first: number, last: number];

/** Of a list that is valid. */
export function parseIndexes(text: string | undefined): readonly Interval[] {
  if (!text) return [];
  return text.split(',').map((part) => {
    const [first = '0', last = first] = part.split('-');
    return [Number(first), Number(last)];
  });
}

/** Sorted numbers as a list; only runs of three and more are written with a dash. */
export function formatIndexes(indexes: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < indexes.length; ) {
    let end = i;
    while (end + 1 < indexes.length && indexes[end + 1] === (indexes[end] as number) + 1) end++;
    const [first, last] = [indexes[i] as number, indexes[end] as number];
    parts.push(end === i ? String(first) : `${first}${end - i === 1 ? ',' : '-'}${last}`);
    i = end + 1;
  }
  return parts.join(',');
}

export const hasIndex = (intervals: readonly Interval[], index: number): boolean => intervals.some(([first, last]) => first <= index && index <= last);
export const countIndexes = (intervals: readonly Interval[]): number => intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** How many indexes the text names, or what is wrong with it. */
export function checkIndexes(text: string, completions: number): number | string {
  let total = 0;
  let previous: number | undefined;
  for (const part of text === '' ? [] : text.split(',')) {
    const interval = checkInterval(part, completions);
    if (typeof interval === 'string') return interval;
    const [first, last] = interval;
    if (previous !== undefined && previous >= first) return `non-increasing order, previous: ${previous}, current: ${first}`;
    total += last - first + 1;
    previous = last;
  }
  return total;
}

const INT64_END = 2 ** 63;

function checkInterval(part: string, completions: number): Interval | string {
  const limits = part.split('-');
  if (limits.length > 2) return `the fragment ${goQuote(part)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const numbers: number[] = [];
  for (const limit of limits) {
    if (!/^[+-]?\d+$/.test(limit) || Math.abs(Number(limit)) >= INT64_END) return `cannot convert string to integer for index: ${goQuote(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${goQuote(limit)}`;
    numbers.push(Number(limit));
  }
  const [first = 0, last = first] = numbers;
  if (limits.length === 2 && first >= last) return `non-increasing order, previous: ${first}, current: ${last}`;
  return [first, last];
}
