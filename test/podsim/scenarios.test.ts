/** Every scenario is proved: what its task is about fails in the scene, and holds after its own solution; guards hold in both. */
import { describe, expect, test } from 'vitest';
import { parseTime, type Time } from '../../src/api/time.js';
import { inspect } from '../../src/podsim/practice/checks.js';
import { allScenarios } from '../../src/podsim/practice/library.js';
import { pointsOf, type Step } from '../../src/podsim/practice/scenario.js';
import { play, setScene } from '../../src/podsim/practice/scene.js';
import { wordsOf } from '../../src/podsim/practice/words-of.js';

const time = parseTime('2026-01-01T00:00:00Z') as Time;
const machine = () => time as number;
const scenarios = allScenarios();

const told = (findings: Awaited<ReturnType<typeof inspect>>) =>
  findings.map(({ check, holds, found, expected, command }) => ({ text: check.text.en, holds, found, expected: expected.en, command }));

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', (_, scenario) => {
  test('fails before and holds after its solution', async () => {
    const runner = await setScene(scenario, { seed: 1, time, machine });
    const before = await inspect(scenario, await runner.turn.entries(), machine);
    const wrong = before.filter(({ check, holds }) => holds !== check.isGuard);
    expect(told(wrong)).toEqual([]);
    for (const { step } of scenario.solution.steps) await play(runner, step, scenario.id);
    const after = await inspect(scenario, await runner.turn.entries(), machine);
    expect(told(after.filter(({ holds }) => !holds))).toEqual([]);
  });

  test('is written as the house writes', () => {
    expect(pointsOf(scenario)).toBeGreaterThanOrEqual(4);
    expect(scenario.minutes).toBeGreaterThanOrEqual(3);
    expect(scenario.interview.length).toBeGreaterThanOrEqual(2);
    expect(scenario.hints.length).toBeGreaterThanOrEqual(1);
    expect(scenario.hints.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThan(pointsOf(scenario));
    for (const { en, ko } of textsOf(scenario)) {
      expect(en).not.toMatch(/[\uac00-\ud7a3]/);
      // What is the same in both languages has no words of either.
      if (ko !== en) expect(ko).toMatch(/[\uac00-\ud7a3]/);
    }
    for (const step of [...scenario.setup, ...scenario.solution.steps.map((one) => one.step)]) expect(reachesOut(step)).toBe(false);
  });
});

/** Commands of a scenario read and write nothing of the host's. */
function reachesOut(step: Step): boolean {
  if (!('run' in step)) return false;
  const [program, verb = '', ...rest] = wordsOf(step.run);
  if (program === 'podsim') return !['fault', 'image', 'clock'].includes(verb);
  return ['config', 'edit', 'cp', 'port-forward', 'proxy', 'plugin', 'completion'].includes(verb) || rest.some((word) => /^(-f|--filename)/.test(word));
}

function textsOf(value: unknown): readonly { readonly en: string; readonly ko: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('en' in value && 'ko' in value) return [value as { en: string; ko: string }];
  return Object.values(value).flatMap(textsOf);
}

test('each topic of the curriculum has scenarios', () => {
  expect(new Set(scenarios.map(({ topic }) => topic))).toEqual(new Set(['design', 'deployment', 'observability', 'configuration', 'networking']));
});
