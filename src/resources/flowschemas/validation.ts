/** pkg/apis/flowcontrol/validation/validation.go ValidateFlowSchema. */
import { type FieldError, goQuote, goSyntax, index, invalid, notSupported, required } from '../../api/field.js';
import { dnsSubdomain } from '../meta/names.js';
import { validateObjectMeta } from '../meta/validation.js';
import { validateRule } from './rules.js';
import type { FlowSchema } from './types.js';

const MAX_PRECEDENCE = 10000;
const METHODS = ['ByNamespace', 'ByUser'];

export function validate({ metadata, spec }: FlowSchema): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  const precedence = spec.matchingPrecedence ?? 0;
  if (precedence <= 0) errors.push(invalid('spec.matchingPrecedence', precedence, 'must be a positive value'));
  if (precedence > MAX_PRECEDENCE) errors.push(invalid('spec.matchingPrecedence', precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  if (precedence === 1 && metadata.name !== 'exempt')
    errors.push(invalid('spec.matchingPrecedence', precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  const method = spec.distinguisherMethod?.type;
  if (method !== undefined && !METHODS.includes(method))
    errors.push(notSupported('spec.distinguisherMethod.type', goSyntax(`flowcontrol.FlowDistinguisherMethod{Type:${goQuote(method)}}`), METHODS));
  const name = spec.priorityLevelConfiguration?.name ?? '';
  if (name === '') errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  else for (const problem of dnsSubdomain(name)) errors.push(invalid('spec.priorityLevelConfiguration.name', name, problem));
  spec.rules?.forEach((rule, i) => {
    validateRule(rule, index('spec.rules', i), errors);
  });
  return errors;
}
