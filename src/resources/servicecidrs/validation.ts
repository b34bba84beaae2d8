/** pkg/apis/networking/validation/validation.go ValidateServiceCIDR. */
import { type FieldError, index, invalid, required } from '../../api/field.js';
import { containsIP, formatIP, parseCIDR } from '../../api/ip.js';
import { validateCIDR } from '../meta/ip.js';
import { goStrings, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ServiceCIDR } from './types.js';

export function validate({ metadata, spec }: ServiceCIDR): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length === 0) {
    errors.push(required('spec.cidrs', 'at least one CIDR required'));
    return errors;
  }
  if (cidrs.length > 2) {
    errors.push(invalid('spec', goStrings(cidrs), 'may only hold up to 2 values'));
    return errors;
  }
  const families = cidrs.map((cidr) => parseCIDR(cidr)?.ip.family);
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1])
    errors.push(invalid('spec', goStrings(cidrs), 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96'));
  cidrs.forEach((cidr, i) => {
    validateRange(cidr, index('spec.cidrs', i), errors);
  });
  return errors;
}

/** A new field, so the address must be the network's own, in canonical form. */
function validateRange(cidr: string, path: string, errors: FieldError[]): void {
  const range = parseCIDR(cidr);
  if (range === undefined) {
    validateCIDR(cidr, path, errors);
    return;
  }
  const bytes = range.ip.bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, range.bits - 8 * i))) & 0xff);
  const network = `${formatIP({ family: range.ip.family, bytes })}/${range.bits}`;
  if (!containsIP(range, { family: range.ip.family, bytes }) || network !== cidr) errors.push(invalid(path, cidr, `must be in canonical form ("${network}")`));
}

export function validateUpdate(cidr: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(cidr.metadata, old.metadata, errors);
  (old.spec.cidrs ?? []).forEach((before, i) => {
    validateImmutable(cidr.spec.cidrs?.[i], before, index('spec.cidrs', i), errors);
  });
  return errors;
}
