/** pkg/apis/apps/validation/validation.go ValidateStatefulSet and ValidateStatefulSetUpdate, errors in its order. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateAnnotations, validateLabels } from '../meta/labels.js';
import { dnsLabel, nameIsLabel } from '../meta/names.js';
import { validateAtMost, validateCollisions, validateCounts } from '../meta/status.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { invalidSelector, validateSelector, validateTemplateLabels } from '../pod-template/workloads.js';
import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from './types.js';

const POLICIES: readonly string[] = ['Retain', 'Delete'];
const UPDATE_FORBIDDEN =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

export function validate({ metadata, spec }: StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true, name: nameIsLabel }, errors);
  validateSpec(spec, 'spec', errors, true);
  return errors;
}

export function validateUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(set.metadata, old.metadata, errors);
  validateSpec(set.spec, 'spec', errors);
  if (!isSemanticEqual(fixedPart(set.spec), fixedPart(old.spec))) errors.push(forbidden('spec', UPDATE_FORBIDDEN));
  return errors;
}

/** What no update may change. */
function fixedPart({ selector, volumeClaimTemplates, serviceName, podManagementPolicy }: StatefulSetSpec): object {
  return { selector, volumeClaimTemplates, serviceName, podManagementPolicy };
}

/** `isNew`: the name of the service is looked at; later it cannot change. */
function validateSpec(spec: StatefulSetSpec, at: string, errors: FieldError[], isNew = false): void {
  const { podManagementPolicy = '', persistentVolumeClaimRetentionPolicy: retention, template } = spec;
  if (podManagementPolicy === '') errors.push(required(`${at}.podManagementPolicy`));
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(invalid(`${at}.podManagementPolicy`, podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  validateUpdateStrategy(spec.updateStrategy ?? {}, `${at}.updateStrategy`, errors);
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const policy = retention?.[when];
    if (retention !== undefined && !POLICIES.includes(policy ?? ''))
      errors.push(notSupported(`${at}.persistentVolumeClaimRetentionPolicy.${when}`, policy ?? '', POLICIES));
  }
  validateNonnegative(spec.replicas, `${at}.replicas`, errors);
  validateNonnegative(spec.minReadySeconds, `${at}.minReadySeconds`, errors);
  validateNonnegative(spec.ordinals?.start, `${at}.ordinals.start`, errors);
  if (isNew && spec.serviceName) for (const problem of dnsLabel(spec.serviceName)) errors.push(invalid(`${at}.serviceName`, spec.serviceName, problem));
  if (validateSelector(spec.selector, `${at}.selector`, 'statefulset', errors)) {
    validateTemplateLabels(spec.selector, template, `${at}.template.metadata.labels`, errors);
    // The pod's spec is not looked at: what is wrong with it shows when a pod is created.
    if (template.metadata?.labels) validateLabels(template.metadata.labels, `${at}.template.labels`, errors);
    if (template.metadata?.annotations) validateAnnotations(template.metadata.annotations, `${at}.template.annotations`, errors);
  } else errors.push(invalidSelector(spec.selector, `${at}.selector`, ''));
  const policy = template.spec?.restartPolicy ?? '';
  if (policy !== 'Always') errors.push(notSupported(`${at}.template.spec.restartPolicy`, policy, ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${at}.template.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in StatefulSet is not Supported'));
}

function validateUpdateStrategy({ type = '' as 'OnDelete', rollingUpdate }: StatefulSetUpdateStrategy, at: string, errors: FieldError[]): void {
  switch (type as string) {
    case '':
      errors.push(required(at));
      break;
    case 'OnDelete':
      if (rollingUpdate !== undefined)
        errors.push(
          invalid(`${at}.rollingUpdate`, goBadValue('apps.RollingUpdateStatefulSetStrategy', rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'"),
        );
      break;
    case 'RollingUpdate':
      validateNonnegative(rollingUpdate?.partition, `${at}.rollingUpdate.partition`, errors);
      break;
    default:
      errors.push(invalid(at, goBadValue('apps.StatefulSetUpdateStrategy', { type, rollingUpdate }), "must be 'RollingUpdate' or 'OnDelete'"));
  }
}

export function validateStatusUpdate({ status = {} }: StatefulSet, { status: old = {} }: StatefulSet): FieldError[] {
  const errors: FieldError[] = [];
  const replicas = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];
  validateCounts(status, ['replicas', ...replicas, 'observedGeneration', 'collisionCount'], errors);
  validateAtMost(status, replicas, 'replicas', 'cannot be greater than status.replicas', errors);
  validateAtMost(status, ['availableReplicas'], 'readyReplicas', 'cannot be greater than status.readyReplicas', errors);
  validateCollisions(status, old, errors);
  return errors;
}
