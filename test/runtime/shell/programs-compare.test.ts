/**
 * The same programs over the same files in podsim, in the real busybox and with the tools of a Debian 12: output and exit code are
 * equal. What the real ones do is recorded in program-results.json; PODSIM_PROGRAMS=real asks those of this machine again, and
 * PODSIM_PROGRAMS=record also writes it down, and PODSIM_PROGRAMS=add asks only for what is new.
 */
import { describe, expect, test } from 'vitest';
import { runScript } from './host.js';
import { invocations, setUp } from './program-cases.js';
import { programDifferences } from './program-differences.js';
import { runReal } from './real.js';
import { recordedResults } from './recorded.js';

const scripts = invocations.map((invocation) => `${setUp}; ${invocation}`);

/** An applet's usage text is not compared: it differs from build to build, and is not copied. That it is shown, and where, is. */
const withoutUsage = (output: string): string => output.replace(/BusyBox v[^\n]*\n\nUsage: .*$/s, '(usage)\n');

const real = recordedResults(
  'program-results.json',
  process.env['PODSIM_PROGRAMS'],
  ['busybox', 'gnu'],
  () => invocations,
  (userland) => runReal(userland === 'gnu' ? 'dash' : 'ash', scripts).map(({ output, code }) => ({ output: withoutUsage(output), code })),
);

for (const [userland, flavour] of [
  ['busybox', 'ash'],
  ['gnu', 'dash'],
] as const) {
  describe(userland, () => {
    scripts.forEach((source, i) => {
      const invocation = invocations[i] as string;
      (programDifferences[userland][invocation] === undefined ? test : test.fails)(invocation, () => {
        const mine = runScript(flavour, ['sh', '-c', source], { now: 1_767_225_600_000 });
        expect([withoutUsage(mine.output), mine.code]).toEqual(real[userland]?.[invocation]);
      });
    });
  });
}
