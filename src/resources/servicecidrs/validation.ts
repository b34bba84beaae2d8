/** pkg/apis/networking/validation/validation.go ValidateServiceCIDR. */
import { type FieldError, goSyntax, index, invalid, required } from '../../api/field.js';
import { parseCIDR } from '../../api/ip.js';
import { goBadValue } from '../meta/go/syntax.js';
import { strictCIDRProblems } from '../meta/ip.js';
import { FIELD_IMMUTABLE, goStrings, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ServiceCIDR } from './types.js';

export function validate({ metadata, spec }: ServiceCIDR): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  validateRanges(spec.cidrs ?? [], errors);
  return errors;
}

function validateRanges(cidrs: readonly string[], errors: FieldError[]): void {
  if (cidrs.length === 0) {
    errors.push(required('spec.cidrs', 'at least one CIDR required'));
    return;
  }
  if (cidrs.length > 2) {
    errors.push(invalid('spec.cidrs', goBadValue('networking.ServiceCIDRSpec', { cidrs }), 'may only hold up to 2 values'));
    return;
  }
  cidrs.forEach((cidr, i) => {
    for (const problem of strictCIDRProblems(cidr)) errors.push(invalid(index('spec.cidrs', i), cidr, problem));
  });
  const families = cidrs.map((cidr) => parseCIDR(cidr)?.ip.family);
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1])
    errors.push(invalid('spec.cidrs', goStrings(cidrs), 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'));
}

/** A second range, of the other family, may be added; none may change. */
export function validateUpdate(cidr: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(cidr.metadata, old.metadata, errors);
  const before = old.spec.cidrs ?? [];
  const now = cidr.spec.cidrs ?? [];
  const kept = now.length === before.length ? now : now.slice(0, 1);
  const isSecondAdded = before.length === 1 && now.length === 2;
  if (now.length !== before.length && !isSecondAdded) {
    errors.push(invalid('spec.cidrs', cidr.spec.cidrs === undefined ? goSyntax('[]string(nil)') : goStrings(now), FIELD_IMMUTABLE));
    return errors;
  }
  kept.forEach((range, i) => {
    if (range !== before[i]) errors.push(invalid(index('spec.cidrs', i), range, FIELD_IMMUTABLE));
  });
  if (isSecondAdded) validateRanges(now, errors);
  return errors;
}
