/** pkg/apis/admissionregistration/validation/validation.go, what the two webhook configurations share. */
import { duplicate, type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import type { ObjectMeta } from '../../api/object.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsSubdomain } from '../meta/names.js';
import { goStrings, validateObjectMeta } from '../meta/validation.js';
import { validateWebhookService, validateWebhookUrl } from './client-config.js';
import type { RuleWithOperations, Webhook } from './types.js';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
/** Of the v1 API: side effects must be declared harmless. */
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];

export function validateConfiguration(metadata: ObjectMeta, webhooks: readonly Webhook[]): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  const names = new Set<string>();
  webhooks.forEach((webhook, i) => {
    const path = index('webhooks', i);
    validateWebhook(webhook, path, errors);
    validateReviewVersions(webhook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`, errors);
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
  const choice = (field: 'failurePolicy' | 'matchPolicy' | 'sideEffects', supported: readonly string[]): void => {
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
  const { url, service } = webhook.clientConfig ?? {};
  const at = `${path}.clientConfig`;
  if ((url === undefined) === (service === undefined)) errors.push(required(at, 'exactly one of url or service is required'));
  else if (url !== undefined) validateWebhookUrl(url, `${at}.url`, errors);
  else validateWebhookService(service ?? {}, `${at}.service`, errors);
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
export function validateRule({ operations, apiGroups, apiVersions, resources, scope }: RuleWithOperations, path: string, errors: FieldError[]): void {
  const list = (values: readonly string[] | undefined, field: string): void => {
    if (!values?.length) errors.push(required(`${path}.${field}`));
    else if (values.length > 1 && values.includes('*'))
      errors.push(invalid(`${path}.${field}`, goStrings(values), `if '*' is present, must not specify other ${LIST_NAMES[field]}`));
  };
  list(apiGroups, 'apiGroups');
  list(apiVersions, 'apiVersions');
  apiVersions?.forEach((version, i) => {
    if (version === '') errors.push(required(index(`${path}.apiVersions`, i)));
  });
  if (!resources?.length) errors.push(required(`${path}.resources`));
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
  list(operations, 'operations');
  operations?.forEach((operation, i) => {
    if (!OPERATIONS.includes(operation)) errors.push(notSupported(index(`${path}.operations`, i), operation, OPERATIONS));
  });
}

const LIST_NAMES: Readonly<Record<string, string>> = { apiGroups: 'API groups', apiVersions: 'API versions', operations: 'operations' };

function validateReviewVersions(versions: readonly string[], path: string, errors: FieldError[]): void {
  if (versions.length === 0) errors.push(required(path, `must specify one of ${REVIEW_VERSIONS.join(', ')}`));
  else if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    errors.push(invalid(path, goStrings(versions), `must include at least one of ${REVIEW_VERSIONS.join(', ')}`));
}
