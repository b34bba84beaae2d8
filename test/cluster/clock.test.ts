import { expect, test } from 'vitest';
import type { Time } from '../../src/api/time.js';
import { type Clock, machineWait, paused, running, timeAt } from '../../src/cluster/clock.js';

const cases: readonly { name: string; clock: Clock; machine: number; floor: number; now: number; due: number; wait: number | undefined }[] = [
  { name: 'real', clock: running(1, 1000 as Time, 50), machine: 80, floor: 0, now: 1030, due: 1100, wait: 70 },
  { name: 'sixty times as fast', clock: running(60, 1000 as Time, 50), machine: 80, floor: 0, now: 2800, due: 4000, wait: 20 },
  { name: 'half as fast', clock: running(0.5, 1000 as Time, 50), machine: 81, floor: 0, now: 1015, due: 1100, wait: 169 },
  { name: 'paused', clock: paused, machine: 80, floor: 700, now: 700, due: 800, wait: undefined },
  { name: 'paused by a rate of 0', clock: running(0, 700 as Time, 5), machine: 80, floor: 700, now: 700, due: 800, wait: undefined },
  { name: 'the machine set back', clock: running(1, 1000 as Time, 50), machine: 20, floor: 1030, now: 1030, due: 1040, wait: 70 },
  { name: 'due already', clock: running(1, 1000 as Time, 50), machine: 80, floor: 0, now: 1030, due: 1010, wait: 0 },
];
for (const { name, clock, machine, floor, now, due, wait } of cases) {
  test(`a clock: ${name}`, () => {
    expect(timeAt(clock, machine, floor as Time)).toBe(now);
    expect(machineWait(clock, machine, due as Time)).toBe(wait);
  });
}
