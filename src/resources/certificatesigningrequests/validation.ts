/** pkg/apis/certificates/validation/validation.go. */

import { duplicate, type FieldError, goSyntax, index, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { isGivenEmpty } from '../../api/given.js';
import { parseRequest } from '../../api/pkcs10.js';
import { dnsLabel, dnsSubdomain } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from './types.js';

const USAGES = [
  ...['any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment', 'decipher only', 'digital signature'],
  ...['email protection', 'encipher only', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'key agreement', 'key encipherment', 'microsoft sgc'],
  ...['netscape sgc', 'ocsp signing', 's/mime', 'server auth', 'signing', 'timestamping'],
];
const MIN_SECONDS = 600;
const MAX_DOMAIN = 253;

export function validate({ metadata, spec, status }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, name: () => [] }, errors);
  const isNil = spec.request === '' && !isGivenEmpty(spec, 'request');
  const bytes = Buffer.from(spec.request ?? '', 'base64');
  const problem = parseRequest(bytes.toString()).error;
  if (problem !== undefined) errors.push(invalid('spec.request', goSyntax(isNil ? '[]byte(nil)' : goBytes(bytes)), problem));
  const usages = spec.usages ?? [];
  if (usages.length === 0) errors.push(required('spec.usages'));
  usages.forEach((usage, i) => {
    if (!USAGES.includes(usage)) errors.push(notSupported(index('spec.usages', i), usage, USAGES));
    if (usages.indexOf(usage) < i) errors.push(duplicate(index('spec.usages', i), usage));
  });
  validateSigner(spec.signerName ?? '', errors);
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < MIN_SECONDS)
    errors.push(invalid('spec.expirationSeconds', spec.expirationSeconds, `may not specify a duration less than ${MIN_SECONDS} seconds (10 minutes)`));
  validateConditions(status.conditions ?? [], errors);
  return errors;
}

export function validateUpdate(request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  const errors = validate(request);
  validateObjectMetaUpdate(request.metadata, old.metadata, errors);
  return errors;
}

const goBytes = (bytes: Buffer): string => `[]byte{${[...bytes].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`;

/** `example.com/name`; the domain a subdomain, the path labels or subdomains. */
function validateSigner(signer: string, errors: FieldError[]): void {
  const path = 'spec.signerName';
  if (signer === '') {
    errors.push(required(path, ''));
    return;
  }
  const [domain = '', name = '', ...more] = signer.split('/');
  if (!signer.includes('/') || more.length > 0) {
    errors.push(invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    return;
  }
  if (domain.length > MAX_DOMAIN) errors.push(tooLong(path, MAX_DOMAIN));
  validateParts(domain, dnsLabel, path, errors);
  if (!domain.includes('.')) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  validateParts(name, dnsSubdomain, path, errors);
  if (signer === 'kubernetes.io/legacy-unknown') errors.push(invalid(path, signer, 'the legacy signerName is not allowed via this API version'));
}

/** Nothing is said of what comes after the first part that is wrong. */
function validateParts(text: string, check: (value: string) => readonly string[], path: string, errors: FieldError[]): void {
  const wrong = text.split('.').find((part) => check(part).length > 0);
  if (wrong !== undefined) for (const problem of check(wrong)) errors.push(invalid(path, text, `validating label "${wrong}": ${problem}`));
}

export function validateConditions(conditions: readonly CertificateSigningRequestCondition[], errors: FieldError[]): void {
  const seen = new Set<string>();
  conditions.forEach(({ type, status }, i) => {
    const path = index('status.conditions', i);
    if (!type) errors.push(required(`${path}.type`));
    if (!status) errors.push(required(`${path}.status`));
    else if ((type === 'Approved' || type === 'Denied' || type === 'Failed') && status !== 'True')
      errors.push(notSupported(`${path}.status`, status, ['True']));
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved')))
      errors.push(invalid(`${path}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
  });
}
