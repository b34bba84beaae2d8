/** pkg/apis/admissionregistration/validation/validation.go, what the two webhook configurations share. */
import { duplicate, type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import type { ObjectMeta } from '../../api/object.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsSubdomain, pathSegment } from '../meta/names.js';
import { goStrings, validateObjectMeta } from '../meta/validation.js';
import { SOME_REVIEW_VERSION, validateReviewVersions, validateWebhookService, validateWebhookUrl } from './client-config.js';
import { validateMatchConditions } from './expressions.js';
import type { MatchResources, NamedRule, RuleWithOperations, Webhook } from './types.js';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
/** Of the v1 API: side effects must be declared harmless. */
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];

export function validateConfiguration(metadata: ObjectMeta, webhooks: readonly Webhook[]): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, qualifiedFinalizers: false }, errors);
  const names = new Set<string>();
  webhooks.forEach((webhook, i) => {
    const path = index('webhooks', i);
    validateWebhook(webhook, path, errors);
    const versions = webhook.admissionReviewVersions ?? [];
    if (versions.length === 0) errors.push(required(`${path}.admissionReviewVersions`, `must specify one of ${SOME_REVIEW_VERSION}`));
    else validateReviewVersions(versions, `${path}.admissionReviewVersions`, errors);
    if (webhook.name) {
      if (names.has(webhook.name)) errors.push(duplicate(`${path}.name`, webhook.name));
      names.add(webhook.name);
    }
  });
  return errors;
}

function validateWebhook(webhook: Webhook, path: string, errors: FieldError[]): void {
  validateFullyQualified(webhook.name ?? '', `${path}.name`, errors);
  webhook.rules?.forEach((rule, i) => {
    validateRule(rule, index(`${path}.rules`, i), errors);
  });
  const choice = (field: 'failurePolicy' | 'matchPolicy' | 'reinvocationPolicy' | 'sideEffects', supported: readonly string[]): void => {
    const value = webhook[field];
    if (value !== undefined && !supported.includes(value)) errors.push(notSupported(`${path}.${field}`, value, supported));
  };
  choice('failurePolicy', FAILURE_POLICIES);
  choice('matchPolicy', MATCH_POLICIES);
  if (webhook.sideEffects === undefined) errors.push(required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`));
  else choice('sideEffects', SIDE_EFFECTS);
  const seconds = webhook.timeoutSeconds ?? 10;
  if (seconds < 1 || seconds > 30) errors.push(invalid(`${path}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds'));
  validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`, errors);
  validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`, errors);
  choice('reinvocationPolicy', ['IfNeeded', 'Never']);
  const { url, service } = webhook.clientConfig ?? {};
  const at = `${path}.clientConfig`;
  if ((url === undefined) === (service === undefined)) errors.push(required(at, 'exactly one of url or service is required'));
  else if (url !== undefined) validateWebhookUrl(url, `${at}.url`, errors);
  else validateWebhookService(service ?? {}, `${at}.service`, errors);
  validateMatchConditions(webhook.matchConditions, false, `${path}.matchConditions`, errors);
}

function validateFullyQualified(name: string, path: string, errors: FieldError[]): void {
  if (name === '') errors.push(required(path));
  else {
    const problems = dnsSubdomain(name);
    for (const problem of problems) errors.push(invalid(path, name, problem));
    if (problems.length === 0 && name.split('.').length < 3)
      errors.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
  }
}

/** Which requests a webhook or policy is asked about. */
function validateRule({ operations, apiGroups, apiVersions, resources, scope }: RuleWithOperations, path: string, errors: FieldError[]): void {
  const list = (values: readonly string[] | undefined, field: string, type = 'string'): void => {
    if (!values?.length) errors.push(required(`${path}.${field}`));
    else if (values.length > 1 && values.includes('*'))
      errors.push(invalid(`${path}.${field}`, goStrings(values, type), `if '*' is present, must not specify other ${LIST_NAMES[field]}`));
  };
  list(operations, 'operations', 'admissionregistration.OperationType');
  operations?.forEach((operation, i) => {
    if (!OPERATIONS.includes(operation)) errors.push(notSupported(index(`${path}.operations`, i), operation, OPERATIONS));
  });
  list(apiGroups, 'apiGroups');
  list(apiVersions, 'apiVersions');
  apiVersions?.forEach((version, i) => {
    if (version === '') errors.push(required(index(`${path}.apiVersions`, i)));
  });
  validateResources(resources ?? [], `${path}.resources`, errors);
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
}

/** Of a policy or its binding. */
export function validateMatchResources(match: MatchResources, path: string, errors: FieldError[]): void {
  if (match.matchPolicy === undefined) errors.push(required(`${path}.matchPolicy`));
  else if (!MATCH_POLICIES.includes(match.matchPolicy)) errors.push(notSupported(`${path}.matchPolicy`, match.matchPolicy, MATCH_POLICIES));
  if (match.namespaceSelector === undefined) errors.push(required(`${path}.namespaceSelector`));
  else validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`, errors);
  if (match.objectSelector === undefined) errors.push(required(`${path}.objectSelector`));
  else validateLabelSelector(match.objectSelector, `${path}.objectSelector`, errors);
  match.resourceRules?.forEach((rule, i) => {
    validateNamedRule(rule, index(`${path}.resourceRules`, i), errors);
  });
  match.excludeResourceRules?.forEach((rule, i) => {
    validateNamedRule(rule, index(`${path}.excludeResourceRules`, i), errors);
  });
}

function validateNamedRule(rule: NamedRule, path: string, errors: FieldError[]): void {
  const names = rule.resourceNames ?? [];
  names.forEach((name, i) => {
    const at = index(`${path}.resourceNames`, i);
    for (const problem of pathSegment(name)) errors.push(invalid(at, name, problem));
    if (names.indexOf(name) < i) errors.push(duplicate(at, name));
  });
  validateRule(rule, path, errors);
}

/** `pods`, `pods/log`, and with stars for all. */
function validateResources(resources: readonly string[], path: string, errors: FieldError[]): void {
  if (resources.length === 0) errors.push(required(path));
  const allOf = new Set<string>();
  const ofAll = new Set<string>();
  let isPlainLast = false;
  resources.forEach((resource, i) => {
    if (resource === '') {
      errors.push(required(index(path, i)));
      return;
    }
    const [name = '', ...rest] = resource.split('/');
    if (rest.length === 0) {
      isPlainLast = resource !== '*';
      return;
    }
    const sub = rest.join('/');
    if (allOf.has(name)) errors.push(invalid(index(path, i), resource, `if '${name}/*' is present, must not specify ${resource}`));
    if (ofAll.has(sub)) errors.push(invalid(index(path, i), resource, `if '*/${sub}' is present, must not specify ${resource}`));
    if (sub === '*') allOf.add(name);
    if (name === '*') ofAll.add(sub);
  });
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(path, goStrings(resources), "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && isPlainLast)
    errors.push(invalid(path, goStrings(resources), "if '*' is present, must not specify other resources without subresources"));
}

const LIST_NAMES: Readonly<Record<string, string>> = { apiGroups: 'API groups', apiVersions: 'API versions', operations: 'operations' };
