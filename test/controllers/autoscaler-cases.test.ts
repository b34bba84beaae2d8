/** How far and how fast an autoscaler goes, by the cases of upstream's own tests (pkg/controller/podautoscaler). */
import { expect, test } from 'vitest';
import { seconds, type Time } from '../../src/api/time.js';
import { limit } from '../../src/resources/horizontalpodautoscalers/limits.js';
import type { ScalingRules } from '../../src/resources/horizontalpodautoscalers/types.js';
import data from './autoscaler-cases.json' with { type: 'json' };

type Ago = readonly (readonly [seconds: number, replicas: number])[];
interface Case {
  readonly source: string;
  readonly function: 'rate' | 'stabilize';
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly up?: ScalingRules | null;
  readonly down?: ScalingRules | null;
  /** Earlier recommendations and changes, so many seconds before. */
  readonly ago: { readonly recommendations?: Ago; readonly up: Ago; readonly down: Ago };
  readonly replicas: number;
  readonly reason: string;
}
const NOW = Date.parse('2026-01-01T00:00:00Z');
const before = (span: number) => (NOW - seconds(span)) as Time;
const ANY = { policies: [{ type: 'Pods', value: 1e9, periodSeconds: 1 }], selectPolicy: 'Max' } as const;
const AT_ONCE = { stabilizationWindowSeconds: 0 };

const cases = data.cases as unknown as readonly Case[];
test('there are cases', () => expect(cases.length).toBeGreaterThan(50));
for (const [i, one] of cases.entries())
  test(`${i} ${one.function} (${one.source.split(' ').at(-1)})`, () => {
    const { current, desired, ago } = one;
    const memory = {
      recommendations: (ago.recommendations ?? []).map(([span, replicas]) => ({ at: before(span), replicas })),
      changes: [...ago.up.map(([span, by]) => ({ at: before(span), by })), ...ago.down.map(([span, by]) => ({ at: before(span), by: -by }))],
    };
    const now = NOW as Time;
    if (one.function === 'stabilize') {
      const behavior = { scaleUp: { ...one.up, ...ANY }, scaleDown: { ...one.down, ...ANY } };
      expect(limit({ current, desired, min: 0, max: 1e9, behavior, now }, { ...memory, changes: [] }).replicas).toBe(one.replicas);
      return;
    }
    const behavior = {
      ...(one.up ? { scaleUp: { ...one.up, ...AT_ONCE } } : {}),
      ...(one.down ? { scaleDown: { ...one.down, ...AT_ONCE } } : {}),
    };
    const { replicas, limited } = limit({ current, desired, min: one.min, max: one.max, behavior, now }, memory);
    expect([replicas, limited.reason]).toEqual([one.replicas, one.reason]);
  });
