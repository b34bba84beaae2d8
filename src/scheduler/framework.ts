/** The seams between the scheduling cycle and its plugins: pkg/scheduler/framework/interface.go. */
import type { KubeObject, ObjectKey, ObjectMeta } from '../api/object.js';
import type { Selector } from '../api/selectors.js';
import type { Api } from '../api/verbs.js';
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';

/** Why a node will not do. `unresolvable`: preempting pods would not help. */
export interface Rejection {
  readonly code: 'unschedulable' | 'unresolvable';
  readonly reasons: readonly string[];
}
export const unschedulable = (...reasons: readonly string[]): Rejection => ({ code: 'unschedulable', reasons });
export const unresolvable = (...reasons: readonly string[]): Rejection => ({ code: 'unresolvable', reasons });

/** Says what is wrong with a node for the pod it was prepared for; undefined: nothing. */
export type NodeFilter = (node: NodeInfo) => Rejection | undefined;

/** What a plugin knows of a pod before it looks at nodes (PreFilter). */
export type Prepared =
  /** It has no opinion. */
  | undefined
  | NodeFilter
  /** No node will do: the reason stands alone in the message. */
  | { readonly rejection: Rejection }
  /** Only these nodes are looked at. */
  | { readonly only: ReadonlySet<string>; readonly filter: NodeFilter };

/** Changes of the cluster that may make room for a pod (framework.ClusterEvent). `Own…`: of the waiting pod itself. */
export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeAllocatable'
  | 'NodeLabel'
  | 'NodeTaint'
  | 'NodeDelete'
  | 'PodAdd'
  | 'PodDelete'
  | 'PodLabel'
  | 'PodRequests'
  | 'OwnLabels'
  | 'OwnRequests'
  | 'OwnTolerations'
  | 'StorageAdd'
  | 'StorageUpdate'
  | 'StorageDelete';

/** What happened to whom; of something deleted, `object` is how it was last. */
export interface Change {
  readonly event: ClusterEvent;
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
}
/** Whether a change helps a pod (QueueingHintFn). */
export type Hint = (pod: PodInfo, change: Change, cluster: ClusterView) => boolean;

export interface FilterPlugin {
  /** As in `node(s) didn't satisfy plugin(s) [NodeAffinity]`. */
  readonly name: string;
  /**
   * What may help a pod this plugin turned away; `true`: whatever it is exactly. Taints help all that new nodes help and that have no
   * say in taints (buildQueueingHintMap of pkg/scheduler/scheduler.go).
   */
  readonly retryOn: Readonly<Partial<Record<ClusterEvent, true | Hint>>>;
  prepare(pod: PodInfo, cluster: ClusterView): Prepared;
}

export interface ScorePlugin {
  readonly name: string;
  readonly weight: number;
  /** A score from 0 to 100 for each node, in their order; undefined: no opinion. */
  score(pod: PodInfo, cluster: ClusterView, nodes: readonly NodeInfo[]): readonly number[] | undefined;
}

/** The cluster at one moment. */
export interface ClusterView {
  readonly nodes: readonly NodeInfo[];
  node(name: string): NodeInfo | undefined;
  readonly api: Pick<Api, 'get' | 'list'>;
  /** Counts, node by node, the pods of the namespace that the selector matches and that are not terminating. */
  counting(namespace: string, selector: Selector): (node: NodeInfo) => number;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
  readonly traits: NodeTraits;
  /** Whether any pod with a node has any pod (anti-)affinity. */
  readonly hasAffinity: boolean;
  /** What default spreading counts, by the selector of the pods' owner: most pods come by the thousand. */
  readonly defaultSelectors: WeakMap<object, KnownSelector>;
}

/** What any of the nodes has; what none has need not be looked for on each. */
export interface NodeTraits {
  /** Keys of labels. */
  readonly labels: ReadonlySet<string>;
  /** Effects of taints. */
  readonly taints: ReadonlySet<string>;
  readonly isAnyUnschedulable: boolean;
  /** How many of the nodes have an image, by `name:tag`. */
  readonly images: ReadonlyMap<string, number>;
}

/** A selector, and what it was made of besides the owner's. */
interface KnownSelector {
  readonly services: readonly KubeObject[];
  readonly labels: ObjectMeta['labels'];
  readonly selector: Selector;
}

export const clusterKey = (name: string): ObjectKey => ({ namespace: '', name });

export const MAX_SCORE = 100;

/** helper.DefaultNormalizeScore: in proportion to the best; `reverse`: the less the better. */
export function normalize(scores: readonly number[], reverse: boolean): number[] {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  if (max === 0) return reverse ? scores.map(() => MAX_SCORE) : [...scores];
  return scores.map((score) => {
    const share = Math.trunc((MAX_SCORE * score) / max);
    return reverse ? MAX_SCORE - share : share;
  });
}
