/** pkg/apis/apps/v1/defaults.go SetDefaults_ReplicaSet and pkg/registry/apps/replicaset/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { nameWarnings } from '../pod-template/name-warning.js';
import { isNewSpec, podTemplateWarnings } from '../pod-template/warnings.js';
import type { ReplicaSet, ReplicaSetSpec } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<ReplicaSet> = {
  defaults: (set) => {
    const given = set.spec as ReplicaSetSpec | undefined;
    const template = defaultPodTemplate(given?.template);
    if (given?.replicas !== undefined && given.template === template) return set;
    return { ...set, spec: { replicas: 1, ...given, template } };
  },
  prepareForCreate: (set) => ({ ...withoutDisabled(set), status: { replicas: 0 } }),
  prepareForUpdate: withoutDisabled,
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: (set, old) => [
    ...(old === undefined ? nameWarnings(set.metadata.name) : []),
    ...(isNewSpec(set, old) ? podTemplateWarnings(set.spec.template ?? {}, 'spec.template') : []),
  ],
  hasGeneration: true,
  hasStatus: true,
};

function withoutDisabled(set: ReplicaSet): ReplicaSet {
  if (set.spec.template === undefined) return set;
  const template = dropDisabledTemplateFields(set.spec.template);
  return template === set.spec.template ? set : { ...set, spec: { ...set.spec, template } };
}
