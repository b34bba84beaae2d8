/**
 * ValidatingAdmissionPolicy: what policies in CEL say of a request (k8s.io/apiserver/pkg/admission/plugin/policy/validating dispatcher.go
 * and validator.go, policy/matching, policy/generic). Of an object's versions only the stored one is matched; there is no audit log.
 */
import { forbidden, StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { type LabelSelector, matchesSelector, selectorOf } from '../../api/selectors.js';
import type { Api, ResourceId } from '../../api/verbs.js';
import { CelError, compileCel, fromJson, LazyMap, type Value, type Variables } from '../../cel/cel.js';
import type { ValidatingAdmissionPolicy } from '../../resources/validatingadmissionpolicies/types.js';
import type { ValidatingAdmissionPolicyBinding } from '../../resources/validatingadmissionpolicybindings/types.js';
import type { MatchResources, NamedRule } from '../../resources/webhooks/types.js';
import { ADMINISTRATOR } from '../authorization/user.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';

const GROUP = 'admissionregistration.k8s.io';
const BINDINGS = `validatingadmissionpolicybindings.${GROUP}`;
const POLICIES = `validatingadmissionpolicies.${GROUP}`;
/** What could lock everybody out of changing it. */
export const EXEMPT: ReadonlySet<ResourceId> = new Set([
  BINDINGS,
  POLICIES,
  ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'].map(
    (name) => `${name}.${GROUP}`,
  ),
]);

/** One request, as policies and webhooks see it. */
export interface Request {
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly attributes: Attributes;
  readonly namespace: KubeObject | undefined;
  readonly api: Api;
}

export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: ['*'],
  validate(object, old, attributes, { api }) {
    const bindings = api.list<ValidatingAdmissionPolicyBinding>(BINDINGS);
    if (bindings.length === 0 || EXEMPT.has(attributes.id)) return;
    const request = requestFor(object, old, attributes, api);
    const denials: Denial[] = [];
    for (const policy of api.list<ValidatingAdmissionPolicy>(POLICIES)) {
      const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
      if (bound.length === 0 || !matches(policy.spec.matchConstraints ?? {}, request)) continue;
      for (const binding of bound) if (matches(binding.spec.matchResources ?? {}, request)) denials.push(...judge(policy, binding, request));
    }
    const [first] = denials;
    if (first !== undefined) throw denied(first, object ?? old, attributes);
  },
};

export function requestFor(object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes, api: Api): Request {
  const { key, id } = attributes;
  const namespace = key.namespace === '' || id === 'namespaces' ? undefined : api.get<KubeObject>('namespaces', { namespace: '', name: key.namespace });
  return { object, old, attributes, namespace, api };
}

interface Denial {
  readonly message: string;
  readonly reason?: string;
}

function denied({ message, reason = 'Invalid' }: Denial, object: KubeObject | undefined, { id, key }: Attributes): StatusError {
  const { status } = forbidden(id, key.name || (object?.metadata.name ?? ''), message);
  return new StatusError({ ...status, reason, details: { ...status.details, causes: [{ message }] }, code: CODES[reason] ?? 422 });
}
const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

/** What the binding's actions leave of what the policy finds. */
function judge(policy: ValidatingAdmissionPolicy, binding: ValidatingAdmissionPolicyBinding, request: Request): readonly Denial[] {
  const about = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  const isStrict = policy.spec.failurePolicy !== 'Ignore';
  const denials: Denial[] = [];
  const params = paramsOf(policy, binding, request);
  if (typeof params === 'string') return isStrict ? [{ message: `${about} denied request: failed to configure binding: ${params}` }] : [];
  for (const param of params) {
    for (const { message, reason } of evaluate(policy, param, request, isStrict)) {
      const { warn } = request.attributes.options;
      if (binding.spec.validationActions?.includes('Warn')) warn?.(`Validation failed for ${about}: ${message}`);
      if (binding.spec.validationActions?.includes('Deny'))
        denials.push({ message: `${about} denied request: ${message}`, ...(reason === undefined ? {} : { reason }) });
    }
  }
  return denials;
}

