/** Cordoned nodes: pkg/scheduler/framework/plugins/nodeunschedulable. */

import { tolerates } from '../../api/node-selector.js';
import { type FilterPlugin, unresolvable } from '../framework.js';

const UNSCHEDULABLE = unresolvable('node(s) were unschedulable');
const CORDON = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  retryOn: ['NodeAdd', 'NodeTaint'],
  prepare: ({ pod }) => {
    if (pod.spec.tolerations?.some((toleration) => tolerates(toleration, CORDON)) === true) return undefined;
    return ({ node }) => (node.spec?.unschedulable === true ? UNSCHEDULABLE : undefined);
  },
};
