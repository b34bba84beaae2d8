/** The formats of names, labels and keys, with their texts: k8s.io/apimachinery/pkg/util/validation. Each returns what is wrong; none: valid. */

import {
  bodyOf,
  byteLength,
  checkFormat as check,
  DNS_SUBDOMAIN,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  masked,
  maxLengthText,
  regexText,
} from '../../api/dns-names.js';
import { labelValueErrors, qualifiedNameErrors } from '../../api/label-format.js';

export { dns1035Label, dnsLabel, dnsSubdomain, regexText } from '../../api/dns-names.js';

/** Checks a name. `prefix`: it is a generateName, so a trailing dash will be followed by more. */
export type NameCheck = (name: string, prefix: boolean) => readonly string[];

const VALID: readonly string[] = Object.freeze([]);

const DNS_SUBDOMAIN_UNDERSCORE = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;
const WILDCARD_SUBDOMAIN = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const ENV_NAME = /^[ -<>-~]+$/;

/** validation.InclusiveRangeError. */
export const inclusiveRangeText = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

export const dnsSubdomainWithUnderscore = (value: string): readonly string[] =>
  check(
    value,
    253,
    DNS_SUBDOMAIN_UNDERSCORE,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    ['example.com'],
    // Upstream shows the stricter expression.
    DNS_SUBDOMAIN,
  );

/** `*.example.com`, as in an Ingress host. */
export const wildcardSubdomain = (value: string): readonly string[] =>
  check(
    value,
    253,
    WILDCARD_SUBDOMAIN,
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    ['*.example.com'],
  );

/** A label or annotation key, an extended resource, a condition type: `[prefix/]name`. */
export function qualifiedName(value: string): readonly string[] {
  const slash = value.indexOf('/');
  const name = slash < 0 ? value : value.slice(slash + 1);
  if (name.length <= 63 && QUALIFIED_NAME_PART.test(name)) {
    if (slash < 0) return VALID;
    const prefix = value.slice(0, slash);
    if (prefix.length <= 253 && DNS_SUBDOMAIN.test(prefix)) return VALID;
  }
  return qualifiedNameErrors(value);
}

export const labelValue = (value: string): readonly string[] => (value.length <= 63 && LABEL_VALUE.test(value) ? VALID : labelValueErrors(value));

/** Keys of ConfigMaps and Secrets. */
export function configMapKey(value: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(value) > 253) problems.push(maxLengthText(253));
  if (!CONFIG_KEY.test(value))
    problems.push(
      regexText("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", bodyOf(CONFIG_KEY), 'key.name', 'KEY_NAME', 'key-name'),
    );
  if (value === '.') problems.push("must not be '.'");
  else if (value === '..') problems.push("must not be '..'");
  else if (value.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

/** The rule relaxed in 1.32: printable ASCII without `=` (IsRelaxedEnvVarName). */
export const envName = (value: string): readonly string[] =>
  ENV_NAME.test(value) ? VALID : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** Names of ports (IANA service names): all that apply, in this order (IsValidPortName). */
export function portName(value: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(value) > 15) problems.push(maxLengthText(15));
  if (!/^[-a-z0-9]+$/.test(value)) problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value !== '' && (value.startsWith('-') || value.endsWith('-'))) problems.push('must not begin or end with a hyphen');
  return problems;
}

export const portNumber = (value: number): readonly string[] => (value >= 1 && value <= 65535 ? VALID : [inclusiveRangeText(1, 65535)]);

/** At least what a URL path can hold (path.IsValidPathSegmentName). */
export function pathSegment(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  const problems: string[] = [];
  if (name.includes('/')) problems.push("may not contain '/'");
  if (name.includes('%')) problems.push("may not contain '%'");
  return problems;
}

export const nameIsSubdomain: NameCheck = (name, prefix) => dnsSubdomain(masked(name, prefix));
export const nameIsLabel: NameCheck = (name, prefix) => dnsLabel(masked(name, prefix));
export const nameIs1035Label: NameCheck = (name, prefix) => dns1035Label(masked(name, prefix));
/** RBAC kinds and others that take any path segment (path.ValidatePathSegmentName). */
export const nameIsPathSegment: NameCheck = (name, prefix) =>
  prefix ? [...(name.includes('/') ? ["may not contain '/'"] : []), ...(name.includes('%') ? ["may not contain '%'"] : [])] : pathSegment(name);

/** IsHTTPHeaderName. */
export const httpHeaderName = (value: string): readonly string[] =>
  /^[-A-Za-z0-9]+$/.test(value) ? VALID : [regexText("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name')];