type Outcome = { readonly value: Value } | { readonly error: string };

function evaluate(policy: ValidatingAdmissionPolicy, param: KubeObject | undefined, request: Request, isStrict: boolean): readonly Denial[] {
  const { spec } = policy;
  const variables = variablesOf(policy, param, request);
  const run = (expression: string): Outcome => outcome(expression, variables);
  const errors: string[] = [];
  for (const { expression } of spec.matchConditions ?? []) {
    const result = run(expression);
    if ('error' in result) errors.push(result.error);
    else if (result.value === false) return [];
  }
  if (errors.length > 0) return isStrict ? [{ message: errors.length === 1 ? (errors[0] as string) : `[${errors.join(', ')}]` }] : [];
  const denials: Denial[] = [];
  for (const { expression, message = '', messageExpression, reason } of spec.validations ?? []) {
    const result = run(expression);
    if ('error' in result) {
      if (isStrict) denials.push({ message: result.error });
    } else if (result.value !== true) {
      const said = messageExpression === undefined ? undefined : run(messageExpression);
      const own = said !== undefined && 'value' in said && typeof said.value === 'string' ? said.value.trim() : '';
      const text = (own.includes('\n') ? '' : own) || message.trim() || `failed expression: ${expression.trim()}`;
      denials.push({ message: text, ...(reason === undefined ? {} : { reason }) });
    }
  }
  for (const { valueExpression } of spec.auditAnnotations ?? []) {
    const result = run(valueExpression);
    if ('error' in result && isStrict) denials.push({ message: result.error });
  }
  return denials;
}

function outcome(expression: string, variables: Variables): Outcome {
  const program = compileCel(expression, Object.keys(variables));
  if ('problem' in program) return { error: program.problem };
  try {
    return { value: program.run(variables) };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error: `expression '${expression}' resulted in error: ${error.message}` };
  }
}

/** Undefined: all conditions hold. False: one does not. Else why that cannot be told (webhook/matchconditions matcher.go). */
export function brokenConditions(conditions: readonly { readonly expression: string }[], request: Request): string | false | undefined {
  const variables = variablesOf({ spec: {} } as ValidatingAdmissionPolicy, undefined, request);
  const errors: string[] = [];
  for (const { expression } of conditions) {
    const result = outcome(expression, variables);
    if ('error' in result) errors.push(result.error);
    else if (result.value !== true) return false;
  }
  return errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
}

