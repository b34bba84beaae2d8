/** The same script in podsim's shell and in the real dash, bash and busybox of this machine: output and exit code are equal. */
import { beforeAll, describe, expect, test } from 'vitest';
import { cases, programCases } from './cases.js';
import { moreCases } from './cases-more.js';
import { differences } from './differences.js';
import { runScript } from './host.js';
import { isInstalled, type Outcome, runReal } from './real.js';

const all = [...cases, ...programCases, ...moreCases];

for (const flavour of ['dash', 'bash', 'ash'] as const) {
  const there = isInstalled(flavour);
  describe.skipIf(!there)(`${flavour}${there ? '' : ' (skipped: not installed)'}`, () => {
    let real: readonly Outcome[] = [];
    beforeAll(() => {
      real = runReal(flavour, all);
    }, 120_000);
    all.forEach((source, i) => {
      (differences[flavour][source] === undefined ? test : test.fails)(source, () => {
        const mine = runScript(flavour, [flavour === 'bash' ? 'bash' : 'sh', '-c', source], { suspend: true, now: 1_767_225_600_000 });
        expect({ output: mine.output, code: mine.code }).toEqual(real[i]);
      });
    });
  });
}
