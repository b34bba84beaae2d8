/** A DaemonSet's pods and the nodes they are for: pkg/controller/daemon/util/daemonset_util.go. */
import { nodeLike, requiredNodeAffinity, untoleratedTaint } from '../../api/node-selector.js';
import { podOf } from '../../controllers/pods.js';
import { REVISION_HASH } from '../../controllers/revisions.js';
import type { Node } from '../nodes/types.js';
import type { Affinity, PodSpec, Toleration } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import { templateGeneration } from './strategy.js';
import type { DaemonSet } from './types.js';

const TEMPLATE_GENERATION = 'pod-template-generation';

const tolerate = (key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect });
/** Daemons stay where others have to leave. */
const TOLERATIONS: readonly Toleration[] = [
  tolerate('not-ready', 'NoExecute'),
  tolerate('unreachable', 'NoExecute'),
  tolerate('disk-pressure', 'NoSchedule'),
  tolerate('memory-pressure', 'NoSchedule'),
  tolerate('pid-pressure', 'NoSchedule'),
  tolerate('unschedulable', 'NoSchedule'),
];
const NETWORK = tolerate('network-unavailable', 'NoSchedule');

function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const added = hostNetwork === true ? [...TOLERATIONS, NETWORK] : TOLERATIONS;
  const isThere = ({ key, effect }: Toleration) =>
    tolerations.some((toleration) => toleration.key === key && toleration.effect === effect && toleration.operator === 'Exists' && !toleration.value);
  return [...tolerations, ...added.filter((toleration) => !isThere(toleration))];
}

/** Whether a pod is to be started on the node, and whether one that is there may stay. */
export interface Fit {
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

const NOWHERE: Fit = { shouldRun: false, mayStay: false };

/** For any node. Resources are not looked at. */
export function fitFor({ spec: { template } }: DaemonSet): (node: Node) => Fit {
  const spec = template.spec ?? { containers: [] };
  const tolerations = tolerationsOf(spec);
  const matches = requiredNodeAffinity(spec) ?? (() => true);
  return (node) => {
    if ((spec.nodeName && spec.nodeName !== node.metadata.name) || !matches(nodeLike(node))) return NOWHERE;
    const { taints } = node.spec ?? {};
    return {
      mayStay: untoleratedTaint(taints, tolerations, ['NoExecute']) === undefined,
      shouldRun: untoleratedTaint(taints, tolerations) === undefined,
    };
  };
}

/** The pod for a node: the scheduler brings it there, because its affinity names it. */
export function podFor(set: DaemonSet, node: string, hash: string): Pod {
  const generation = templateGeneration(set);
  const labels = { ...(generation > 0 ? { [TEMPLATE_GENERATION]: String(generation) } : {}), [REVISION_HASH]: hash };
  const pod = podOf(set, { template: set.spec.template, labels });
  return { ...pod, spec: { ...pod.spec, affinity: affinityTo(node, pod.spec.affinity), tolerations: tolerationsOf(pod.spec) } };
}

/** Required terms of the template are replaced: they have been looked at. */
function affinityTo(node: string, given: Affinity | undefined): Affinity {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] };
  return { ...given, nodeAffinity: { ...given?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } };
}

/** Where the pod is, or is to be. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  for (const { matchFields = [] } of spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [])
    for (const { key, operator, values = [] } of matchFields) if (key === 'metadata.name' && operator === 'In' && values.length === 1) return values[0];
  return undefined;
}

/** IsPodUpdated: made from this template. */
export function isUpdated(set: DaemonSet, { metadata }: Pod, hash: string): boolean {
  const generation = templateGeneration(set);
  return metadata.labels?.[REVISION_HASH] === hash || (generation > 0 && metadata.labels?.[TEMPLATE_GENERATION] === String(generation));
}
