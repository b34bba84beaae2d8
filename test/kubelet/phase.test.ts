/** Phase and conditions, by the cases of upstream's own tests (kubelet_pods_test.go, status/generate_test.go). */
import { describe, expect, test } from 'vitest';
import { containersReady, initialized, podReady, type Verdict } from '../../src/kubelet/conditions.js';
import { getPhase } from '../../src/kubelet/phase.js';
import type { Pod } from '../../src/resources/pods/types.js';
import data from './phase-cases.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly pod: Pod;
  readonly inputs?: { readonly podIsTerminal?: boolean; readonly podHasInitialized?: boolean };
  readonly expected: { readonly phase?: string; readonly conditions?: Readonly<Record<string, Partial<Verdict>>> };
  readonly featureGate?: string;
}
const cases = data.cases as unknown as readonly Case[];

test('there are cases', () => expect(cases.length).toBeGreaterThan(50));

describe('phase and conditions', () => {
  for (const { name, pod, inputs, expected, featureGate } of cases) {
    const run = featureGate === undefined ? test : test.skip;
    run(featureGate === undefined ? name : `${name} (needs ${featureGate}, off in 1.33)`, () => {
      const { spec, status } = pod;
      const known =
        status?.containerStatuses === undefined && status?.initContainerStatuses === undefined
          ? undefined
          : [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
      if (expected.phase !== undefined)
        expect(
          getPhase({ spec, statuses: known ?? [], podIsTerminal: inputs?.podIsTerminal ?? false, podHasInitialized: inputs?.podHasInitialized ?? false }),
        ).toBe(expected.phase);
      const containers = containersReady(spec, known, status?.phase);
      const made: Record<string, Verdict> = {
        Initialized: initialized(spec, known, status?.phase),
        ContainersReady: containers,
        Ready: podReady(spec, status?.conditions, containers),
      };
      for (const [type, want] of Object.entries(expected.conditions ?? {})) {
        const got = made[type];
        expect(got?.status, type).toBe(want.status);
        expect(got?.reason ?? '', type).toBe(want.reason ?? '');
        if (want.message !== undefined) expect(got?.message ?? '', type).toBe(want.message);
      }
    });
  }
});