function variablesOf(policy: ValidatingAdmissionPolicy, param: KubeObject | undefined, request: Request): Variables {
  const { object, old, namespace } = request;
  const outer: Variables = {
    object: () => fromJson(object),
    oldObject: () => fromJson(old),
    request: () => fromJson(requestOf(request)),
    namespaceObject: () => fromJson(namespace),
    ...(policy.spec.paramKind === undefined ? {} : { params: () => fromJson(param) }),
    authorizer: () => {
      throw new CelError('the authorizer is not available to expressions here');
    },
  };
  const composed = new LazyMap(
    (policy.spec.variables ?? []).map(({ name, expression }) => [
      name,
      () => {
        const result = outcome(expression, { ...outer, variables: composed });
        if ('value' in result) return result.value;
        const why = result.error.replace(`expression '${expression}' resulted in error: `, '');
        throw new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${why}`);
      },
    ]),
  );
  return { ...outer, variables: composed };
}

/** admission.k8s.io AdmissionRequest. */
function requestOf({ object, old, attributes }: Request): object {
  const { operation, key, resource, subresource, options } = attributes;
  const { group, version, plural } = resource.names;
  const kind = attributes.kind ?? { group, version, kind: resource.names.kind };
  const { name: username, groups } = options.user ?? ADMINISTRATOR;
  return {
    uid: (object ?? old)?.metadata?.uid ?? '',
    kind: { group: kind.group, version: kind.version, kind: kind.kind },
    resource: { group, version, resource: plural },
    subResource: subresource,
    requestKind: { group: kind.group, version: kind.version, kind: kind.kind },
    requestResource: { group, version, resource: plural },
    requestSubResource: subresource,
    name: key.name,
    namespace: key.namespace,
    operation,
    userInfo: { username, groups },
    dryRun: options.dryRun === true,
  };
}

/** The objects of paramKind that the binding names; what is wrong with it. */
function paramsOf(
  { spec }: ValidatingAdmissionPolicy,
  { spec: binding }: ValidatingAdmissionPolicyBinding,
  request: Request,
): readonly (KubeObject | undefined)[] | string {
  const { paramKind } = spec;
  const { paramRef } = binding;
  if (paramKind === undefined || paramRef === undefined) return [undefined];
  const id = resourceOf(paramKind, request.api);
  const { name, selector, namespace = request.attributes.key.namespace } = paramRef;
  const parsed = selectorOf(selector);
  const isHere = ({ metadata }: KubeObject): boolean => metadata.namespace === undefined || metadata.namespace === namespace;
  const found = request.api
    .list<KubeObject>(id)
    .filter((one) => isHere(one) && (name ? one.metadata.name === name : parsed !== undefined && matchesSelector(parsed, one.metadata.labels)));
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny') return 'no params found for policy binding with `Deny` parameterNotFoundAction';
  return found;
}

/** `ConfigMap` of `v1`: `configmaps`; a custom kind by its definition. */
function resourceOf({ apiVersion = '', kind = '' }: { readonly apiVersion?: string; readonly kind?: string }, api: Api): ResourceId {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
  const definitions = api.list<KubeObject & { readonly spec: { readonly group: string; readonly names: { readonly kind: string; readonly plural: string } } }>(
    'customresourcedefinitions.apiextensions.k8s.io',
  );
  const custom = definitions.find(({ spec }) => spec.group === group && spec.names.kind === kind);
  const plural =
    custom?.spec.names.plural ??
    `${kind
      .toLowerCase()
      .replace(/y$/, 'ie')
      .replace(/(s|x|ch|sh)$/, '$1e')}s`;
  return group === '' ? plural : `${plural}.${group}`;
}

export function matches(match: MatchResources, { object, old, attributes, namespace }: Request): boolean {
  const { resourceRules = [], excludeResourceRules = [] } = match;
  const applies = (rule: NamedRule): boolean => ruleApplies(rule, attributes);
  if (excludeResourceRules.some(applies) || (resourceRules.length > 0 && !resourceRules.some(applies))) return false;
  const labelled = (selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean =>
    matchesSelector(selectorOf(selector ?? {}) ?? [], labels);
  const { namespaceSelector, objectSelector } = match;
  if (attributes.id === 'namespaces') {
    if (!labelled(namespaceSelector, (object ?? old)?.metadata.labels)) return false;
  } else if (namespace !== undefined && !labelled(namespaceSelector, namespace.metadata.labels)) return false;
  if (Object.keys(objectSelector ?? {}).length === 0) return true;
  // What has no metadata (PodExecOptions) has no labels to go by.
  return [object, old].some((one) => one?.metadata !== undefined && labelled(objectSelector, one.metadata.labels));
}

const among = (list: readonly string[] | undefined, value: string): boolean => list?.some((one) => one === '*' || one === value) === true;

function ruleApplies(rule: NamedRule, { operation, resource, subresource, key }: Attributes): boolean {
  const { group, version, plural, namespaced } = resource.names;
  if (!among(rule.operations, operation) || !among(rule.apiGroups, group) || !among(rule.apiVersions, version)) return false;
  if (rule.scope !== undefined && rule.scope !== '*' && (rule.scope === 'Namespaced') !== namespaced) return false;
  if (rule.resourceNames !== undefined && rule.resourceNames.length > 0 && !rule.resourceNames.includes(key.name)) return false;
  return (
    rule.resources?.some((pattern) => {
      const [name = '', sub = ''] = pattern.split('/');
      return (name === '*' || name === plural) && (sub === '*' || sub === subresource);
    }) === true
  );
}
