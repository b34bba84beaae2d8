/**
 * The same script in podsim's shell and in the real dash, bash and busybox: output and exit code are equal. What the real ones do
 * is recorded in shell-results.json, and a sample of it is asked of those of this machine each time; PODSIM_SHELLS=real asks them
 * for everything, PODSIM_SHELLS=record also writes it down, and PODSIM_SHELLS=add asks only for what is new.
 */
import { describe, expect, test } from 'vitest';
import { cases, programCases } from './cases.js';
import { bashCases } from './cases-bash.js';
import { learnerCases } from './cases-learners.js';
import { moreCases } from './cases-more.js';
import { pipeCases } from './cases-pipes.js';
import { differences } from './differences.js';
import { runScript } from './host.js';
import { isInstalled, runReal } from './real.js';
import { recordedResults } from './recorded.js';

const FLAVOURS = ['dash', 'bash', 'ash'] as const;
const SAMPLE = 20;
const all = [...cases, ...programCases, ...moreCases, ...pipeCases, ...learnerCases];
const casesOf = (flavour: string): readonly string[] => (flavour === 'bash' ? [...all, ...bashCases] : all);
const real = recordedResults('shell-results.json', process.env['PODSIM_SHELLS'], FLAVOURS, casesOf, (flavour, scripts) => runReal(flavour as 'dash', scripts));

for (const flavour of FLAVOURS) {
  describe(flavour, () => {
    const recorded = (source: string) => real[flavour]?.[source];
    const there = isInstalled(flavour);
    test.skipIf(!there)(
      `does what is recorded of it${there ? '' : ' (skipped: not installed)'}`,
      () => {
        const sample = casesOf(flavour).filter((_, i) => i % SAMPLE === 0);
        expect(runReal(flavour, sample).map(({ output, code }) => [output, code])).toEqual(sample.map(recorded));
      },
      60_000,
    );
    for (const source of casesOf(flavour))
      (differences[flavour][source] === undefined ? test : test.fails)(source, () => {
        const mine = runScript(flavour, [flavour === 'bash' ? 'bash' : 'sh', '-c', source], { suspend: true, now: 1_767_225_600_000 });
        expect([mine.output, mine.code]).toEqual(recorded(source));
      });
  });
}
