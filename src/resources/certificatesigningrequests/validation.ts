/** pkg/apis/certificates/validation/validation.go. */

import { duplicate, type FieldError, forbidden, goSyntax, index, invalid, notSupported, required, tooLong } from '../../api/field.js';
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
/** A domain, and a path that may be a label and a subdomain. */
const MAX_SIGNER = 571;

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

/** What an endpoint may change besides metadata. */
interface Leave {
  readonly decisions?: boolean;
  readonly certificate?: boolean;
}

const DECISIONS = ['Approved', 'Denied'];

function validateChange(request: CertificateSigningRequest, old: CertificateSigningRequest, leave: Leave): FieldError[] {
  const errors = validate(request);
  const [certificate = '', before = ''] = [request.status.certificate, old.status.certificate];
  const problem = certificate === before || certificateProblem(before) !== undefined ? undefined : certificateProblem(certificate);
  if (problem !== undefined) errors.push(invalid('status.certificate', '<certificate data>', problem));
  const of = ({ status }: CertificateSigningRequest, type: string) => (status.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of [...DECISIONS, 'Failed'])
    if (of(request, type).length < of(old, type).length)
      errors.push(forbidden('status.conditions', `updates may not remove a condition of type ${JSON.stringify(type)}`));
  if (leave.decisions !== true)
    for (const type of DECISIONS)
      if (of(request, type).length > of(old, type).length)
        errors.push(forbidden('status.conditions', `updates may not add a condition of type ${JSON.stringify(type)}`));
  if (certificate !== before) {
    if (leave.certificate !== true) errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
    else if (before !== '') errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  }
  validateObjectMetaUpdate(request.metadata, old.metadata, errors);
  return errors;
}

/** PEM blocks of certificates and nothing else; what is in them is not looked at. */
function certificateProblem(base64: string): string | undefined {
  if (base64 === '') return undefined;
  const text = Buffer.from(base64, 'base64').toString();
  const blocks = [...text.matchAll(/^-----BEGIN ([^-]+)-----\s*\n([\s\S]*?)^-----END \1-----/gm)];
  for (const [, type = '', body = ''] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (body.includes(':')) return 'no PEM block headers are permitted';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}

export const validateApprovalUpdate = (request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] =>
  validateChange(request, old, { decisions: true });
export const validateStatusUpdate = (request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] =>
  validateChange(request, old, { certificate: true });

export const validateUpdate = (request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] => validateChange(request, old, {});

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
  if (signer.length > MAX_SIGNER) errors.push(tooLong(path, MAX_SIGNER));
  if (signer === 'kubernetes.io/legacy-unknown') errors.push(invalid(path, signer, 'the legacy signerName is not allowed via this API version'));
}

/** Nothing is said of what comes after the first part that is wrong. */
function validateParts(text: string, check: (value: string) => readonly string[], path: string, errors: FieldError[]): void {
  const wrong = text.split('.').find((part) => check(part).length > 0);
  if (wrong !== undefined) for (const problem of check(wrong)) errors.push(invalid(path, text, `validating label "${wrong}": ${problem}`));
}

function validateConditions(conditions: readonly CertificateSigningRequestCondition[], errors: FieldError[]): void {
  const seen = new Set<string>();
  conditions.forEach(({ type, status }, i) => {
    const path = index('status.conditions', i);
    if (!type) errors.push(required(`${path}.type`));
    const allowed = type === 'Failed' || DECISIONS.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (!status) errors.push(required(`${path}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${path}.status`, status, allowed));
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved')))
      errors.push(invalid(`${path}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
  });
}
