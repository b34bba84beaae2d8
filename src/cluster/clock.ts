/** How simulated time goes with the machine's: real (1), paused (0), or N times as fast. */
import type { Time } from '../api/time.js';

/** Data in the state file. While paused the cluster's own `now` is the time, and no machine's time is written down. */
export type Clock =
  | { readonly rate: 0 }
  /** When the machine's clock (ms since 1970) was `machine`, it was `time` here. */
  | { readonly rate: number; readonly machine: number; readonly time: Time };

export const paused: Clock = { rate: 0 };

/** A clock that goes on from `time` at the given rate. */
export const running = (rate: number, time: Time, machine: number): Clock => (rate === 0 ? paused : { rate, machine, time });

/** Never before `floor`, whatever the machine's clock does. */
export function timeAt(clock: Clock, machine: number, floor: Time): Time {
  if (!('machine' in clock)) return floor;
  return Math.max(floor, Math.floor(clock.time + (machine - clock.machine) * clock.rate)) as Time;
}

/** How long the machine must wait until it is `time`; undefined: it never will be, by itself. */
export function machineWait(clock: Clock, machine: number, time: Time): number | undefined {
  if (!('machine' in clock)) return undefined;
  return Math.max(0, Math.ceil(clock.machine + (time - clock.time) / clock.rate - machine));
}
