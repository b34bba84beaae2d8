/**
 * The same programs over the same files in podsim, in the real busybox and with the tools of a Debian 12: output and exit code are
 * equal. What the real ones do is recorded in program-results.json; PODSIM_PROGRAMS=real asks those of this machine again, and
 * PODSIM_PROGRAMS=record also writes it down.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runScript } from './host.js';
import { invocations, setUp } from './program-cases.js';
import { programDifferences } from './program-differences.js';
import { runReal } from './real.js';

const file = new URL('./program-results.json', import.meta.url);
const scripts = invocations.map((invocation) => `${setUp}; ${invocation}`);
const how = process.env['PODSIM_PROGRAMS'];

type Results = Readonly<Record<'busybox' | 'gnu', Readonly<Record<string, readonly [output: string, code: number | null]>>>>;

/** An applet's usage text is not compared: it differs from build to build, and is not copied. That it is shown, and where, is. */
const withoutUsage = (output: string): string => output.replace(/BusyBox v[^\n]*\n\nUsage: .*$/s, '(usage)\n');

const ask = (flavour: 'ash' | 'dash'): Results['gnu'] =>
  Object.fromEntries(runReal(flavour, scripts).map(({ output, code }, i) => [invocations[i] as string, [withoutUsage(output), code] as const]));

const real: Results = how === undefined ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : { busybox: ask('ash'), gnu: ask('dash') };
if (how === 'record') writeFileSync(file, `${JSON.stringify(real, undefined, 1)}\n`);

for (const [userland, flavour] of [
  ['busybox', 'ash'],
  ['gnu', 'dash'],
] as const) {
  describe(userland, () => {
    scripts.forEach((source, i) => {
      const invocation = invocations[i] as string;
      (programDifferences[userland][invocation] === undefined ? test : test.fails)(invocation, () => {
        const mine = runScript(flavour, ['sh', '-c', source], { now: 1_767_225_600_000 });
        expect([withoutUsage(mine.output), mine.code]).toEqual(real[userland][invocation]);
      });
    });
  });
}
