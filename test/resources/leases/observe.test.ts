/** Leases are renewed without anybody writing them; events go after an hour. */
import { expect, test } from 'vitest';
import type { StateMap } from '../../../src/api/reconciler.js';
import { parseTime, type Time } from '../../../src/api/time.js';
import { view as events } from '../../../src/resources/events/view.js';
import type { Lease } from '../../../src/resources/leases/types.js';
import { view as leases } from '../../../src/resources/leases/view.js';

const at = (text: string): Time => parseTime(text) as Time;
const state = (values: Readonly<Record<string, unknown>> = {}): StateMap => ({
  get: <T>(key: string) => values[key] as T | undefined,
  set: () => undefined,
  delete: () => undefined,
  keys: () => Object.keys(values),
});

const nodeLease: Lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'n1', namespace: 'kube-node-lease', ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u' }] },
  spec: { holderIdentity: 'n1', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.250000Z' },
};
const renewTime = (lease: Lease, now: string, values = {}): string | undefined => leases.observe?.(lease, at(now), state(values))?.spec?.renewTime;

test.each([
  ['a kubelet renews every ten seconds', nodeLease, '2026-01-01T00:00:25Z', {}, '2026-01-01T00:00:20.250000Z'],
  ['nothing is due yet', nodeLease, '2026-01-01T00:00:09Z', {}, '2026-01-01T00:00:00.250000Z'],
  [
    'a node that is cut off renews no more',
    nodeLease,
    '2026-01-01T01:00:00Z',
    { 'faults/nodes/n1': { since: at('2026-01-01T00:00:12Z') } },
    '2026-01-01T00:00:10.250000Z',
  ],
  [
    'a lease of somebody else stands',
    { ...nodeLease, metadata: { name: 'mine', namespace: 'default' } },
    '2026-01-01T01:00:00Z',
    {},
    '2026-01-01T00:00:00.250000Z',
  ],
  [
    'the scheduler renews every two',
    { ...nodeLease, metadata: { name: 'kube-scheduler', namespace: 'kube-system' } },
    '2026-01-01T00:00:05Z',
    {},
    '2026-01-01T00:00:04.250000Z',
  ],
])('%s', (_name, lease, now, values, expected) => {
  expect(renewTime(lease, now, values)).toBe(expected);
});

test.each([
  ['an event is there for an hour', '2026-01-01T01:00:00Z', true],
  ['and then no more', '2026-01-01T01:00:01Z', false],
])('%s', (_name, now, expected) => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { creationTimestamp: '2025-12-31T00:00:00Z' },
    involvedObject: {},
    lastTimestamp: '2026-01-01T00:00:00Z',
  };
  expect(events.observe?.(event, at(now), state()) !== undefined).toBe(expected);
});
