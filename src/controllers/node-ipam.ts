/**
 * What the controller manager gives every node: addresses for its pods (pkg/controller/nodeipam/ipam/range_allocator.go, a /24 of
 * 10.244.0.0/16) and how long its kubelet may keep what it has read (pkg/controller/ttl/ttl_controller.go).
 */
import { keyOf } from '../api/object.js';
import type { Context, Reconciler } from '../api/reconciler.js';
import type { Node } from '../resources/nodes/types.js';

const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const TTL = 'node.alpha.kubernetes.io/ttl';
/** Seconds, by the number of nodes there may be at most. */
const BOUNDARIES: readonly (readonly [nodes: number, ttl: string])[] = [
  [100, '0'],
  [500, '15'],
  [1000, '30'],
  [2000, '60'],
  [Number.POSITIVE_INFINITY, '300'],
];

export const nodeIpamController: Reconciler = {
  name: 'node-ipam-controller',
  watches: [
    {
      resource: 'nodes',
      keys: ({ object }) => ((object as Node).spec?.podCIDR === undefined || object.metadata.annotations?.[TTL] === undefined ? [keyOf(object)] : []),
    },
  ],
  reconcile: ({ name }, context) => {
    const node = context.api.get<Node>('nodes', { namespace: '', name });
    if (node === undefined || node.metadata.deletionTimestamp !== undefined) return undefined;
    const range = node.spec?.podCIDR ?? freeRange(context);
    const ttl = node.metadata.annotations?.[TTL] ?? ttlOf(context);
    const spec = { ...node.spec, ...(range === undefined ? {} : { podCIDR: range, podCIDRs: node.spec?.podCIDRs ?? [range] }) };
    context.api.update<Node>('nodes', { ...node, metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, [TTL]: ttl } }, spec }, WRITE);
    if (range === undefined) context.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
    return undefined;
  },
};

function freeRange({ api }: Context): string | undefined {
  const taken = new Set(api.list<Node>('nodes').map(({ spec }) => spec?.podCIDR));
  for (let i = 0; i < 256; i += 1) if (!taken.has(`10.244.${i}.0/24`)) return `10.244.${i}.0/24`;
  return undefined;
}

const ttlOf = ({ api }: Context): string => {
  const count = api.list<Node>('nodes').length;
  return BOUNDARIES.find(([nodes]) => count <= nodes)?.[1] ?? '0';
};
