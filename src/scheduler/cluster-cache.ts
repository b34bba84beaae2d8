/**
 * What the scheduler knows of nodes and the pods on them, kept up to date by watching: kube-scheduler's cache and snapshot
 * (pkg/scheduler/backend/cache). It holds nothing that the API server does not: made anew, it comes out the same.
 */
import { keyOf, keyString } from '../api/object.js';
import { formatSelector, matchesSelector, type Selector } from '../api/selectors.js';
import type { Api, WatchEvent } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { type ClusterView, clusterKey } from './framework.js';
import { NodeInfo } from './node-info.js';
import { type PodInfo, podInfo } from './pod-info.js';
import { hasSameRequests, QuantityReader } from './requests.js';

const DEFAULT_SCHEDULER = 'default-scheduler';
/** Counts of this many selectors are kept; more are counted afresh. */
const MOST_COUNTERS = 1000;

/** How many pods on each node a selector matches. */
interface Counter {
  readonly selector: Selector;
  readonly byNode: Map<string, number>;
}

/** Terminal pods use nothing. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
/** Whether this scheduler has to find a node for the pod. */
export const isPending = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  !isTerminal(pod) &&
  (pod.spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER &&
  (pod.spec.schedulingGates?.length ?? 0) === 0;

export class ClusterCache implements ClusterView {
  readonly read = new QuantityReader();
  /** undefined until somebody asks: most commands schedule nothing. */
  private filled: { readonly byName: Map<string, NodeInfo>; sorted: readonly NodeInfo[] | undefined } | undefined;
  /** Pods bound to nodes that are not there (any more), by node name. */
  private readonly homeless = new Map<string, Map<string, PodInfo>>();
  private readonly pending_ = new Map<string, Pod>();
  /** The pods with a node, by their keys. */
  private readonly placed = new Map<string, { readonly nodeName: string; readonly info: PodInfo }>();
  /** Namespace, and a label the selector wants → counters, so that a pod looks only at those it may matter to. */
  private readonly counters = new Map<string, Map<string, Counter>>();
  private counterCount = 0;

  constructor(readonly api: Api) {
    api.watch('pods', (event) => this.noticePod(event as WatchEvent<Pod>));
    api.watch('nodes', (event) => this.noticeNode(event as WatchEvent<Node>));
  }

  /** In order of their names. */
  get nodes(): readonly NodeInfo[] {
    const filled = this.fill();
    filled.sorted ??= [...filled.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return filled.sorted;
  }

  node(name: string): NodeInfo | undefined {
    return this.fill().byName.get(name);
  }

  /** Pods that wait for a node, whether tried already or not. */
  get pending(): ReadonlyMap<string, Pod> {
    this.fill();
    return this.pending_;
  }

  info(pod: Pod): PodInfo {
    return podInfo(pod, this.read);
  }

  namespaceLabels(namespace: string): Readonly<Record<string, string>> {
    return this.api.get('namespaces', clusterKey(namespace))?.metadata.labels ?? {};
  }

  counting(namespace: string, selector: Selector): (node: NodeInfo) => number {
    const { byNode } = this.counter(namespace, selector);
    return ({ name }) => byNode.get(name) ?? 0;
  }

  private fill() {
    if (this.filled !== undefined) return this.filled;
    this.filled = { byName: new Map(), sorted: undefined };
    for (const node of this.api.list<Node>('nodes')) this.filled.byName.set(node.metadata.name as string, new NodeInfo(node, this.read));
    for (const pod of this.api.list<Pod>('pods')) this.setPod(pod);
    return this.filled;
  }

  private noticePod({ type, object }: WatchEvent<Pod>): void {
    if (this.filled === undefined) return;
    if (type === 'DELETED') this.dropPod(keyString(keyOf(object)));
    else this.setPod(object);
  }

  private setPod(pod: Pod): void {
    const key = keyString(keyOf(pod));
    const nodeName = pod.spec.nodeName;
    const before = this.placed.get(key);
    // Most changes are the kubelet's, and of no interest here.
    if (before !== undefined && before.nodeName === nodeName && !isTerminal(pod) && isSame(before.info.pod, pod)) {
      before.info.pod = pod;
      return;
    }
    if (!nodeName || isTerminal(pod)) {
      if (before !== undefined) this.dropPod(key);
      if (isPending(pod)) this.pending_.set(key, pod);
      else this.pending_.delete(key);
      return;
    }
    if (before !== undefined) this.dropPod(key);
    else this.pending_.delete(key);
    const info = this.info(pod);
    this.placed.set(key, { nodeName, info });
    const node = this.filled?.byName.get(nodeName);
    if (node !== undefined) node.add(info);
    else {
      const others = this.homeless.get(nodeName) ?? new Map<string, PodInfo>();
      others.set(key, info);
      this.homeless.set(nodeName, others);
    }
    this.count(info, nodeName, 1);
  }

  private podsOn(nodeName: string): ReadonlyMap<string, PodInfo> {
    return this.filled?.byName.get(nodeName)?.pods ?? this.homeless.get(nodeName) ?? new Map();
  }

  private dropPod(key: string): void {
    this.pending_.delete(key);
    const known = this.placed.get(key);
    if (known === undefined) return;
    const { nodeName, info } = known;
    this.placed.delete(key);
    this.filled?.byName.get(nodeName)?.remove(key);
    this.homeless.get(nodeName)?.delete(key);
    this.count(info, nodeName, -1);
  }

  private noticeNode({ type, object }: WatchEvent<Node>): void {
    const filled = this.filled;
    if (filled === undefined) return;
    const name = object.metadata.name as string;
    const pods = this.podsOn(name);
    filled.sorted = undefined;
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
    }
    const counter: Counter = { selector, byNode: new Map() };
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
