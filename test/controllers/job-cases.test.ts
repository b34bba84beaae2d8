/** How a Job counts its pods, by the cases of upstream's own tests (pkg/controller/job). */
import { expect, test } from 'vitest';
import { formatTime } from '../../src/api/time.js';
import { failedIndexes, matchSuccessPolicy, succeededIndexes } from '../../src/resources/jobs/indexed.js';
import { finishTime, judge } from '../../src/resources/jobs/pod-outcome.js';
import type { Job, PodFailurePolicy, SuccessPolicy } from '../../src/resources/jobs/types.js';
import { formatIndexes, parseIndexes } from '../../src/resources/pod-template/indexes.js';
import type { Pod } from '../../src/resources/pods/types.js';
import data from './job-cases.json' with { type: 'json' };

interface Case {
  readonly source: string;
  readonly function: keyof typeof functions;
  readonly input: {
    readonly job: Job;
    readonly pod: Pod;
    readonly pods: readonly Pod[];
    readonly policy: PodFailurePolicy & SuccessPolicy;
    readonly succeeded: string;
  };
  readonly expected: unknown;
}

const functions = {
  finishedTime: ({ pod }: Case['input']) => formatTime(finishTime(pod)),
  succeededIndexes: ({ job, pods }: Case['input']) => formatIndexes(succeededIndexes(job, pods)),
  failedIndexes: ({ job, pods }: Case['input']) => formatIndexes(failedIndexes(job, pods)),
  judge: ({ policy, pod }: Case['input']) => judge(policy, pod),
  successPolicy: ({ policy, succeeded }: Case['input']) => {
    const numbers = parseIndexes(succeeded).flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
    const rule = matchSuccessPolicy(policy, numbers);
    return rule === undefined ? '' : `Matched rules at index ${rule}`;
  },
};

const cases = data.cases as unknown as readonly Case[];
test('there are cases', () => expect(cases.length).toBeGreaterThan(60));
for (const [i, { source, function: name, input, expected }] of cases.entries())
  test(`${i} ${name} (${source.split(' ').at(-1)})`, () => expect(functions[name](input)).toEqual(expected));

test('of a pod whose init container fails no container has ended: the pause counts from when it was not ready', () => {
  const at = (seconds: number) => formatTime((Date.parse('2026-01-01T00:00:00Z') + seconds * 1000) as never);
  const pod = (restartPolicy: 'Always' | undefined, finishedAt: string) =>
    ({
      metadata: {},
      spec: { containers: [{ name: 'c' }], initContainers: [{ name: 'i', ...(restartPolicy === undefined ? {} : { restartPolicy }) }] },
      status: {
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(0) }],
        containerStatuses: [{ name: 'c', state: { waiting: { reason: 'PodInitializing' } } }],
        initContainerStatuses: [{ name: 'i', state: { terminated: { exitCode: 1, finishedAt } } }],
      },
    }) as unknown as Pod;
  expect(formatTime(finishTime(pod(undefined, at(20))))).toBe(at(0));
  expect(formatTime(finishTime(pod('Always', at(20))))).toBe(at(20));
});
