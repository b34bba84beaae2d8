/**
 * What the scheduler knows of nodes and the pods on them, kept up to date by watching: kube-scheduler's cache and snapshot
 * (pkg/scheduler/backend/cache). It holds nothing that the API server does not: made anew, it comes out the same.
 */
import { formatSelector, matchesSelector, type Selector } from '../api/selectors.js';
import type { Api, WatchEvent } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { type ClusterView, clusterKey, type NodeTraits } from './framework.js';
import { NodeInfo } from './node-info.js';
import { type PodInfo, podInfo } from './pod-info.js';
import { hasSameRequests, QuantityReader } from './requests.js';

/** Counts of this many selectors are kept; more are counted afresh. */
const MOST_COUNTERS = 1000;

/** How many pods on each node a selector matches. */
interface Counter {
  readonly namespace: string;
  readonly selector: Selector;
  readonly byNode: Map<string, number>;
  /** Reads {@link byNode}. */
  readonly of: (node: NodeInfo) => number;
}

/** Terminal pods use nothing. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
/** Whether a scheduler, by whatever name, has to find a node for the pod. */
export const isPending = (pod: Pod): boolean => !pod.spec.nodeName && !isTerminal(pod) && (pod.spec.schedulingGates?.length ?? 0) === 0;

export class ClusterCache implements ClusterView {
  readonly read = new QuantityReader();
  /** undefined until somebody asks: most commands schedule nothing. */
  private filled: { readonly byName: Map<string, NodeInfo>; sorted: readonly NodeInfo[] | undefined; traits: NodeTraits | undefined } | undefined;
  /** Pods bound to nodes that are not there (any more), by node name. */
  private readonly homeless = new Map<string, Map<string, PodInfo>>();
  /** By uid, as those with a node: they are looked up at every change of a pod, and unlike its key a uid need not be put together first. */
  private readonly pending_ = new Map<string, Pod>();
  /** The pods with a node, by uid. */
  private readonly placed = new Map<string, PodInfo>();
  /** How many of them have any pod (anti-)affinity. */
  private affine = 0;
  /** A pod that is about to be bound: with a node it asks for what it asked before. */
  private assumed: PodInfo | undefined;
  /** Namespace, and a label the selector wants → counters, so that a pod looks only at those it may matter to. */
  private readonly counters = new Map<string, Map<string, Counter>>();
  private counterCount = 0;
  /** The same counters by the very selectors that were asked for: those of pods of one owner are one object. */
  private known = new WeakMap<Selector, Counter>();
  readonly defaultSelectors: ClusterView['defaultSelectors'] = new WeakMap();

  constructor(readonly api: Pick<Api, 'get' | 'list' | 'watch'>) {
    api.watch('pods', (event) => this.noticePod(event as WatchEvent<Pod>));
    api.watch('nodes', (event) => this.noticeNode(event as WatchEvent<Node>));
  }

