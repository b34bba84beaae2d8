/** pkg/apis/apps/v1/defaults.go SetDefaults_Deployment and pkg/registry/apps/deployment/strategy.go. */
import { isEqual, isSemanticEqual } from '../../api/equality.js';
import type { Strategy } from '../../api/resource.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { fill } from '../pod-template/fill.js';
import { nameWarnings } from '../pod-template/name-warning.js';
import { isNewSpec, podTemplateWarnings } from '../pod-template/warnings.js';
import type { Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<Deployment> = {
  defaults,
  prepareForCreate: (deployment) => ({ ...withoutDisabled(deployment), status: {} }),
  // Annotations are copied to the replica sets: their change is news to the controller as one of the spec is.
  prepareForUpdate: (deployment, old) => {
    const next = withoutDisabled(deployment);
    if (isSemanticEqual(deployment.metadata.annotations, old.metadata.annotations)) return next;
    return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } };
  },
  // The controller writes the revision annotation with the status; only spec and labels are kept from what is stored.
  prepareForStatusUpdate: (deployment, old) => {
    const { labels: _, ...metadata } = deployment.metadata;
    return { ...deployment, spec: old.spec, metadata: old.metadata.labels === undefined ? metadata : { ...metadata, labels: old.metadata.labels } };
  },
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: (deployment, old) => [
    ...(old === undefined ? nameWarnings(deployment.metadata.name) : []),
    ...(isNewSpec(deployment, old) ? podTemplateWarnings(deployment.spec.template, 'spec.template') : []),
  ],
  hasGeneration: true,
  generationCounts: 'annotations',
  hasStatus: true,
};

const SPEC: Partial<DeploymentSpec> = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };

function defaults(deployment: Deployment): Deployment {
  const given = deployment.spec as DeploymentSpec | undefined;
  const template = defaultPodTemplate(given?.template);
  const rollout = defaultStrategy(given?.strategy);
  const filled = fill<DeploymentSpec>(given ?? { template }, SPEC);
  const spec = filled.template === template && filled.strategy === rollout ? filled : { ...filled, template, strategy: rollout };
  return spec === given ? deployment : { ...deployment, spec };
}

function defaultStrategy(given: DeploymentStrategy = {}): DeploymentStrategy {
  const type = given.type || 'RollingUpdate';
  if (type !== 'RollingUpdate') return given;
  const { maxUnavailable = '25%', maxSurge = '25%' } = given.rollingUpdate ?? {};
  const filled: RollingUpdateDeployment = { maxUnavailable, maxSurge };
  const rollingUpdate = given.rollingUpdate !== undefined && isEqual(given.rollingUpdate, filled) ? given.rollingUpdate : filled;
  return given.type === type && rollingUpdate === given.rollingUpdate ? given : { ...given, type, rollingUpdate };
}

function withoutDisabled(deployment: Deployment): Deployment {
  const template = dropDisabledTemplateFields(deployment.spec.template);
  return template === deployment.spec.template ? deployment : { ...deployment, spec: { ...deployment.spec, template } };
}
