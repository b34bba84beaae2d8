/** What the rules of all workload kinds share: parts of pkg/apis/apps/validation/validation.go and pkg/apis/core/validation/validation.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { type BadValue, type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { type LabelSelector, matchesSelector, selectorOf } from '../../api/selectors.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { validateLabelSelector } from '../meta/labels.js';
import { regexText } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateNonnegative } from '../meta/validation.js';
import type { IntOrString, PodTemplateSpec } from './types.js';
import { validatePodTemplate } from './validation.js';

export const goSelector = (selector: LabelSelector | undefined): BadValue => goBadValue('*LabelSelector', selector);
export const goIntOrString = (value: IntOrString): BadValue => goBadValue('intstr.IntOrString', value);

/** ValidatePositiveIntOrPercent. */
export function validateIntOrPercent(value: IntOrString | undefined, path: string, errors: FieldError[]): void {
  if (typeof value === 'string') {
    if (!/^[0-9]+%$/.test(value))
      errors.push(
        invalid(path, goIntOrString(value), regexText("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%')),
      );
  } else validateNonnegative(value, path, errors);
}

/** IsNotMoreThan100Percent. */
export function validateAtMost100Percent(value: IntOrString | undefined, path: string, errors: FieldError[]): void {
  if (typeof value === 'string' && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100)
    errors.push(invalid(path, goIntOrString(value), 'must not be greater than 100%'));
}

/** The number, or the number before the percent sign. */
export const plainValue = (value: IntOrString | undefined): number =>
  typeof value === 'string' ? (/^[0-9]+%?$/.test(value) ? Number.parseInt(value, 10) : 0) : (value ?? 0);

/** A required selector that is not empty and can be parsed; false: the template cannot be checked against it. */
export function validateSelector(selector: LabelSelector | undefined, path: string, kind: string, errors: FieldError[]): boolean {
  if (selector === undefined || selector === null) {
    errors.push(required(path));
    return true;
  }
  const before = errors.length;
  validateLabelSelector(selector, path, errors);
  const isUsable = errors.length === before;
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0)
    errors.push(invalid(path, goSelector(selector), `empty selector is invalid for ${kind}`));
  return isUsable;
}

/** LabelSelectorAsSelector failed. */
export const invalidSelector = (selector: LabelSelector | undefined, path: string, detail = 'invalid label selector'): FieldError =>
  invalid(path, goSelector(selector), detail);

/** An absent selector matches nothing, so no template matches it; an empty one is not looked at. */
export function validateTemplateLabels(selector: LabelSelector | undefined, template: PodTemplateSpec, path: string, errors: FieldError[]): void {
  const parsed = selectorOf(selector);
  const labels = template.metadata?.labels;
  if (parsed !== undefined && (parsed.length === 0 || matchesSelector(parsed, labels))) return;
  errors.push(invalid(path, goFieldValue(template.metadata, 'labels', 'map[string]string'), '`selector` does not match template `labels`'));
}

/** ValidatePodTemplateSpecForReplicaSet; StatefulSets and DaemonSets ask the same with another name in the text. */
export function validateAlwaysRunningTemplate(template: PodTemplateSpec, path: string, kind: string, errors: FieldError[]): void {
  validatePodTemplate(template, path, errors);
  const policy = template.spec?.restartPolicy ?? '';
  if (policy !== 'Always') errors.push(notSupported(`${path}.spec.restartPolicy`, policy, ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`));
}

/** ValidateImmutableField of a selector. */
export function validateSameSelector(selector: LabelSelector | undefined, old: LabelSelector | undefined, path: string, errors: FieldError[]): void {
  if (!isSemanticEqual(selector, old)) errors.push(invalid(path, goSelector(selector), FIELD_IMMUTABLE));
}
