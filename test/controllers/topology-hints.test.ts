/** Hints by zones, by the cases of upstream's own tests (k8s.io/endpointslice/topologycache), and what comes of the annotation. */
import { expect, test } from 'vitest';
import { seconds } from '../../src/api/time.js';
import { endpointslices } from '../../src/resources/endpointslices/index.js';
import type { Endpoint, EndpointSlice } from '../../src/resources/endpointslices/types.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { endpointSlicesController } from '../../src/resources/services/endpoint-slices-controller.js';
import { addHints, zoneShares } from '../../src/resources/services/topology-hints.js';
import type { Service } from '../../src/resources/services/types.js';
import { MemoryCluster } from './memory-cluster.js';
import data from './topology-hints-cases.json' with { type: 'json' };

interface Case {
  readonly source: string;
  readonly shares?: Readonly<Record<string, number>>;
  readonly nodes?: readonly Node[];
  readonly slices?: readonly {
    readonly isWritten: boolean;
    readonly endpoints: readonly { readonly zone?: string; readonly ready?: boolean; readonly hint?: string }[];
  }[];
  readonly written?: number;
  /** Endpoints by the zone of their hint. */
  readonly hints?: Readonly<Record<string, number>>;
  readonly problem?: string;
}

const endpoint = ({ zone, ready, hint }: { zone?: string; ready?: boolean; hint?: string }): Endpoint =>
  ({
    addresses: [],
    conditions: { ready },
    ...(zone === undefined ? {} : { zone }),
    ...(hint === undefined ? {} : { hints: { forZones: [{ name: hint }] } }),
  }) as unknown as Endpoint;

const cases = data.cases as unknown as readonly Case[];
test('there are cases', () => expect(cases.length).toBeGreaterThan(10));
for (const [i, { source, shares, nodes, slices = [], written, hints, problem }] of cases.entries())
  test(`${i} (${source.split(' ').at(-1)})`, () => {
    const known = shares === undefined ? undefined : new Map(Object.entries(shares).sort());
    if (nodes !== undefined) {
      expect(zoneShares(nodes)).toEqual(known);
      return;
    }
    const done = addHints(
      slices.map(({ isWritten, endpoints }) => ({ isWritten, endpoints: endpoints.map(endpoint) })),
      known,
    );
    const drafts = done.drafts.filter((draft) => draft !== undefined);
    const counts: Record<string, number> = {};
    for (const one of drafts.flat()) counts[one.hints?.forZones?.[0]?.name ?? ''] = (counts[one.hints?.forZones?.[0]?.name ?? ''] ?? 0) + 1;
    expect([drafts.length, counts, done.problem]).toEqual([written, hints, problem]);
  });

test('the annotation brings hints where zones and endpoints suffice, and takes them away again', () => {
  const cluster = new MemoryCluster([endpointslices]);
  cluster.add([endpointSlicesController(cluster.state)]);
  const { api } = cluster;
  const settle = () => cluster.advance(seconds(1));
  const addNode = (name: string, zone: string) =>
    api.create<Node>('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
      status: { allocatable: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'True' }] },
    } as Node);
  const addPod = (i: number, nodeName: string) => {
    api.create<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${i}`, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'x' }], nodeName },
    });
    const conditions = [{ type: 'Ready', status: 'True' }];
    cluster.setPodStatus({ namespace: 'default', name: `p${i}` }, { phase: 'Running', podIPs: [{ ip: `10.244.0.${i}` }], conditions });
  };
  const zones = () =>
    api
      .list<EndpointSlice>('endpointslices.discovery.k8s.io')
      .flatMap(({ endpoints }) => (endpoints ?? []).map(({ hints }) => hints?.forZones?.map(({ name }) => name).join() ?? '-'))
      .sort();
  const said = () => cluster.eventTexts('web').at(-1);
  addNode('n1', 'a');
  addPod(1, 'n1');
  api.create<Service>('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } },
    spec: { clusterIP: '10.96.0.7', selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
    status: {},
  });
  settle();
  expect(said()).toMatch(
    'Warning TopologyAwareHintsDisabled web: Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4',
  );
  addNode('n2', 'b');
  addPod(2, 'n1');
  settle();
  expect(said()).toBe('Normal TopologyAwareHintsEnabled web: Topology Aware Hints has been enabled, addressType: IPv4');
  // Both run in one zone, and the other has as much CPU.
  expect(zones()).toEqual(['a', 'b']);
  addPod(3, 'n2');
  addPod(4, 'n2');
  settle();
  expect(zones()).toEqual(['a', 'a', 'b', 'b']);
  api.patch('services', { namespace: 'default', name: 'web' }, { type: 'merge', body: { metadata: { annotations: null } } });
  settle();
  expect(zones()).toEqual(['-', '-', '-', '-']);
  expect(said()).toBe('Warning TopologyAwareHintsDisabled web: Topology Aware Hints has been disabled, addressType: IPv4');
});
