/** Taints: pkg/scheduler/framework/plugins/tainttoleration. */

import { tolerates, untoleratedTaint } from '../../api/node-selector.js';
import type { KubeObject } from '../../api/object.js';
import type { Node, Taint } from '../../resources/nodes/types.js';
import { type Change, type FilterPlugin, normalize, type ScorePlugin, unresolvable } from '../framework.js';
import type { PodInfo } from '../pod-info.js';

export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  retryOn: { NodeAdd: isTolerable, NodeTaint: isTolerable, OwnTolerations: true },
  prepare: ({ pod }) => {
    const { tolerations = [] } = pod.spec;
    return ({ taints }) => {
      if (taints.length === 0) return undefined;
      const taint = untoleratedTaint(taints, tolerations);
      return taint === undefined ? undefined : unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
    };
  },
};

/** All taints are tolerated now, and were not before. */
function isTolerable({ pod }: PodInfo, { object, old }: Change): boolean {
  const offending = (node: KubeObject) => untoleratedTaint((node as Node).spec?.taints, pod.spec.tolerations ?? []);
  return offending(object) === undefined && (old === undefined || offending(old) !== undefined);
}

const isSoft = ({ effect }: Taint): boolean => effect === 'PreferNoSchedule';

/** The fewer PreferNoSchedule taints are not tolerated, the better. */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  score: ({ pod }, _, nodes) => {
    if (!nodes.some(({ taints }) => taints.length > 0 && taints.some(isSoft))) return undefined;
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    const counts = nodes.map(({ taints }) => taints.filter((taint) => isSoft(taint) && !tolerations.some((toleration) => tolerates(toleration, taint))).length);
    return normalize(counts, true);
  },
};
