import { expect, test } from 'vitest';
import type { StateMap } from '../../../src/api/reconciler.js';
import { parseTime, type Time } from '../../../src/api/time.js';
import { strategy } from '../../../src/resources/nodes/strategy.js';
import type { Node } from '../../../src/resources/nodes/types.js';
import { view } from '../../../src/resources/nodes/view.js';

const makeNode = (spec: object = {}, status: object = {}): Node =>
  strategy.defaults({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec,
    status,
  } as Node);
const texts = (errors: readonly { field: string; detail: string }[] | undefined): readonly string[] =>
  (errors ?? []).map(({ field, detail }) => `${field}: ${detail}`);

test.each([
  ['nothing wrong', {}, {}, []],
  [
    'an unknown effect',
    { taints: [{ key: 'a', effect: 'X' }] },
    {},
    ['metadata.taints[0].effect: Unsupported value: "X": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"'],
  ],
  ['no effect', { taints: [{ key: 'a' }] }, {}, ['metadata.taints[0].effect: Required value']],
  [
    'a taint twice',
    {
      taints: [
        { key: 'a', effect: 'NoSchedule' },
        { key: 'a', value: 'b', effect: 'NoSchedule' },
      ],
    },
    {},
    ['metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"b", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair'],
  ],
  [
    'a bad CIDR',
    { podCIDRs: ['10.0.0.0'] },
    {},
    ['spec.podCIDRs[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
  ],
  [
    'two CIDRs of a family',
    { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] },
    {},
    ['spec.podCIDRs: Invalid value: []string{"10.0.0.0/24", "10.0.1.0/24"}: may specify no more than one CIDR for each IP family'],
  ],
  ['negative capacity', {}, { capacity: { cpu: '-1' }, allocatable: {} }, ['status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0']],
])('creation: %s', (_, spec, status, expected) => expect(texts(strategy.validate(makeNode(spec, status)))).toEqual(expected));

test.each([
  ['a CIDR given', {}, { podCIDR: '10.0.0.0/24' }, []],
  [
    'a CIDR changed',
    { podCIDR: '10.0.0.0/24' },
    { podCIDR: '10.0.1.0/24' },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
  ['a provider given', {}, { providerID: 'p' }, []],
  [
    'a provider changed',
    { providerID: 'p' },
    { providerID: 'q' },
    ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
  ],
  ['cordoned', {}, { unschedulable: true }, []],
])('update: %s', (_, before, after, expected) => expect(texts(strategy.validateUpdate?.(makeNode(after), makeNode(before)))).toEqual(expected));

test('a node made by hand shows its empty structs', () =>
  expect(makeNode({ podCIDR: '10.0.0.0/24' }, { capacity: { cpu: '2' } })).toMatchObject({
    spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] },
    status: { allocatable: { cpu: '2' }, daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: { kubeletVersion: '', architecture: '' } },
  }));

const beats = (seconds: number, condition: object, fault?: object): string | null | undefined => {
  const node = makeNode(
    {},
    { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: '2026-01-01T00:00:00Z', ...condition }] },
  );
  const state = { get: () => fault } as unknown as StateMap;
  const now = ((parseTime('2026-01-01T00:00:00Z') as number) + seconds * 1000) as Time;
  return view.observe?.(node, now, state)?.status?.conditions?.[0]?.lastHeartbeatTime;
};
test.each([
  ['not yet', 299, {}, undefined, '2026-01-01T00:00:00Z'],
  ['every five minutes', 900, {}, undefined, '2026-01-01T00:15:00Z'],
  ['in between', 1000, {}, undefined, '2026-01-01T00:15:00Z'],
  ['not what a controller wrote', 900, { status: 'Unknown', reason: 'NodeStatusUnknown' }, undefined, '2026-01-01T00:00:00Z'],
  ['not since it is cut off', 900, {}, { since: parseTime('2026-01-01T00:06:00Z') as number }, '2026-01-01T00:05:00Z'],
])('heartbeats: %s', (_, seconds, condition, fault, expected) => expect(beats(seconds, condition, fault)).toBe(expected));
