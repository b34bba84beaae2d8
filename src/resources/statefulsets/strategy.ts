/** pkg/apis/apps/v1/defaults.go SetDefaults_StatefulSet and pkg/registry/apps/statefulset/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultClaimSpec, defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { nameWarnings } from '../pod-template/name-warning.js';
import { claimSpecWarnings, isNewSpec, podTemplateWarnings } from '../pod-template/warnings.js';
import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy, VolumeClaimTemplate } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<StatefulSet> = {
  defaults,
  prepareForCreate: (set) => ({ ...withoutDisabled(set), status: { availableReplicas: 0, replicas: 0 } }),
  prepareForUpdate: withoutDisabled,
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: (set, old) => [
    ...(old === undefined ? nameWarnings(set.metadata.name) : []),
    ...(isNewSpec(set, old) ? podTemplateWarnings(set.spec.template, 'spec.template') : []),
    // Upstream's path is another one when the set is updated.
    ...(set.spec.volumeClaimTemplates ?? []).flatMap(({ spec }, i) =>
      claimSpecWarnings(spec ?? {}, `spec.volumeClaimTemplates[${i}]${old === undefined ? '' : '.Spec'}`),
    ),
    ...((set.spec.revisionHistoryLimit ?? 0) < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ],
  hasGeneration: true,
  hasStatus: true,
};

function defaults(set: StatefulSet): StatefulSet {
  const given = (set.spec ?? {}) as StatefulSetSpec;
  const retention = given.persistentVolumeClaimRetentionPolicy;
  return {
    ...set,
    spec: {
      ...given,
      podManagementPolicy: given.podManagementPolicy || 'OrderedReady',
      updateStrategy: defaultUpdateStrategy(given.updateStrategy),
      persistentVolumeClaimRetentionPolicy: { ...retention, whenDeleted: retention?.whenDeleted || 'Retain', whenScaled: retention?.whenScaled || 'Retain' },
      ...(given.ordinals === undefined ? {} : { ordinals: { ...given.ordinals, start: given.ordinals.start ?? 0 } }),
      replicas: given.replicas ?? 1,
      revisionHistoryLimit: given.revisionHistoryLimit ?? 10,
      serviceName: given.serviceName ?? '',
      template: defaultPodTemplate(given.template),
      ...(given.volumeClaimTemplates === undefined ? {} : { volumeClaimTemplates: given.volumeClaimTemplates.map(defaultClaim) }),
    },
  };
}

/** A type given without rollingUpdate stays without; the partition is filled in where there is one. */
function defaultUpdateStrategy(given: StatefulSetUpdateStrategy = {}): StatefulSetUpdateStrategy {
  if (!given.type) return { ...given, type: 'RollingUpdate', rollingUpdate: { ...given.rollingUpdate, partition: given.rollingUpdate?.partition ?? 0 } };
  if (given.type !== 'RollingUpdate' || given.rollingUpdate === undefined) return given;
  return { ...given, rollingUpdate: { ...given.rollingUpdate, partition: given.rollingUpdate.partition ?? 0 } };
}

/** The templates are whole claims, and print as such. */
const defaultClaim = (claim: VolumeClaimTemplate): VolumeClaimTemplate => ({
  ...claim,
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { creationTimestamp: null, ...claim.metadata },
  spec: defaultClaimSpec((claim.spec ?? {}) as Parameters<typeof defaultClaimSpec>[0]) as NonNullable<VolumeClaimTemplate['spec']>,
  status: { ...claim.status, phase: claim.status?.phase || 'Pending' },
});

/** The gate MaxUnavailableStatefulSet is off. */
function withoutDisabled(set: StatefulSet): StatefulSet {
  const { maxUnavailable, ...rolling } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const spec = { ...set.spec, template: dropDisabledTemplateFields(set.spec.template) };
  return { ...set, spec: maxUnavailable === undefined ? spec : { ...spec, updateStrategy: { ...spec.updateStrategy, rollingUpdate: rolling } } };
}
