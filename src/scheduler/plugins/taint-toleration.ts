/** Taints: pkg/scheduler/framework/plugins/tainttoleration. */

import { tolerates, untoleratedTaint } from '../../api/node-selector.js';
import { type FilterPlugin, normalize, type ScorePlugin, unresolvable } from '../framework.js';

export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  retryOn: ['NodeAdd', 'NodeTaint'],
  prepare: ({ pod }) => {
    const tolerations = pod.spec.tolerations ?? [];
    return ({ node }) => {
      const taints = node.spec?.taints;
      if (taints === undefined || taints.length === 0) return undefined;
      const taint = untoleratedTaint(taints, tolerations);
      return taint === undefined ? undefined : unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
    };
  },
};

/** The fewer PreferNoSchedule taints are not tolerated, the better. */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  score: ({ pod }, _, nodes) => {
    const isSoft = nodes.some(({ node }) => node.spec?.taints?.some((taint) => taint.effect === 'PreferNoSchedule') === true);
    if (!isSoft) return undefined;
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    const counts = nodes.map(
      ({ node }) =>
        (node.spec?.taints ?? []).filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)))
          .length,
    );
    return normalize(counts, true);
  },
};
