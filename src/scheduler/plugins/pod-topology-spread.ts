/** Topology spread constraints, those every workload has by default included: pkg/scheduler/framework/plugins/podtopologyspread. */

import { isSameMap, isSemanticEqual } from '../../api/equality.js';
import { requiredNodeAffinity, untoleratedTaint } from '../../api/node-selector.js';
import { controllerOf, type KubeObject } from '../../api/object.js';
import { type LabelSelector, matchesSelector, type Selector, selectorOf } from '../../api/selectors.js';
import type { Node } from '../../resources/nodes/types.js';
import type { Service } from '../../resources/services/types.js';
import { type Change, type ClusterView, type FilterPlugin, MAX_SCORE, type ScorePlugin, unresolvable, unschedulable } from '../framework.js';
import type { NodeInfo } from '../node-info.js';
import type { PodInfo } from '../pod-info.js';

const TOO_UNEVEN = unschedulable("node(s) didn't match pod topology spread constraints");
const NO_LABEL = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
const HOSTNAME = 'kubernetes.io/hostname';
/** systemDefaultConstraints: for pods without constraints that a Service or workload selects; they never block. */
const SYSTEM_DEFAULTS = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
] as const;

const NONE: readonly never[] = [];
/** A constraint without a selector counts no pods. */
const NOTHING: Selector = [{ key: '', operator: 'in', values: [] }];

interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number | undefined;
  readonly selector: Selector;
  /** Whether the node's pods count at all (nodeAffinityPolicy, nodeTaintsPolicy). */
  counts(node: NodeInfo): boolean;
}

/** The pod's own constraints of one kind. */
function ownConstraints({ pod }: PodInfo, kind: 'DoNotSchedule' | 'ScheduleAnyway'): readonly Constraint[] {
  const { topologySpreadConstraints } = pod.spec;
  if (topologySpreadConstraints === undefined) return NONE;
  const affinity = requiredNodeAffinity(pod.spec);
  return topologySpreadConstraints
    .filter((constraint) => constraint.whenUnsatisfiable === kind)
    .map((constraint) => ({
      topologyKey: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      minDomains: constraint.minDomains,
      selector: [...(selectorOf(constraint.labelSelector) ?? NOTHING), ...ofLabelKeys(pod.metadata.labels ?? {}, constraint.matchLabelKeys ?? [])],
      counts: (node) =>
        (constraint.nodeAffinityPolicy === 'Ignore' || affinity === undefined || affinity(node)) &&
        (constraint.nodeTaintsPolicy !== 'Honor' || untoleratedTaint(node.taints, pod.spec.tolerations ?? []) === undefined),
    }));
}

const ofLabelKeys = (labels: Readonly<Record<string, string>>, keys: readonly string[]): Selector =>
  keys.flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator: '=' as const, values: [labels[key]] }]));

const hasAllKeys = (node: NodeInfo, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);

