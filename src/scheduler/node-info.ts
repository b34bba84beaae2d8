/** A node with the pods on it, summed up: framework.NodeInfo of pkg/scheduler/framework/types.go. */
import { ANY_ADDRESS, type HostPort } from '../api/host-ports.js';
import { matchesSelector, type Selector } from '../api/selectors.js';
import type { Node, Taint } from '../resources/nodes/types.js';
import type { PodInfo } from './pod-info.js';
import { listSum, type QuantityReader, type Requests } from './requests.js';

const NO_TAINTS: readonly Taint[] = [];

export class NodeInfo {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly allocatable: Requests;
  readonly allowedPods: number;
  readonly pods = new Map<string, PodInfo>();
  /** Those with any pod (anti-)affinity. */
  readonly podsWithAffinity = new Map<string, PodInfo>();
  readonly podsWithRequiredAntiAffinity = new Map<string, PodInfo>();
  cpu = 0;
  memory = 0;
  ephemeralStorage = 0;
  readonly scalar: Record<string, number> = {};
  nonZeroCpu = 0;
  nonZeroMemory = 0;
  /** `protocol/port` → ip → how many. Ports are taken by one pod only, unless somebody bound pods by hand. */
  private readonly ports = new Map<string, Map<string, number>>();
  /** `name:tag` → bytes, from the node's status. */
  readonly images: ReadonlyMap<string, number>;

  constructor(
    readonly node: Node,
    private readonly read: QuantityReader,
  ) {
    this.name = node.metadata.name ?? '';
    this.labels = node.metadata.labels ?? {};
    this.taints = node.spec?.taints ?? NO_TAINTS;
    this.isUnschedulable = node.spec?.unschedulable === true;
    const allocatable = node.status?.allocatable ?? {};
    this.allocatable = listSum(allocatable, read);
    this.allowedPods = allocatable['pods'] === undefined ? 0 : read.value(allocatable['pods']);
    this.images = new Map((node.status?.images ?? []).flatMap((image) => (image.names ?? []).map((name) => [name, image.sizeBytes ?? 0] as const)));
  }

  add(pod: PodInfo): void {
    this.pods.set(pod.key, pod);
    this.count(pod, 1);
    if (pod.affinity !== undefined) {
      this.podsWithAffinity.set(pod.key, pod);
      if (pod.affinity.requiredAnti.length > 0) this.podsWithRequiredAntiAffinity.set(pod.key, pod);
    }
  }

  remove(key: string): void {
    const pod = this.pods.get(key);
    if (pod === undefined) return;
    this.pods.delete(key);
    this.count(pod, -1);
    this.podsWithAffinity.delete(key);
    this.podsWithRequiredAntiAffinity.delete(key);
  }

  private count(pod: PodInfo, sign: 1 | -1): void {
    const { requests } = pod;
    this.cpu += sign * requests.cpu;
    this.memory += sign * requests.memory;
    this.ephemeralStorage += sign * requests.ephemeralStorage;
    for (const name in requests.scalar) this.scalar[name] = (this.scalar[name] ?? 0) + sign * (requests.scalar[name] as number);
    this.nonZeroCpu += sign * requests.nonZeroCpu;
    this.nonZeroMemory += sign * requests.nonZeroMemory;
    for (const { ip, protocol, port } of pod.hostPorts) {
      const name = `${protocol}/${port}`;
      const byIp = this.ports.get(name) ?? new Map<string, number>();
      const left = (byIp.get(ip) ?? 0) + sign;
      if (left > 0) byIp.set(ip, left);
      else byIp.delete(ip);
      this.ports.set(name, byIp);
    }
  }

  /** HostPortInfo.CheckConflict: 0.0.0.0 clashes with every address. */
  hasPort({ ip, protocol, port }: HostPort): boolean {
    const byIp = this.ports.get(`${protocol}/${port}`);
    if (byIp === undefined || byIp.size === 0) return false;
    return ip === ANY_ADDRESS || byIp.has(ANY_ADDRESS) || byIp.has(ip);
  }

  /** Pods of the namespace that the selector matches; terminating ones do not count. */
  countMatching(namespace: string, selector: Selector): number {
    let count = 0;
    for (const { namespace: own, pod } of this.pods.values())
      if (own === namespace && pod.metadata.deletionTimestamp === undefined && matchesSelector(selector, pod.metadata.labels)) count++;
    return count;
  }

  /** The same node with other pods. */
  with(pods: Iterable<PodInfo>): NodeInfo {
    const copy = new NodeInfo(this.node, this.read);
    for (const pod of pods) copy.add(pod);
    return copy;
  }
}
