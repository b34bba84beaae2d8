/** pkg/apis/apps/v1/defaults.go SetDefaults_DaemonSet and pkg/registry/apps/daemonset/strategy.go. */
import { isSemanticEqual } from '../../api/equality.js';
import type { Strategy } from '../../api/resource.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { podTemplateWarnings } from '../pod-template/warnings.js';
import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

/** How often the template has changed: a field of the old API, kept as an annotation in this one. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export const strategy: Strategy<DaemonSet> = {
  defaults,
  prepareForCreate: (set) =>
    withGeneration(
      { ...withoutDisabled(set), status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 } },
      Math.max(templateGeneration(set), 1),
    ),
  prepareForUpdate: (given, old) => {
    const set = withoutDisabled(given);
    const generation = templateGeneration(old);
    return withGeneration(set, isSemanticEqual(set.spec.template, old.spec.template) ? generation : generation + 1);
  },
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: (set, old) =>
    old === undefined || templateGeneration(set) !== templateGeneration(old) ? podTemplateWarnings(set.spec.template, 'spec.template') : [],
  hasGeneration: true,
  hasStatus: true,
};

export const templateGeneration = ({ metadata }: DaemonSet): number => Number(metadata.annotations?.[TEMPLATE_GENERATION]) || 0;

function withGeneration(set: DaemonSet, generation: number): DaemonSet {
  if (set.metadata.annotations?.[TEMPLATE_GENERATION] === String(generation)) return set;
  return { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) } } };
}

function defaults(set: DaemonSet): DaemonSet {
  const given = (set.spec ?? {}) as DaemonSetSpec;
  return {
    // Conversion writes it before anything else is done, so whoever sends the object owns it (pkg/apis/apps/v1/conversion.go).
    ...withGeneration(set, templateGeneration(set)),
    spec: {
      ...given,
      revisionHistoryLimit: given.revisionHistoryLimit ?? 10,
      template: defaultPodTemplate(given.template),
      updateStrategy: defaultUpdateStrategy(given.updateStrategy),
    },
  };
}

function defaultUpdateStrategy(given: DaemonSetUpdateStrategy = {}): DaemonSetUpdateStrategy {
  const type = given.type || 'RollingUpdate';
  // Values nobody defaults come back as zeros from the conversion (Convert_apps_RollingUpdateDaemonSet_To_v1_RollingUpdateDaemonSet).
  if (type !== 'RollingUpdate')
    return { ...given, type, ...(given.rollingUpdate ? { rollingUpdate: { maxUnavailable: 0, maxSurge: 0, ...given.rollingUpdate } } : {}) };
  const { maxUnavailable = 1, maxSurge = 0 } = given.rollingUpdate ?? {};
  return { ...given, type, rollingUpdate: { maxUnavailable, maxSurge } };
}

const withoutDisabled = (set: DaemonSet): DaemonSet => ({ ...set, spec: { ...set.spec, template: dropDisabledTemplateFields(set.spec.template) } });
