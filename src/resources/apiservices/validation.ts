/** kube-aggregator pkg/apis/apiregistration/validation/validation.go. */
import { type FieldError, invalid, required } from '../../api/field.js';
import type { NameCheck } from '../meta/names.js';
import { dns1035Label, dnsSubdomain, pathSegment, portNumber } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { APIService } from './types.js';

export function validate({ metadata, spec }: APIService): FieldError[] {
  const errors: FieldError[] = [];
  const groupVersion = `${spec.version ?? ''}.${spec.group ?? ''}`;
  const nameIsGroupVersion: NameCheck = (name) => {
    const problems = pathSegment(name);
    return name === groupVersion || problems.length > 0 ? problems : [`must be \`spec.version+"."+spec.group\`: "${groupVersion}"`];
  };
  validateObjectMeta(metadata, { namespaced: false, name: nameIsGroupVersion, qualifiedFinalizers: false }, errors);
  if (spec.group === undefined || spec.group === '') {
    if (spec.version !== 'v1') errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  } else for (const problem of dnsSubdomain(spec.group)) errors.push(invalid('spec.group', spec.group, problem));
  for (const problem of dns1035Label(spec.version ?? '')) errors.push(invalid('spec.version', spec.version ?? '', problem));
  const { groupPriorityMinimum: group = 0, versionPriority: version = 0 } = spec;
  if (group <= 0 || group > 20000) errors.push(invalid('spec.groupPriorityMinimum', group, 'must be positive and less than 20000'));
  if (version <= 0 || version > 1000) errors.push(invalid('spec.versionPriority', version, 'must be positive and less than 1000'));
  const { service } = spec;
  if (service === undefined) {
    if (spec.caBundle) errors.push(invalid('spec.caBundle', `${spec.caBundle.length} bytes`, 'local APIServices may not have a caBundle'));
    if (spec.insecureSkipTLSVerify) errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'));
    return errors;
  }
  if (!service.namespace) errors.push(required('spec.service.namespace'));
  if (!service.name) errors.push(required('spec.service.name'));
  for (const problem of portNumber(service.port ?? 443)) errors.push(invalid('spec.service.port', `${service.port ?? ''}`, `port is not valid: ${problem}`));
  if (spec.insecureSkipTLSVerify && spec.caBundle) errors.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
  return errors;
}

export function validateUpdate(service: APIService, old: APIService): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(service.metadata, old.metadata, errors, 'metadata', false);
  return [...errors, ...validate(service)];
}
