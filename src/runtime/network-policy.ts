/** NetworkPolicy as Calico enforces it: a pod that some policy selects for a direction gets only what one of them allows. */

import type { KubeObject } from '../api/object.js';
import { type LabelSelector, matchesSelector, selectorOf } from '../api/selectors.js';
import type { Api } from '../api/verbs.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../resources/networkpolicies/types.js';
import type { Pod } from '../resources/pods/types.js';
import { isIn } from './addresses.js';
import type { Caller } from './network.js';

/** May the caller open a connection to this port of the pod? Nodes (kubelet probes) always may. */
export function isAllowed(api: Api, from: Caller, toKey: string, port: number, protocol = 'TCP'): boolean {
  if (from.podKey === undefined || from.podKey === toKey) return true;
  const source = podOf(api, from.podKey);
  const target = podOf(api, toKey);
  if (target === undefined) return true;
  return (
    permits(api, 'Ingress', target, source, from.ip, { port, protocol, target }) &&
    (source === undefined || permits(api, 'Egress', source, target, target.status?.podIP ?? '', { port, protocol, target }))
  );
}

/** May the caller send to this address, which is no pod's? */
export function mayLeave(api: Api, from: Caller, ip: string, port: number, protocol = 'TCP'): boolean {
  const source = from.podKey === undefined ? undefined : podOf(api, from.podKey);
  return source === undefined || permits(api, 'Egress', source, undefined, ip, { port, protocol });
}

interface Destination {
  readonly port: number;
  readonly protocol: string;
  /** The pod it is a port of. */
  readonly target?: Pod;
}

/** `subject` is the pod the policies are about, `peer` the other end. */
function permits(api: Api, direction: 'Ingress' | 'Egress', subject: Pod, peer: Pod | undefined, peerIP: string, to: Destination): boolean {
  const policies = api
    .list<NetworkPolicy>('networkpolicies.networking.k8s.io', { namespace: subject.metadata.namespace ?? '' })
    .filter((policy) => selects(policy.spec.podSelector, subject.metadata.labels) && typesOf(policy).includes(direction));
  if (policies.length === 0) return true;
  return policies.some((policy) => {
    const rules =
      direction === 'Ingress'
        ? (policy.spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (policy.spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(({ peers, ports }) => fitsPort(ports, to) && fitsPeer(api, peers, policy.metadata.namespace ?? '', peer, peerIP));
  });
}

/** Absent: Ingress always, Egress when it has egress rules. */
const typesOf = ({ spec }: NetworkPolicy): readonly string[] => spec.policyTypes ?? (spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);

function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  const parsed = selectorOf(selector ?? {});
  return parsed !== undefined && matchesSelector(parsed, labels);
}

function fitsPeer(api: Api, peers: readonly NetworkPolicyPeer[] | undefined, namespace: string, peer: Pod | undefined, ip: string): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) return isIn(ip, ipBlock.cidr ?? '0.0.0.0/0') && !(ipBlock.except ?? []).some((cidr) => isIn(ip, cidr));
    if (peer === undefined) return false;
    const space = peer.metadata.namespace ?? '';
    if (
      namespaceSelector === undefined
        ? space !== namespace
        : !selects(namespaceSelector, api.get<KubeObject>('namespaces', { namespace: '', name: space })?.metadata.labels)
    )
      return false;
    return podSelector === undefined || selects(podSelector, peer.metadata.labels);
  });
}

function fitsPort(ports: readonly NetworkPolicyPort[] | undefined, { port, protocol: spoken, target }: Destination): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port: wanted, endPort }) => {
    if (protocol !== spoken) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === 'string')
      return target?.spec.containers.some((container) => container.ports?.some((one) => one.name === wanted && one.containerPort === port) === true) === true;
    return endPort === undefined ? wanted === port : port >= wanted && port <= endPort;
  });
}

/** A pod by its key. */
const podOf = (api: Api, podKey: string): Pod | undefined => {
  const slash = podKey.indexOf('/');
  return api.get<Pod>('pods', { namespace: podKey.slice(0, slash), name: podKey.slice(slash + 1) });
};
