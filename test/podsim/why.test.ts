/** `podsim why`: each rule in a cluster where it holds, and the commands it shows, run. */
import { afterAll, describe, expect, test } from 'vitest';
import { containerRules, podRules } from '../../src/podsim/why/diagnose-pod.js';
import type { Rule, Words } from '../../src/podsim/why/rule.js';
import { autoscalerRules } from '../../src/podsim/why/rules/autoscaler.js';
import { budgetRules } from '../../src/podsim/why/rules/budget.js';
import { claimRules } from '../../src/podsim/why/rules/claim.js';
import { ingressRules } from '../../src/podsim/why/rules/ingress.js';
import { cronJobRules, jobRules } from '../../src/podsim/why/rules/job.js';
import { namespaceRules } from '../../src/podsim/why/rules/namespace.js';
import { nodeRules } from '../../src/podsim/why/rules/node.js';
import { persistentVolumeRules } from '../../src/podsim/why/rules/persistent-volume.js';
import { policyRules } from '../../src/podsim/why/rules/policy.js';
import { quotaRules } from '../../src/podsim/why/rules/quota.js';
import { serviceRules } from '../../src/podsim/why/rules/service.js';
import { workloadRules } from '../../src/podsim/why/rules/workload.js';
import { type Shell, shell } from '../harness/shell.js';
import { type Scene, scenes } from './why-scenes.js';

type AnyRule = Omit<Rule<never>, 'when'>;
const rules: readonly AnyRule[] = [
  ...containerRules,
  ...podRules,
  ...workloadRules,
  ...jobRules,
  ...cronJobRules,
  ...serviceRules,
  ...claimRules,
  ...nodeRules,
  ...ingressRules,
  ...autoscalerRules,
  ...persistentVolumeRules,
  ...namespaceRules,
  ...quotaRules,
  ...budgetRules,
  ...policyRules,
];

interface Answer {
  readonly status: string;
  readonly healthy: boolean;
  readonly causes: readonly {
    readonly id: string;
    readonly cause: string;
    readonly todo: string;
    readonly fix: readonly string[];
    readonly proof: readonly string[];
    readonly evidence: readonly unknown[];
  }[];
}

async function play(sh: Shell, { steps, nodes = 1, cni = 'flannel' }: Scene): Promise<void> {
  const run = async (line: string | readonly string[], stdin = ''): Promise<void> => {
    const { code, err } = await sh.run(line, stdin);
    if (code !== 0) throw new Error(`${String(line).slice(0, 200)}: ${err}`);
  };
  await run(`cluster create --force --clock paused --time 2026-01-01T00:00:00Z --seed 1 --nodes ${nodes} --cni ${cni}`);
  for (const step of steps) {
    if (typeof step !== 'string') await run('apply -f -', JSON.stringify(Array.isArray(step) ? { apiVersion: 'v1', kind: 'List', items: step } : step));
    else if (/^\d+s$/.test(step)) await run(`clock advance -q ${step}`);
    else if (step.startsWith('FROZEN '))
      await run('cluster create --force --clock paused --time 2026-01-01T00:01:00Z --from - --frozen', step.slice('FROZEN '.length));
    else await run(step);
  }
}

/** The objects of the API. Logs are worked out when they are first read, and then kept: by `kubectl logs` too. */
const objects = (given: Shell): string =>
  given
    .state()
    .split('\n')
    .filter((line) => line.includes('"/registry/'))
    .join('\n');

/** As a shell would have it: without the remark and what comes after a pipe. */
const simple = (command: string): string => command.replace(/ {3}#.*$/, '').replace(/ \| .*$/, '');
/** Commands that show by failing, or do not end. */
const MAY_FAIL = /^kubectl (exec|rollout status) /;
const ENDLESS = / -w$/;

const sh = shell();
afterAll(() => sh.close());

describe.each(scenes.map((scene, i) => ({ ...scene, i })))('$rule ($ask)', (scene) => {
  test('holds, in both languages, and its commands run', async () => {
    await play(sh, scene);
    const before = objects(sh);
    const { code, out, err } = await sh.run(`why ${scene.ask} -o json`);
    expect(err).toBe('');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as Answer;
    const cause = answer.causes.find(({ id }) => id === scene.rule);
    expect(answer.causes.map(({ id }) => id)).toContain(scene.rule);
    expect(`${cause?.cause} ${cause?.todo}`).toContain(scene.says ?? '');
    expect(cause?.evidence.length).toBeGreaterThan(0);
    const korean = await sh.run(`why ${scene.ask} --lang ko`);
    for (const text of [out, korean.out]) expect(text).not.toMatch(/undefined(?! behavior)|NaN|\[object|\{(?!end\})\w+\}/);
    expect(answer.causes.map((one) => `${one.cause} ${one.todo} ${one.fix.join()}`).join()).not.toMatch(/\{\w+\}/);
    // Ages are of the cluster's time.
    expect(out).not.toMatch(/\d+[dy]\d* ago/);
    expect(korean.out).toMatch(/[가-힣]/);
    expect(objects(sh)).toBe(before);
    for (const command of (cause?.proof ?? []).map(simple).filter((line) => !ENDLESS.test(line))) {
      const ran = await sh.run(command);
      if (!MAY_FAIL.test(command)) expect(`${command}: ${ran.code} ${ran.err.replace(/^No resources found.*\n|^Warning: .*\n/gm, '')}`).toBe(`${command}: 0 `);
    }
  });
});

test('every rule is seen to hold', () => {
  const seen = new Set(scenes.map(({ rule }) => rule));
  expect([...new Set(rules.map(({ id }) => id))].filter((id) => !seen.has(id))).toEqual([]);
});

test('every rule speaks both languages, of the same values', () => {
  const holes = (words: Words) => [...new Set([...words.cause, ...words.todo].flatMap((line) => line.match(/\{\w+\}/g) ?? []))].sort();
  for (const rule of rules) {
    expect([rule.id, rule.en.cause.length > 0, rule.en.todo.length > 0, rule.proof.length > 0]).toEqual([rule.id, true, true, true]);
    expect([rule.id, rule.ko.cause.length, rule.ko.todo.length]).toEqual([rule.id, rule.en.cause.length, rule.en.todo.length]);
    expect([rule.id, [...rule.ko.cause, ...rule.ko.todo].every((line) => /[가-힣]/.test(line))]).toEqual([rule.id, true]);
    const [en, ko] = [holes(rule.en), holes(rule.ko)];
    expect([rule.id, ko.filter((hole) => !en.includes(hole))]).toEqual([rule.id, []]);
  }
});
