/** pkg/apis/core/v1/defaults.go SetDefaults_ReplicationController and pkg/registry/core/replicationcontroller/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { nameWarnings } from '../pod-template/name-warning.js';
import { isNewSpec, podTemplateWarnings } from '../pod-template/warnings.js';
import type { ReplicationController, ReplicationControllerSpec } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<ReplicationController> = {
  defaults,
  prepareForCreate: (controller) => ({ ...withoutDisabled(controller), status: { replicas: 0 } }),
  prepareForUpdate: withoutDisabled,
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: (controller, old) => [
    ...(old === undefined ? nameWarnings(controller.metadata.name) : []),
    // Of an update upstream judges the old template.
    ...(isNewSpec(controller, old) ? podTemplateWarnings((old ?? controller).spec.template ?? {}, 'spec.template') : []),
  ],
  hasGeneration: true,
  hasStatus: true,
  defaultGarbageCollection: 'orphan',
};

const isEmpty = (map: object | undefined): boolean => map === undefined || Object.keys(map).length === 0;

/** Selector and labels come from the template if there are none. */
function defaults(controller: ReplicationController): ReplicationController {
  const given: ReplicationControllerSpec = controller.spec ?? {};
  const template = given.template === undefined ? undefined : defaultPodTemplate(given.template);
  const labels = template?.metadata?.labels;
  const { metadata } = controller;
  return {
    ...controller,
    metadata: isEmpty(metadata.labels) && labels !== undefined && !isEmpty(labels) ? { ...metadata, labels } : metadata,
    spec: {
      replicas: 1,
      ...given,
      ...(isEmpty(given.selector) && labels !== undefined && !isEmpty(labels) ? { selector: labels } : {}),
      ...(template === undefined ? {} : { template }),
    },
  };
}

function withoutDisabled(controller: ReplicationController): ReplicationController {
  const { template } = controller.spec;
  return template === undefined ? controller : { ...controller, spec: { ...controller.spec, template: dropDisabledTemplateFields(template) } };
}