  /** In order of their names. */
  get nodes(): readonly NodeInfo[] {
    const filled = this.fill();
    filled.sorted ??= [...filled.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return filled.sorted;
  }

  get traits(): NodeTraits {
    const filled = this.fill();
    filled.traits ??= traitsOf(filled.byName.values());
    return filled.traits;
  }

  get hasAffinity(): boolean {
    return this.affine > 0;
  }

  node(name: string): NodeInfo | undefined {
    return this.fill().byName.get(name);
  }

  /** Pods that wait for a node, whether tried already or not, by uid. */
  get pending(): ReadonlyMap<string, Pod> {
    this.fill();
    return this.pending_;
  }

  info(pod: Pod): PodInfo {
    return podInfo(pod, this.read);
  }

  /** What is known of the pod holds when it comes back bound (AssumePod). */
  assume(pod: PodInfo): void {
    this.assumed = pod;
  }

  namespaceLabels(namespace: string): Readonly<Record<string, string>> {
    return this.api.get('namespaces', clusterKey(namespace))?.metadata.labels ?? {};
  }

  counting(namespace: string, selector: Selector): (node: NodeInfo) => number {
    let counter = this.known.get(selector);
    if (counter?.namespace !== namespace) {
      counter = this.counter(namespace, selector);
      this.known.set(selector, counter);
    }
    return counter.of;
  }

  private fill() {
    if (this.filled !== undefined) return this.filled;
    this.filled = { byName: new Map(), sorted: undefined, traits: undefined };
    for (const node of this.api.list<Node>('nodes')) this.filled.byName.set(node.metadata.name as string, new NodeInfo(node, this.read));
    for (const pod of this.api.list<Pod>('pods')) this.setPod(pod);
    return this.filled;
  }

  private noticePod({ type, object }: WatchEvent<Pod>): void {
    if (this.filled === undefined) return;
    if (type === 'DELETED') {
      this.pending_.delete(idOf(object));
      this.dropPod(object);
    } else this.setPod(object);
  }

  private setPod(pod: Pod): void {
    const before = this.placed.get(idOf(pod));
    // Most changes are the kubelet's, and of no interest here.
    if (before !== undefined && !isTerminal(pod) && isSame(before.pod, pod)) {
      before.pod = pod;
      return;
    }
    const nodeName = pod.spec.nodeName;
    if (before !== undefined) this.dropPod(before.pod);
    if (!nodeName || isTerminal(pod)) {
      if (isPending(pod)) this.pending_.set(idOf(pod), pod);
      else if (before === undefined) this.pending_.delete(idOf(pod));
      return;
    }
    const info = this.placedInfo(pod);
    if (before === undefined) this.pending_.delete(idOf(pod));
    this.placed.set(idOf(pod), info);
    if (info.affinity !== undefined) this.affine++;
    const node = this.filled?.byName.get(nodeName);
    if (node !== undefined) node.add(info);
    else {
      const others = this.homeless.get(nodeName) ?? new Map<string, PodInfo>();
      others.set(info.key, info);
      this.homeless.set(nodeName, others);
    }
    this.count(info, nodeName, 1);
  }

  private placedInfo(pod: Pod): PodInfo {
    const assumed = this.assumed;
    if (assumed === undefined || !hasSameDemands(assumed.pod, pod)) return this.info(pod);
    this.assumed = undefined;
    assumed.pod = pod;
    return assumed;
  }

  private podsOn(nodeName: string): ReadonlyMap<string, PodInfo> {
    return this.filled?.byName.get(nodeName)?.pods ?? this.homeless.get(nodeName) ?? new Map();
  }

  private dropPod(pod: Pod): void {
    const info = this.placed.get(idOf(pod));
    if (info === undefined) return;
    const nodeName = info.pod.spec.nodeName ?? '';
    this.placed.delete(idOf(pod));
    if (info.affinity !== undefined) this.affine--;
    this.filled?.byName.get(nodeName)?.remove(info.key);
    this.homeless.get(nodeName)?.delete(info.key);
    this.count(info, nodeName, -1);
  }

  private noticeNode({ type, object }: WatchEvent<Node>): void {
    const filled = this.filled;
    if (filled === undefined) return;
    const name = object.metadata.name as string;
    const pods = this.podsOn(name);
    filled.sorted = undefined;
    filled.traits = undefined;
    filled.byName.delete(name);
    this.homeless.delete(name);
    if (type === 'DELETED') this.homeless.set(name, new Map(pods));
    else {
      const node = new NodeInfo(object, this.read);
      for (const pod of pods.values()) node.add(pod);
      filled.byName.set(name, node);
    }
  }

  private counter(namespace: string, selector: Selector): Counter {
    const bucketKey = bucketOf(namespace, selector);
    const text = formatSelector(selector);
    const bucket = this.counters.get(bucketKey) ?? new Map<string, Counter>();
    const known = bucket.get(text);
    if (known !== undefined) return known;
    if (this.counterCount >= MOST_COUNTERS) {
      this.counters.clear();
      this.counterCount = 0;
      this.known = new WeakMap();
    }
    const byNode = new Map<string, number>();
    const counter: Counter = { namespace, selector, byNode, of: ({ name }) => byNode.get(name) ?? 0 };
    for (const node of this.nodes) {
      const count = node.countMatching(namespace, selector);
      if (count > 0) counter.byNode.set(node.name, count);
    }
    bucket.set(text, counter);
    this.counters.set(bucketKey, bucket);
    this.counterCount++;
    return counter;
  }

  private count(pod: PodInfo, nodeName: string, sign: 1 | -1): void {
    if (this.counterCount === 0) return;
    const change = (bucket: Map<string, Counter> | undefined) => {
      for (const { selector, byNode } of bucket?.values() ?? []) if (counts(pod, selector)) byNode.set(nodeName, (byNode.get(nodeName) ?? 0) + sign);
    };
    change(this.counters.get(`${pod.namespace}\0`));
    const labels = pod.pod.metadata.labels;
    for (const key in labels) change(this.counters.get(`${pod.namespace}\0${key}\0${labels[key]}`));
  }
}

function traitsOf(nodes: Iterable<NodeInfo>): NodeTraits {
  const labels = new Set<string>();
  const taints = new Set<string>();
  const images = new Map<string, number>();
  let isAnyUnschedulable = false;
  for (const node of nodes) {
    for (const key in node.labels) labels.add(key);
    for (const { effect } of node.taints) taints.add(effect);
    for (const image of node.images.keys()) images.set(image, (images.get(image) ?? 0) + 1);
    if (node.isUnschedulable) isAnyUnschedulable = true;
  }
  return { labels, taints, isAnyUnschedulable, images };
}

/** Of a dump a pod may have no uid. */
const idOf = ({ metadata }: Pod): string => metadata.uid ?? `${metadata.namespace}/${metadata.name}`;

/** All of a pod's own that {@link podInfo} looks at is the same of both. */
const hasSameDemands = ({ metadata: a, spec: of }: Pod, { metadata: b, spec }: Pod): boolean =>
  a.uid === b.uid &&
  a.generation === 1 &&
  b.generation === 1 &&
  of.containers === spec.containers &&
  of.initContainers === spec.initContainers &&
  of.volumes === spec.volumes &&
  of.affinity === spec.affinity &&
  of.overhead === spec.overhead &&
  of.priority === spec.priority;

/** Terminating pods do not count for spreading. */
const counts = ({ pod }: PodInfo, selector: Selector): boolean =>
  pod.metadata.deletionTimestamp === undefined && matchesSelector(selector, pod.metadata.labels);

/** The namespace and one label that every matching pod has: of a pod template's hash, if there is one. */
function bucketOf(namespace: string, selector: Selector): string {
  const equal = selector.filter(({ operator }) => operator === '=');
  const chosen = equal.find(({ key }) => key === 'pod-template-hash') ?? equal[0];
  return chosen === undefined ? `${namespace}\0` : `${namespace}\0${chosen.key}\0${chosen.values[0]}`;
}

/** Spec, labels and being deleted are all that scheduling looks at; after a resize what the containers have, too. */
const isSame = (a: Pod, b: Pod): boolean =>
  a.spec === b.spec &&
  a.metadata.labels === b.metadata.labels &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  (b.metadata.generation === 1 || a.status === b.status || hasSameRequests(a, b));
