/** pkg/apis/admissionregistration/validation/validation.go ValidateValidatingAdmissionPolicyBinding. */
import { duplicate, type FieldError, forbidden, index, invalid, notSupported, required } from '../../api/field.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsSubdomain, pathSegment } from '../meta/names.js';
import { goStrings, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateMatchResources } from '../webhooks/validation.js';
import type { ValidatingAdmissionPolicyBinding } from './types.js';

const ACTIONS = ['Audit', 'Deny', 'Warn'];

export function validate({ metadata, spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, qualifiedFinalizers: false }, errors);
  if (!spec.policyName) errors.push(required('spec.policyName'));
  else for (const problem of dnsSubdomain(spec.policyName)) errors.push(invalid('spec.policyName', spec.policyName, problem));
  if (spec.paramRef !== undefined) {
    const { name, selector, parameterNotFoundAction: action } = spec.paramRef;
    const both = 'name and selector are mutually exclusive';
    if (name) {
      for (const problem of pathSegment(name)) errors.push(invalid('spec.paramRef.name', name, problem));
      if (selector !== undefined) errors.push(forbidden('spec.paramRef.name', both));
    }
    if (selector !== undefined) {
      validateLabelSelector(selector, 'spec.paramRef.selector', errors);
      if (name) errors.push(forbidden('spec.paramRef.selector', both));
    }
    if (!name && selector === undefined) errors.push(required('spec.paramRef', 'one of name or selector must be specified'));
    if (!action) errors.push(required('spec.paramRef.parameterNotFoundAction'));
    else if (action !== 'Allow' && action !== 'Deny') errors.push(notSupported('spec.paramRef.parameterNotFoundAction', action, ['Deny', 'Allow']));
  }
  if (spec.matchResources !== undefined) validateMatchResources(spec.matchResources, 'spec.matchResources', errors);
  const actions = spec.validationActions ?? [];
  if (actions.length === 0) errors.push(required('spec.validationActions', 'at least one validation action is required'));
  actions.forEach((action, i) => {
    const path = index('spec.validationActions', i);
    if (!ACTIONS.includes(action)) errors.push(notSupported(path, action, ACTIONS));
    if (actions.indexOf(action) < i) errors.push(duplicate(path, action));
  });
  if (actions.includes('Deny') && actions.includes('Warn'))
    errors.push(
      invalid(
        'spec.validationActions',
        goStrings(actions, 'admissionregistration.ValidationAction'),
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  return errors;
}

export function validateUpdate(binding: ValidatingAdmissionPolicyBinding, old: ValidatingAdmissionPolicyBinding): FieldError[] {
  const errors = validate(binding);
  validateObjectMetaUpdate(binding.metadata, old.metadata, errors);
  return errors;
}
