/** What podsim's own flags are given, read: each throws {@link PodsimError} for what the flag does not take. */
import { parseTime, type Time } from '../api/time.js';
import { parseRate } from './clock.js';
import { PodsimError } from './context.js';

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--${flag}": expected a whole number from ${least} to ${most}`);
  return value;
}

/** `--seed`: what 32 bits hold. */
export const seedGiven = (text: string): number => wholeNumber('seed', text, 0, 2 ** 32 - 1);

/** `--time`. */
export function timeGiven(text: string): Time {
  const time = parseTime(text);
  if (time === undefined) throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--time": expected RFC 3339, for example 2026-01-01T00:00:00Z`);
  return time;
}

/** `--clock`, real, paused or Nx: simulated seconds a second of the machine. */
export const rateGiven = (text: string): number => (text === 'paused' ? 0 : text === 'real' ? 1 : parseRate(text));
