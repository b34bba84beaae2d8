/** Cordoned nodes: pkg/scheduler/framework/plugins/nodeunschedulable. */

import { tolerates } from '../../api/node-selector.js';
import type { KubeObject } from '../../api/object.js';
import type { Node } from '../../resources/nodes/types.js';
import { type Change, type FilterPlugin, unresolvable } from '../framework.js';
import type { PodInfo } from '../pod-info.js';

const UNSCHEDULABLE = unresolvable('node(s) were unschedulable');
const CORDON = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  retryOn: { NodeAdd: isUncordoned, NodeTaint: isUncordoned, OwnTolerations: true },
  prepare: ({ pod }, { traits }) => {
    if (!traits.isAnyUnschedulable || pod.spec.tolerations?.some((toleration) => tolerates(toleration, CORDON)) === true) return undefined;
    return ({ isUnschedulable }) => (isUnschedulable ? UNSCHEDULABLE : undefined);
  },
};

const isCordoned = (node: KubeObject | undefined): boolean => (node as Node | undefined)?.spec?.unschedulable === true;
function isUncordoned(_: PodInfo, { object, old }: Change): boolean {
  return !isCordoned(object) && (old === undefined || isCordoned(old));
}
