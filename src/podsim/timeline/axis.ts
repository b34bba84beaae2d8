/**
 * A time axis of so many columns (or pixels). Linear where that shows what there is; else stretched where much happens, so that the seconds
 * of a start are to be seen beside hours of waiting.
 */
import type { Time } from '../../api/time.js';
import type { PodTimeline } from './model.js';

export interface Tick {
  /** 0 … {@link Axis.length}. */
  readonly at: number;
  readonly label: string;
}

export interface Axis {
  readonly length: number;
  readonly isLinear: boolean;
  /** Where an instant is; those outside are at the ends. A fraction. */
  place(time: Time): number;
  timeAt(place: number): Time;
  readonly ticks: readonly Tick[];
}

export type Scale = 'auto' | 'linear' | 'stretched';

/** The part of the life that is shown, and how. `gap`: columns from tick to tick, at least. */
export interface AxisOptions {
  readonly from: Time;
  readonly to: Time;
  readonly length: number;
  readonly gap: number;
  readonly scale: Scale;
}

export function axisOf(timeline: PodTimeline, { from, to, length, gap, scale }: AxisOptions): Axis {
  const end = Math.max(to, from + 1);
  const inner = timeline.rows.flatMap(({ spans }) => spans.flatMap((span) => [span.from, span.to])).filter((time) => time > from && time < end);
  const stops = [...new Set([from as number, ...inner, end])].sort((a, b) => a - b);
  const even = (time: number): number => ((time - from) / (end - from)) * length;
  const isLinear = scale === 'linear' || (scale === 'auto' && isShown(stops, even, length));
  const places = isLinear ? [0, length] : stretched(timeline, stops, length);
  const times = isLinear ? [from as number, end] : stops;
  const place = (time: Time): number => interpolate(times, places, time);
  const timeAt = (at: number): Time => interpolate(places, times, at) as Time;
  return {
    length,
    isLinear,
    place,
    timeAt,
    ticks: isLinear ? evenTicks(timeline.from, from, end, length, gap) : roundTicks(timeline.from, timeAt, place, length, gap),
  };
}

/** Most of the moments at which something changes have a column of their own. */
function isShown(stops: readonly number[], even: (time: number) => number, length: number): boolean {
  // What is closer together than that need not be told apart.
  const apart = stops.filter((time, i) => i === 0 || time - (stops[i - 1] as number) > 50);
  const columns = new Set(apart.map((time) => Math.round(even(time))));
  return columns.size >= 0.7 * apart.length && columns.size <= length / 2;
}

/** Each stretch gets room by the logarithm of its length; less each time that a row comes to a state again. */
function stretched({ rows }: PodTimeline, stops: readonly number[], length: number): readonly number[] {
  const news = new Map<number, number>();
  for (const { spans } of rows) {
    const seen = new Map<string, number>();
    for (const { from, state } of spans) {
      const times = (seen.get(state) ?? 0) + 1;
      seen.set(state, times);
      news.set(from, Math.max(news.get(from) ?? 0, 1 / times));
    }
  }
  const weights = stops.slice(1).map((time, i) => {
    const begin = stops[i] as number;
    return Math.log2(1 + (time - begin) / 500) * (news.get(begin) ?? 1);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let at = 0;
  return [
    0,
    ...weights.map((weight) => {
      at += weight;
      return (at / sum) * length;
    }),
  ];
}

/** `xs` ascending; outside of them the ends. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1;
  if (x <= (xs[0] as number)) return ys[0] as number;
  if (x >= (xs[last] as number)) return ys[last] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [xs[low] as number, xs[high] as number, ys[low] as number, ys[high] as number];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** Round spans, in ms. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * 1000),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * 60_000),
  ...[1, 2, 3, 6, 12].map((n) => n * 3_600_000),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n) => n * 86_400_000),
];

function evenTicks(zero: Time, from: number, to: number, length: number, gap: number): readonly Tick[] {
  const least = ((to - from) * gap) / length;
  const step = STEPS.find((one) => one >= least) ?? Math.max(1, to - from);
  const ticks: Tick[] = [];
  for (let offset = Math.ceil((from - zero) / step) * step; zero + offset <= to; offset += step)
    ticks.push({ at: ((zero + offset - from) / (to - from)) * length, label: offsetText(offset) });
  return ticks;
}

/** At every place the roundest moment nearby. */
function roundTicks(zero: Time, timeAt: (place: number) => Time, place: (time: Time) => number, length: number, gap: number): readonly Tick[] {
  const ticks: Tick[] = [];
  for (let at = 0; at <= length; ) {
    const early = timeAt(at) - zero;
    const late = timeAt(Math.min(length, at + gap / 2)) - zero;
    const step = STEPS.findLast((one) => Math.ceil(early / one) * one <= late);
    const offset = step === undefined ? Math.round(early) : Math.ceil(early / step) * step;
    const found = place((zero + offset) as Time);
    ticks.push({ at: found, label: offsetText(offset) });
    at = Math.max(found + gap, at + gap);
  }
  return ticks;
}

/** `0s`, `2.5s`, `40s`, `1m30s`, `2h5m`, `3d4h`: since the pod's beginning, in ms. */
export function offsetText(offset: number): string {
  const ms = Math.abs(offset);
  const sign = offset < 0 ? '-' : '';
  if (ms < 60_000) return `${sign}${Math.round(ms) / 1000}s`;
  const [days, hours, mins, secs] = [Math.floor(ms / 86_400_000), Math.floor(ms / 3_600_000) % 24, Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const parts = [days > 0 ? `${days}d` : '', hours > 0 ? `${hours}h` : '', mins > 0 ? `${mins}m` : '', secs > 0 && days === 0 ? `${secs}s` : ''];
  return sign + parts.join('');
}