export const podTopologySpread: FilterPlugin = {
  name: 'PodTopologySpread',
  retryOn: {
    NodeAdd: changesDomains,
    NodeDelete: changesDomains,
    NodeLabel: changesDomains,
    NodeTaint: changesDomains,
    PodAdd: changesCounts,
    PodDelete: changesCounts,
    PodLabel: changesCounts,
    OwnLabels: changesCounts,
    OwnTolerations: ({ pod }) => pod.spec.topologySpreadConstraints?.some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor') === true,
  },
  prepare: (pod, cluster) => {
    const constraints = ownConstraints(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const domains = constraints.map(() => new Map<string, number>());
    const counting = constraints.map(({ selector }) => cluster.counting(pod.namespace, selector));
    for (const node of cluster.nodes) {
      if (!hasAllKeys(node, constraints)) continue;
      constraints.forEach((constraint, i) => {
        if (!constraint.counts(node)) return;
        const ofConstraint = domains[i] as Map<string, number>;
        const value = node.labels[constraint.topologyKey] as string;
        ofConstraint.set(value, (ofConstraint.get(value) ?? 0) + (counting[i]?.(node) ?? 0));
      });
    }
    const least = constraints.map(({ minDomains }, i) => {
      const counts = domains[i] as Map<string, number>;
      return minDomains !== undefined && counts.size < minDomains ? 0 : Math.min(...counts.values());
    });
    const self = constraints.map(({ selector }) => (matchesSelector(selector, pod.pod.metadata.labels) ? 1 : 0));
    return (node) => {
      for (const [i, { topologyKey, maxSkew }] of constraints.entries()) {
        const value = node.labels[topologyKey];
        if (value === undefined) return NO_LABEL;
        const count = (domains[i] as Map<string, number>).get(value) ?? 0;
        if (count + (self[i] as number) - (least[i] as number) > maxSkew) return TOO_UNEVEN;
      }
      return undefined;
    };
  },
};

/** The node enters, leaves or changes domains, or has other taints. */
function changesDomains(pod: PodInfo, { event, object, old }: Change): boolean {
  const keys = ownConstraints(pod, 'DoNotSchedule').map(({ topologyKey }) => topologyKey);
  const hasAll = ({ metadata: { labels = {} } }: KubeObject) => keys.every((key) => labels[key] !== undefined);
  if (event === 'NodeDelete' || old === undefined) return hasAll(object);
  if (hasAll(object) !== hasAll(old)) return true;
  const isMoved = keys.some((key) => object.metadata.labels?.[key] !== old.metadata.labels?.[key]);
  return hasAll(object) && (isMoved || !isSemanticEqual((object as Node).spec?.taints, (old as Node).spec?.taints));
}

/** A pod that is counted comes, goes, or begins or ceases to be. */
function changesCounts(pod: PodInfo, { event, object, old }: Change): boolean {
  if (object.metadata.namespace !== pod.namespace) return false;
  const constraints = ownConstraints(pod, 'DoNotSchedule');
  const isCounted = ({ selector }: Constraint, { metadata }: KubeObject) => matchesSelector(selector, metadata.labels);
  if (event !== 'PodLabel' && event !== 'OwnLabels') return constraints.some((constraint) => isCounted(constraint, object));
  return constraints.some((constraint) => old !== undefined && isCounted(constraint, object) !== isCounted(constraint, old));
}

export const podTopologySpreadScore: ScorePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  score: (pod, cluster, nodes) => {
    const hasOwn = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0;
    const constraints = hasOwn ? ownConstraints(pod, 'ScheduleAnyway') : defaultConstraints(pod, cluster);
    if (constraints.length === 0) return undefined;
    // With constraints of its own, nodes that lack one of the labels are left out.
    const isIgnored = hasOwn ? nodes.map((node) => !hasAllKeys(node, constraints)) : undefined;
    const raw: number[] = new Array(nodes.length).fill(0);
    const asked: Asked = { pod, cluster, nodes, isIgnored, needed: hasOwn ? constraints : NONE };
    for (const constraint of constraints) addScores(raw, constraint, asked);
    let least = Number.MAX_SAFE_INTEGER;
    let most = 0;
    for (let i = 0; i < raw.length; i++) {
      if (isIgnored?.[i] === true) continue;
      const score = Math.round(raw[i] as number);
      raw[i] = score;
      if (score < least) least = score;
      if (score > most) most = score;
    }
    for (let i = 0; i < raw.length; i++)
      raw[i] = isIgnored?.[i] === true ? 0 : most === 0 ? MAX_SCORE : Math.trunc((MAX_SCORE * (most + least - (raw[i] as number))) / most);
    return raw;
  },
};

/** What nodes are to be scored for. */
interface Asked {
  readonly pod: PodInfo;
  readonly cluster: ClusterView;
  readonly nodes: readonly NodeInfo[];
  /** By the index of the node; undefined: none is. */
  readonly isIgnored: readonly boolean[] | undefined;
  /** Only nodes that have all their labels count. */
  readonly needed: readonly Constraint[];
}

