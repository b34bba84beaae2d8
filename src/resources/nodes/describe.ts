/** `kubectl describe node`: describeNode of kubectl pkg/describe/describe.go. */
import { type Amounts, addAmounts } from '../../api/amounts.js';
import { formatQuantity, type Quantity, quantity, quantityMilliValue, quantityValue } from '../../api/quantity.js';
import type { Describer, IndentedWriter } from '../../api/resource.js';
import type { Time } from '../../api/time.js';
import type { Lease } from '../leases/types.js';
import { ageOf } from '../meta/columns.js';
import { describeAnnotations, describeEvents, describeLabels, describeTime, eventsOf } from '../meta/describe.js';
import { isHugePages, isStandardContainerResource } from '../meta/resource-names.js';
import { podLimits, podRequests } from '../pod-template/requests.js';
import type { ResourceList, Taint } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import type { Node } from './types.js';
import { nodeRoles } from './view.js';

const LEASES = 'leases.coordination.k8s.io';

export const describe: Describer<Node> = async (node, reader, out, options) => {
  const { metadata, spec = {}, status = {} } = node;
  const name = metadata.name ?? '';
  out.write(0, `Name:\t${name}\n`);
  out.write(0, `Roles:\t${nodeRoles(node).join(',') || '<none>'}\n`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.write(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}\n`);
  describeTaints(out, spec.taints ?? []);
  out.write(0, `Unschedulable:\t${spec.unschedulable === true}\n`);
  const lease = await reader.get<Lease>(LEASES, { namespace: 'kube-node-lease', name });
  if (lease === undefined) out.write(0, `Lease:\tFailed to get lease: ${LEASES} "${name}" not found\n`);
  else describeLease(out, lease);
  describeConditions(out, node);
  out.write(0, 'Addresses:\n');
  for (const { type, address } of status.addresses ?? []) out.write(1, `${type}:\t${address}\n`);
  describeAmounts(out, 'Capacity', status.capacity);
  describeAmounts(out, 'Allocatable', status.allocatable);
  describeSystem(out, node);
  if (spec.podCIDR) out.write(0, `PodCIDR:\t${spec.podCIDR}\n`);
  if (spec.podCIDRs?.length) out.write(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}\n`);
  if (spec.providerID) out.write(0, `ProviderID:\t${spec.providerID}\n`);
  const pods = await reader.list<Pod>('pods', { fieldSelector: `spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed` });
  describePods(out, pods, node, options.now);
  if (!options.showEvents) return;
  // The controllers write events with the node's uid, the kubelet with its name in that place.
  const own = await eventsOf(node, reader);
  const kubelets = metadata.uid === name ? [] : await eventsOf({ ...node, metadata: { ...metadata, uid: name } }, reader);
  describeEvents([...own, ...kubelets], out, options.now);
};

/** Sorted by effect, then key. */
function describeTaints(out: IndentedWriter, taints: readonly Taint[]): void {
  if (taints.length === 0) {
    out.write(0, 'Taints:\t<none>\n');
    return;
  }
  const order = ({ effect, key }: Taint): string => `${effect},${key}`;
  [...taints]
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .forEach(({ key, value, effect }, i) => {
      const text = effect ? `${key}${value ? `=${value}` : ''}:${effect}` : value ? `${key}=${value}:` : key;
      out.write(0, `${i === 0 ? 'Taints:' : ''}\t${text}\n`);
    });
}

function describeLease(out: IndentedWriter, { spec = {} }: Lease): void {
  out.write(0, 'Lease:\n');
  out.write(1, `HolderIdentity:\t${spec.holderIdentity ?? '<unset>'}\n`);
  out.write(1, `AcquireTime:\t${spec.acquireTime ? describeTime(spec.acquireTime) : '<unset>'}\n`);
  out.write(1, `RenewTime:\t${spec.renewTime ? describeTime(spec.renewTime) : '<unset>'}\n`);
}

function describeConditions(out: IndentedWriter, { status }: Node): void {
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) return;
  out.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
  out.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
  for (const { type, status: value, lastHeartbeatTime, lastTransitionTime, reason = '', message = '' } of conditions)
    out.write(1, `${type} \t${value} \t${describeTime(lastHeartbeatTime)} \t${describeTime(lastTransitionTime)} \t${reason} \t${message}\n`);
}

function describeAmounts(out: IndentedWriter, title: string, list: ResourceList = {}): void {
  const names = Object.keys(list).sort();
  if (names.length === 0) return;
  out.write(0, `${title}:\n`);
  for (const name of names) out.write(1, `${name}:\t${formatQuantity(quantity(list[name]))}\n`);
}

const SYSTEM = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const;

function describeSystem(out: IndentedWriter, { status }: Node): void {
  out.write(0, 'System Info:\n');
  for (const [title, field] of SYSTEM) out.write(1, `${title}:\t${status?.nodeInfo?.[field] ?? ''}\n`);
}

const ZERO = quantity('0');

/** Go's int64 of a share in percent; what is no number is the smallest one, as on amd64. */
const percent = (part: number, whole: number): string => {
  const share = (part / whole) * 100;
  return Number.isFinite(share) ? String(Math.trunc(share)) : '-9223372036854775808';
};

/** `250m (6%)`. cpu is compared in thousandths, the rest in whole units. */
function share(name: string, amount: Quantity, whole: Quantity, zero?: string): string {
  const measure = name === 'cpu' ? quantityMilliValue : quantityValue;
  const all = measure(whole);
  return `${formatQuantity(amount)} (${all === 0 && zero !== undefined ? zero : percent(measure(amount), all)}%)`;
}

/** describeNodeResource: the pods that run here, and what they take together. */
function describePods(out: IndentedWriter, pods: readonly Pod[], { status = {} }: Node, now: Time): void {
  const list = Object.keys(status.allocatable ?? {}).length > 0 ? status.allocatable : status.capacity;
  const whole = (name: string): Quantity => quantity(list?.[name]);
  out.write(0, `Non-terminated Pods:\t(${pods.length} in total)\n`);
  out.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n');
  out.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n');
  let requests: Amounts = {};
  let limits: Amounts = {};
  for (const pod of pods) {
    const request = podRequests(pod);
    const limit = podLimits(pod);
    requests = addAmounts(requests, request);
    limits = addAmounts(limits, limit);
    const cell = (amounts: Amounts, name: string): string => share(name, amounts[name] ?? ZERO, whole(name));
    const cells = [cell(request, 'cpu'), cell(limit, 'cpu'), cell(request, 'memory'), cell(limit, 'memory')];
    out.write(1, `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cells.join('\t')}\t${ageOf(pod.metadata.creationTimestamp, now)}\n`);
  }

  out.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  out.write(1, 'Resource\tRequests\tLimits\n');
  out.write(1, '--------\t--------\t------\n');
  const names = Object.keys(list ?? {}).sort();
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...names.filter(isHugePages)])
    out.write(1, `${name}\t${share(name, requests[name] ?? ZERO, whole(name), '0')}\t${share(name, limits[name] ?? ZERO, whole(name), '0')}\n`);
  for (const name of names)
    if (!isStandardContainerResource(name) && name !== 'pods')
      out.write(1, `${name}\t${formatQuantity(requests[name] ?? ZERO)}\t${formatQuantity(limits[name] ?? ZERO)}\n`);
}
