/** Labels, annotations and label selectors: apimachinery/pkg/apis/meta/v1/validation and pkg/api/validation/objectmeta.go. */
import { child, type FieldError, forbidden, index, invalid, required, tooLong } from '../../api/field.js';
import type { LabelSelector } from '../../api/selectors.js';
import { labelValue, qualifiedName } from './names.js';

const ANNOTATIONS_LIMIT = 256 * 1024;

export function validateLabelName(name: string, path: string, errors: FieldError[]): void {
  for (const problem of qualifiedName(name)) errors.push(invalid(path, name, problem));
}

/** Keys and values; the path has no key, the value printed is the offending key or value. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string, errors: FieldError[]): void {
  for (const key in labels) {
    validateLabelName(key, path, errors);
    const value = labels[key] as string;
    for (const problem of labelValue(value)) errors.push(invalid(path, value, problem));
  }
}

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string, errors: FieldError[]): void {
  let size = 0;
  for (const key in annotations) {
    // Upstream allows upper case in the prefix of an annotation key only.
    for (const problem of qualifiedName(key.toLowerCase())) errors.push(invalid(path, key, problem));
    size += Buffer.byteLength(key) + Buffer.byteLength(annotations[key] as string);
  }
  if (size > ANNOTATIONS_LIMIT) errors.push(tooLong(path, ANNOTATIONS_LIMIT));
}

/** Whether LabelSelectorAsSelector takes it. */
export function isLabelSelector(selector: LabelSelector | undefined): boolean {
  const errors: FieldError[] = [];
  validateLabelSelector(selector, '', errors);
  return errors.length === 0;
}

/** metav1validation.ValidateLabelSelector. `allowInvalidValues`: an old object already has values no label can have. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string, errors: FieldError[], allowInvalidValues = false): void {
  if (selector === undefined || selector === null) return;
  validateLabels(selector.matchLabels, child(path, 'matchLabels'), errors);
  selector.matchExpressions?.forEach((requirement, i) => {
    const at = index(child(path, 'matchExpressions'), i);
    const values = requirement.values ?? [];
    switch (requirement.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        break;
      default:
        errors.push(invalid(`${at}.operator`, requirement.operator ?? '', 'not a valid selector operator'));
    }
    validateLabelName(requirement.key ?? '', `${at}.key`, errors);
    if (!allowInvalidValues)
      values.forEach((value, j) => {
        for (const problem of labelValue(value)) errors.push(invalid(index(`${at}.values`, j), value, problem));
      });
  });
}
