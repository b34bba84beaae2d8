/** What updates of a status are held to, where several kinds share it. */
import { duplicate, type FieldError, forbidden, index, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { parseIP } from '../../api/ip.js';
import { validateIP } from './ip.js';
import { validateLabelName } from './labels.js';
import { dnsSubdomain } from './names.js';
import { validateNonnegative } from './validation.js';

type Counts = object;
const countOf = (status: Counts, name: string): number | undefined => (status as Readonly<Record<string, number | undefined>>)[name];

/** None of them is negative. */
export function validateCounts(status: Counts, names: readonly string[], errors: FieldError[]): void {
  for (const name of names) validateNonnegative(countOf(status, name), `status.${name}`, errors);
}

/** None of them is more than `limit` says. */
export function validateAtMost(status: Counts, names: readonly string[], limit: string, detail: string, errors: FieldError[]): void {
  for (const name of names) {
    const count = countOf(status, name) ?? 0;
    if (count > (countOf(status, limit) ?? 0)) errors.push(invalid(`status.${name}`, count, detail));
  }
}

/** ValidateReplicaSetStatus, and that of ReplicationControllers. */
export function validateReplicaCounts(status: Counts, errors: FieldError[]): void {
  validateCounts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'], errors);
  validateAtMost(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], 'replicas', 'cannot be greater than status.replicas', errors);
  validateAtMost(status, ['availableReplicas'], 'readyReplicas', 'cannot be greater than readyReplicas', errors);
}

/** Collisions are not forgotten. */
export function validateCollisions(status: { readonly collisionCount?: number }, old: { readonly collisionCount?: number }, errors: FieldError[]): void {
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount)
    errors.push(invalid('status.collisionCount', status.collisionCount ?? 0, 'cannot be decremented'));
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

const STATUSES: readonly string[] = ['False', 'True', 'Unknown'];
const REASON = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const NO_REASON =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
const MAX_REASON = 1024;
const MAX_MESSAGE = 32 * 1024;

/** metav1validation.ValidateConditions. */
export function validateConditions(conditions: readonly Condition[], errors: FieldError[]): void {
  conditions.forEach(({ type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' }, i) => {
    const at = index('status.conditions', i);
    if (conditions.findIndex((other) => (other.type ?? '') === type) < i) errors.push(duplicate(`${at}.type`, type));
    validateLabelName(type, `${at}.type`, errors);
    if (!STATUSES.includes(status)) errors.push(notSupported(`${at}.status`, status, STATUSES));
    if (observedGeneration < 0) errors.push(invalid(`${at}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'));
    if (!lastTransitionTime) errors.push(required(`${at}.lastTransitionTime`, 'must be set'));
    if (reason === '') errors.push(required(`${at}.reason`, 'must be set'));
    else if (!REASON.test(reason)) errors.push(invalid(`${at}.reason`, reason, NO_REASON));
    if (reason.length > MAX_REASON) errors.push(tooLong(`${at}.reason`, MAX_REASON));
    if (message.length > MAX_MESSAGE) errors.push(tooLong(`${at}.message`, MAX_MESSAGE));
  });
}

interface Ingress {
  readonly ip?: string;
  readonly ipMode?: string;
  readonly hostname?: string;
}
const IP_MODES: readonly string[] = ['Proxy', 'VIP'];

/** ValidateLoadBalancerStatus; of Ingresses without modes. */
export function validateLoadBalancer(ingress: readonly Ingress[], hasModes: boolean, errors: FieldError[]): void {
  ingress.forEach(({ ip = '', ipMode, hostname = '' }, i) => {
    const at = index('status.loadBalancer.ingress', i);
    if (ip !== '') validateIP(ip, `${at}.ip`, errors);
    if (hasModes && ipMode === undefined) {
      if (ip !== '') errors.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'));
    } else if (hasModes && ip === '') errors.push(forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    else if (hasModes && !IP_MODES.includes(ipMode ?? '')) errors.push(notSupported(`${at}.ipMode`, ipMode, IP_MODES));
    if (hostname === '') return;
    for (const problem of dnsSubdomain(hostname)) errors.push(invalid(`${at}.hostname`, hostname, problem));
    if (parseIP(hostname) !== undefined) errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  });
}
