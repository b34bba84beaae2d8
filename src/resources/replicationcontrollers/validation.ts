/** pkg/apis/core/validation/validation.go ValidateReplicationController, errors in its order. */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import { goFieldValue } from '../meta/go/syntax.js';
import { validateReplicaCounts } from '../meta/status.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validatePodTemplate } from '../pod-template/validation.js';
import type { ReplicationController, ReplicationControllerSpec } from './types.js';

export function validate({ metadata, spec }: ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(controller: ReplicationController, old: ReplicationController): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(controller);
  validateObjectMetaUpdate(controller.metadata, old.metadata, errors);
  validateSpec(controller.spec, 'spec', errors);
  return errors;
}

function validateSpec({ minReadySeconds, selector, replicas, template }: ReplicationControllerSpec, at: string, errors: FieldError[]): void {
  validateNonnegative(minReadySeconds, `${at}.minReadySeconds`, errors);
  const parsed = selectorOf({ matchLabels: selector ?? {} }) ?? [];
  if (parsed.length === 0) errors.push(required(`${at}.selector`));
  if (replicas === undefined) errors.push(required(`${at}.replicas`));
  validateNonnegative(replicas, `${at}.replicas`, errors);
  if (template === undefined) {
    errors.push(required(`${at}.template`));
    return;
  }
  const labels = template.metadata?.labels;
  if (parsed.length > 0 && !matchesSelector(parsed, labels))
    errors.push(
      invalid(`${at}.template.metadata.labels`, goFieldValue(template.metadata, 'labels', 'map[string]string'), '`selector` does not match template `labels`'),
    );
  validatePodTemplate(template, `${at}.template`, errors);
  const policy = template.spec?.restartPolicy ?? '';
  if (policy !== 'Always') errors.push(notSupported(`${at}.template.spec.restartPolicy`, policy, ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${at}.template.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in ReplicationController is not Supported'));
}

export function validateStatusUpdate({ status = {} }: ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  validateReplicaCounts(status, errors);
  return errors;
}
