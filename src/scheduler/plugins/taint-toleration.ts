/** Taints: pkg/scheduler/framework/plugins/tainttoleration. */

import { tolerates, untoleratedTaint } from '../../api/node-selector.js';
import type { KubeObject } from '../../api/object.js';
import type { Node } from '../../resources/nodes/types.js';
import { type Change, type FilterPlugin, normalize, type ScorePlugin, unresolvable } from '../framework.js';
import type { PodInfo } from '../pod-info.js';

export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  retryOn: { NodeAdd: isTolerable, NodeTaint: isTolerable, OwnTolerations: true },
  prepare: ({ pod }, { traits }) => {
    if (traits.taints.size === 0) return undefined;
    const { tolerations = [] } = pod.spec;
    return ({ taints }) => {
      // Of a hundred nodes that are asked, most have none.
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

const SOFT = 'PreferNoSchedule';

/** The fewer PreferNoSchedule taints are not tolerated, the better. */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  score: ({ pod }, { traits }, nodes) => {
    if (!traits.taints.has(SOFT)) return undefined;
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === SOFT);
    const counts = nodes.map(
      ({ taints }) => taints.filter((taint) => taint.effect === SOFT && !tolerations.some((toleration) => tolerates(toleration, taint))).length,
    );
    return normalize(counts, true);
  },
};
