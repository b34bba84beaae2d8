/** pkg/apis/apps/v1/defaults.go SetDefaults_ReplicaSet and pkg/registry/apps/replicaset/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import type { ReplicaSet, ReplicaSetSpec } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ReplicaSet> = {
  defaults: (set) => {
    const given = set.spec as ReplicaSetSpec | undefined;
    const template = defaultPodTemplate(given?.template);
    if (given?.replicas !== undefined && given.template === template) return set;
    return { ...set, spec: { replicas: 1, ...given, template } };
  },
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  validate,
  validateUpdate,
  hasGeneration: true,
  hasStatus: true,
};