/** Adds to each node's score what one constraint counts: its matching pods, the heavier the more domains there are. */
function addScores(scores: number[], constraint: Constraint, { pod, cluster, nodes, isIgnored, needed }: Asked): void {
  const { topologyKey, maxSkew, selector } = constraint;
  // Most clusters have no zones.
  if (!cluster.traits.labels.has(topologyKey)) return;
  const count = cluster.counting(pod.namespace, selector);
  const add = (weight: number, inDomain: (node: NodeInfo, value: string) => number) => {
    for (let i = 0; i < scores.length; i++) {
      const node = nodes[i] as NodeInfo;
      const value = node.labels[topologyKey];
      if (value !== undefined) scores[i] = (scores[i] as number) + (inDomain(node, value) * weight + maxSkew - 1);
    }
  };
  if (topologyKey === HOSTNAME) {
    add(Math.log((isIgnored?.filter((ignored) => !ignored).length ?? nodes.length) + 2), count);
    return;
  }
  const domains = new Map<string, number>();
  nodes.forEach((node, i) => {
    if (isIgnored?.[i] !== true) domains.set(node.labels[topologyKey] ?? '', 0);
  });
  for (const node of cluster.nodes) {
    const value = node.labels[topologyKey] ?? '';
    const before = domains.get(value);
    if (before !== undefined && hasAllKeys(node, needed) && constraint.counts(node)) domains.set(value, before + count(node));
  }
  add(Math.log(domains.size + 2), (_, value) => domains.get(value) ?? 0);
}

function defaultConstraints(pod: PodInfo, cluster: ClusterView): readonly Constraint[] {
  const selector = defaultSelector(pod, cluster);
  if (selector.length === 0) return NONE;
  const affinity = requiredNodeAffinity(pod.pod.spec);
  const counts = (node: NodeInfo) => affinity === undefined || affinity(node);
  return SYSTEM_DEFAULTS.map(({ topologyKey, maxSkew }) => ({ topologyKey, maxSkew, minDomains: undefined, selector, counts }));
}

const OWNERS: Readonly<Record<string, { readonly apiVersion: string; readonly resource: string }>> = {
  ReplicationController: { apiVersion: 'v1', resource: 'replicationcontrollers' },
  ReplicaSet: { apiVersion: 'apps/v1', resource: 'replicasets.apps' },
  StatefulSet: { apiVersion: 'apps/v1', resource: 'statefulsets.apps' },
};

interface Owner extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

/** helper.DefaultSelector: what the pod's services and its owner select. */
function defaultSelector({ pod, namespace }: PodInfo, { api, defaultSelectors }: ClusterView): Selector {
  const { labels } = pod.metadata;
  const services = api.list<Service>('services', { namespace });
  const owner = controllerOf(pod);
  const workload = owner === undefined ? undefined : OWNERS[owner.kind];
  const object =
    workload === undefined || owner?.apiVersion !== workload.apiVersion ? undefined : api.get<Owner>(workload.resource, { namespace, name: owner.name });
  const ofOwner = object?.spec?.selector;
  if (ofOwner === undefined) return selectorOf({ matchLabels: ofServices(services, labels) }) ?? NONE;
  const known = defaultSelectors.get(ofOwner);
  if (known !== undefined && known.services === services && isSameMap(known.labels, labels)) return known.selector;
  const selected = ofServices(services, labels);
  const selector =
    owner?.kind === 'ReplicationController'
      ? selectorOf({ matchLabels: { ...selected, ...(ofOwner as Readonly<Record<string, string>>) } })
      : [...(selectorOf({ matchLabels: selected }) ?? NONE), ...(selectorOf(ofOwner as LabelSelector) ?? NONE)];
  defaultSelectors.set(ofOwner, { services, labels, selector: selector ?? NONE });
  return selector ?? NONE;
}

/** The labels that the services of pods with such labels ask for. */
function ofServices(services: readonly Service[], labels: KubeObject['metadata']['labels']): Readonly<Record<string, string>> {
  const wanted: Record<string, string> = {};
  for (const { spec } of services) {
    const entries = Object.entries(spec.selector ?? {});
    if (entries.length > 0 && entries.every(([key, value]) => labels?.[key] === value)) Object.assign(wanted, spec.selector);
  }
  return wanted;
}
