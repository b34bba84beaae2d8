/** plugin/pkg/admission/nodetaint: a new node takes no pods before it is ready. */
import type { KubeObject } from '../../api/object.js';
import type { Node } from '../../resources/nodes/types.js';
import type { AdmissionPlugin } from './plugin.js';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  admit(object) {
    const { spec } = object as KubeObject as Node;
    const taints = spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return object;
    return { ...object, spec: { ...spec, taints: [...taints, NOT_READY] } };
  },
};
