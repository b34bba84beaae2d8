/** What a sync has to do, by the cases of upstream's own tests (kuberuntime_manager_test.go). */
import { expect, test } from 'vitest';
import type { ContainerStatus as Instance } from '../../src/api/cri.js';
import { computePodActions } from '../../src/kubelet/actions.js';
import type { PodRecord, ProbeRecord } from '../../src/kubelet/record.js';
import type { Work } from '../../src/kubelet/work.js';
import type { Pod } from '../../src/resources/pods/types.js';
import data from './action-cases.json' with { type: 'json' };

interface Case {
  readonly source: string;
  readonly pod: Pod;
  readonly sandbox?: 'ready' | 'notready';
  /** Oldest first. */
  readonly containers: readonly {
    readonly name: string;
    readonly id: string;
    readonly state: 'running' | 'exited';
    readonly exitCode?: number;
    readonly isChanged?: boolean;
    readonly probes?: Readonly<Record<'liveness' | 'startup', 'Success' | 'Failure' | 'UNKNOWN'>>;
  }[];
  /** What is started stands for nothing where a new sandbox comes first. */
  readonly expected: { readonly createSandbox: boolean; readonly killPod: boolean; readonly start?: readonly string[]; readonly kill?: readonly string[] };
}
const cases = data.cases as unknown as readonly Case[];

test('there are cases', () => expect(cases.length).toBeGreaterThan(50));
for (const [i, { source, pod, sandbox, containers, expected }] of cases.entries())
  test(`${i} (${source.split(' ').at(-1)})`, () => {
    const record: PodRecord = { uid: 'u', start: 0, sandboxes: sandbox === undefined ? 0 : 1, containers: {} };
    for (const { name, id, isChanged, probes } of containers)
      record.containers[name] = {
        id,
        attempts: 1,
        ...(isChanged === true ? { image: 'another' } : {}),
        probes: Object.fromEntries(
          Object.entries(probes ?? {}).map(([kind, result]): [string, ProbeRecord] => [
            kind,
            { id, run: 1, ...(result === 'UNKNOWN' ? {} : { result: result === 'Success' ? 'success' : 'failure' }) },
          ]),
        ),
      };
    const instances = containers as unknown as readonly Instance[];
    const { createSandbox, killPod, tasks } = computePodActions({
      pod,
      record,
      sandbox: sandbox === undefined ? undefined : { state: sandbox },
      newest: (name: string) => instances.findLast((one) => one.name === name),
    } as unknown as Work);
    const isPlanned = !createSandbox && !killPod;
    expect({
      createSandbox,
      killPod,
      ...(isPlanned
        ? {
            start: tasks.filter((task) => task.do === 'start').map(({ name }) => name),
            kill: tasks.flatMap((task) => (task.do === 'kill' ? [`${task.name}: ${task.message}`] : [])).sort(),
          }
        : {}),
    }).toEqual(expected);
  });
