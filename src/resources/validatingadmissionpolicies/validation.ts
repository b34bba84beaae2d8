/** pkg/apis/admissionregistration/validation/validation.go ValidateValidatingAdmissionPolicy; expressions are compiled, types are not checked. */
import { byteLength } from '../../api/bytes.js';
import { duplicate, type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import { type Declared, isCelIdentifier, type Type } from '../../cel/cel.js';
import { validateLabelName } from '../meta/labels.js';
import { dns1035Label, dnsSubdomain } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { declarations, objectOf, validateExpression, validateMatchConditions } from '../webhooks/expressions.js';
import { validateMatchResources } from '../webhooks/validation.js';
import type { ValidatingAdmissionPolicy, Validation } from './types.js';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

export function validate({ metadata, spec }: ValidatingAdmissionPolicy): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, qualifiedFinalizers: false }, errors);
  if (spec.failurePolicy === undefined) errors.push(required('spec.failurePolicy'));
  else if (!FAILURE_POLICIES.includes(spec.failurePolicy)) errors.push(notSupported('spec.failurePolicy', spec.failurePolicy, FAILURE_POLICIES));
  if (spec.paramKind !== undefined) validateParamKind(spec.paramKind, errors);
  if (spec.matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else {
    validateMatchResources(spec.matchConstraints, 'spec.matchConstraints', errors);
    if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'));
  }
  const hasParams = spec.paramKind !== undefined;
  validateMatchConditions(spec.matchConditions, hasParams, 'spec.matchConditions', errors);
  // Each may speak of those before it (composition.go); what is made of objects is of any type again.
  const known: Record<string, Type> = {};
  const withVariables = (declared: Declared): Declared =>
    spec.variables?.length ? { ...declared, variables: objectOf('kubernetes.variables', known) } : declared;
  spec.variables?.forEach(({ name = '', expression = '' }, i) => {
    const path = index('spec.variables', i);
    if (name.trim() === '') errors.push(required(`${path}.name`, 'name is not specified'));
    else if (!isCelIdentifier(name)) errors.push(invalid(`${path}.name`, name, 'name is not a valid CEL identifier'));
    if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
    else {
      const type = validateExpression(expression, withVariables(declarations(hasParams, true)), [], `${path}.expression`, errors);
      known[name] = type.kind === 'object' ? { kind: 'dyn' } : type;
    }
  });
  const names = withVariables(declarations(hasParams, true));
  const forMessages = withVariables(declarations(hasParams, false));
  if (!spec.validations?.length && !spec.auditAnnotations?.length) {
    errors.push(required('spec.validations', 'validations or auditAnnotations must contain at least one item'));
    errors.push(required('spec.auditAnnotations', 'validations or auditAnnotations must contain at least one item'));
    return errors;
  }
  spec.validations?.forEach((validation, i) => {
    validateValidation(validation, index('spec.validations', i), names, forMessages, errors);
  });
  validateAuditAnnotations(spec.auditAnnotations ?? [], metadata.name ?? '', names, errors);
  return errors;
}

function validateValidation(
  { expression = '', message = '', messageExpression = '', reason }: Validation,
  path: string,
  names: Declared,
  forMessages: Declared,
  errors: FieldError[],
): void {
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
  else validateExpression(expression, names, ['bool'], `${path}.expression`, errors);
  if (messageExpression !== '') {
    const at = `${path}.messageExpression`;
    if (messageExpression.trim() === '') errors.push(invalid(at, messageExpression, 'must be non-empty if specified'));
    else validateExpression(messageExpression, forMessages, ['string'], at, errors);
  }
  if (message !== '' && message.trim() === '') errors.push(invalid(`${path}.message`, message, 'message must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim())) errors.push(invalid(`${path}.message`, message, 'message must not contain line breaks'));
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, REASONS));
}

const MAX_ANNOTATION_EXPRESSION = 5 * 1024;

function validateAuditAnnotations(
  annotations: readonly { readonly key?: string; readonly valueExpression?: string }[],
  policy: string,
  names: Declared,
  errors: FieldError[],
): void {
  const keys = new Set<string>();
  annotations.forEach(({ key = '', valueExpression = '' }, i) => {
    const path = index('spec.auditAnnotations', i);
    if (policy !== '') validateLabelName(`${policy}/${key}`, `${path}.key`, errors);
    else errors.push(invalid(`${path}.key`, key, 'requires metadata.name be non-empty'));
    const text = valueExpression.trim();
    const at = `${path}.valueExpression`;
    if (text === '') errors.push(required(at, 'valueExpression is not specified'));
    else if (byteLength(text) > MAX_ANNOTATION_EXPRESSION) errors.push(required(at, `must not exceed ${MAX_ANNOTATION_EXPRESSION} bytes in length`));
    else validateExpression(text, names, ['string', 'null_type'], at, errors, valueExpression);
    if (keys.has(key)) errors.push(duplicate(`${path}.key`, key));
    keys.add(key);
  });
}

function validateParamKind({ apiVersion = '', kind = '' }: { readonly apiVersion?: string; readonly kind?: string }, errors: FieldError[]): void {
  const at = 'spec.paramKind.apiVersion';
  const parts = apiVersion.split('/');
  if (apiVersion === '') errors.push(required(at));
  else if (parts.length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const [version, group] = [parts.at(-1) ?? '', parts.length > 1 ? (parts[0] as string) : ''];
    if (group !== '') reject(dnsSubdomain(group), at, group, '', errors);
    if (version === '') errors.push(invalid(at, apiVersion, 'version must be specified'));
    else reject(dns1035Label(version), at, version, '', errors);
  }
  if (kind === '') errors.push(required('spec.paramKind.kind'));
  else reject(dns1035Label(kind.toLowerCase()), 'spec.paramKind.kind', kind, 'may have mixed case, but should otherwise match: ', errors);
}

function reject(problems: readonly string[], path: string, value: string, prefix: string, errors: FieldError[]): void {
  if (problems.length > 0) errors.push(invalid(path, value, `${prefix}${problems.join(',')}`));
}

export function validateUpdate(policy: ValidatingAdmissionPolicy, old: ValidatingAdmissionPolicy): FieldError[] {
  const errors = validate(policy);
  validateObjectMetaUpdate(policy.metadata, old.metadata, errors);
  return errors;
}
