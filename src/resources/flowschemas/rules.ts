/** Which requests a FlowSchema matches: pkg/apis/flowcontrol/validation/validation.go ValidateFlowSchemaPolicyRulesWithSubjects. */
import { type FieldError, forbidden, index, invalid, notSupported, required } from '../../api/field.js';
import { dnsLabel, dnsSubdomain } from '../meta/names.js';
import { goStrings } from '../meta/validation.js';
import type { FlowRule, FlowSubject, NonResourceRule, ResourceRule } from './types.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** Each kind of subject has a field of its own, and none of the others'. */
const SUBJECTS = [
  { kind: 'ServiceAccount', field: 'serviceAccount' },
  { kind: 'User', field: 'user' },
  { kind: 'Group', field: 'group' },
] as const;

export function validateRule(rule: FlowRule, path: string, errors: FieldError[]): void {
  const subjects = rule.subjects ?? [];
  const resourceRules = rule.resourceRules ?? [];
  const nonResourceRules = rule.nonResourceRules ?? [];
  if (subjects.length === 0) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'));
  subjects.forEach((subject, i) => {
    validateSubject(subject, index(`${path}.subjects`, i), errors);
  });
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  resourceRules.forEach((rule, i) => {
    validateResourceRule(rule, index(`${path}.resourceRules`, i), errors);
  });
  nonResourceRules.forEach((rule, i) => {
    validateNonResourceRule(rule, index(`${path}.nonResourceRules`, i), errors);
  });
}

function validateSubject(subject: FlowSubject, path: string, errors: FieldError[]): void {
  const own = SUBJECTS.find(({ kind }) => kind === subject.kind);
  if (own === undefined) {
    errors.push(notSupported(`${path}.kind`, subject.kind ?? '', SUBJECTS.map(({ kind }) => kind).sort()));
    return;
  }
  const at = `${path}.${own.field}`;
  const given = subject[own.field];
  if (given === undefined) errors.push(required(at, `${own.field} is required when subject kind is '${own.kind}'`));
  else if (!given.name) errors.push(required(`${at}.name`));
  else if (own.field === 'serviceAccount' && given.name !== '*')
    for (const problem of dnsSubdomain(given.name)) errors.push(invalid(`${at}.name`, given.name, problem));
  if (own.field === 'serviceAccount' && given !== undefined) {
    const { namespace = '' } = subject.serviceAccount ?? {};
    if (namespace === '') errors.push(required(`${at}.namespace`, 'must specify namespace for service account'));
    else for (const problem of dnsLabel(namespace)) errors.push(invalid(`${at}.namespace`, namespace, problem));
  }
  for (const { kind, field } of SUBJECTS)
    if (kind !== own.kind && subject[field] !== undefined)
      errors.push(forbidden(`${path}.${field}`, `${field} is forbidden when subject kind is not '${kind}'`));
}

/** With `*` there is nothing else to name. */
function validateAll(values: readonly string[], path: string, what: string, errors: FieldError[]): void {
  if (values.length > 1 && values.includes('*')) errors.push(invalid(path, goStrings(values), `if '*' is present, must not specify other ${what}`));
}

function validateVerbs(verbs: readonly string[], path: string, errors: FieldError[]): void {
  if (verbs.length === 0) errors.push(required(path, 'verbs must contain at least one value'));
  else if (verbs.includes('*')) validateAll(verbs, path, 'verbs', errors);
  else if (!verbs.every((verb) => VERBS.includes(verb))) errors.push(notSupported(path, goStrings(verbs), VERBS));
}

function validateResourceRule(rule: ResourceRule, path: string, errors: FieldError[]): void {
  const verbs = rule.verbs ?? [];
  const apiGroups = rule.apiGroups ?? [];
  const resources = rule.resources ?? [];
  const namespaces = rule.namespaces ?? [];
  validateVerbs(verbs, `${path}.verbs`, errors);
  if (apiGroups.length === 0) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  validateAll(apiGroups, `${path}.apiGroups`, 'api groups', errors);
  if (resources.length === 0) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  validateAll(resources, `${path}.resources`, 'resources', errors);
  const at = `${path}.namespaces`;
  if (namespaces.length === 0 && rule.clusterScope !== true)
    errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'));
  validateAll(namespaces, at, 'namespaces', errors);
  if (namespaces.includes('*')) return;
  namespaces.forEach((namespace, i) => {
    for (const problem of dnsLabel(namespace))
      errors.push(invalid(index(at, i), namespace, `each member of this list must be '*' or a DNS-1123 label; ${problem}`));
  });
}

function validateNonResourceRule(rule: NonResourceRule, path: string, errors: FieldError[]): void {
  const nonResourceURLs = rule.nonResourceURLs ?? [];
  validateVerbs(rule.verbs ?? [], `${path}.verbs`, errors);
  const at = `${path}.nonResourceURLs`;
  if (nonResourceURLs.length === 0) errors.push(required(at, 'nonResourceURLs must contain at least one value'));
  validateAll(nonResourceURLs, at, 'non-resource URLs', errors);
  if (nonResourceURLs.includes('*')) return;
  nonResourceURLs.forEach((url, i) => {
    const problem = urlProblem(url);
    if (problem !== undefined) errors.push(invalid(index(at, i), url, problem));
  });
}

/** A star may stand for all that follows a slash, at the end. */
function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}
