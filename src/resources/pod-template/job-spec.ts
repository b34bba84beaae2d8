/** JobSpec, as Jobs and CronJobs have it: validateJobSpec of pkg/apis/batch/validation/validation.go, errors in its order. */
import { duplicate, type FieldError, goQuote, index, invalid, invalidWithoutValue, notSupported, required, tooLong, tooMany } from '../../api/field.js';
import type { JobSpec, OnExitCodesRequirement, OnPodConditionsPattern, PodFailurePolicyRule, SuccessPolicyRule } from '../jobs/types.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { dnsSubdomain, qualifiedName } from '../meta/names.js';
import { validateNonnegative } from '../meta/validation.js';
import { checkIndexes } from './indexes.js';
import { validatePodTemplate } from './validation.js';

const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;
const COMPLETIONS_SOFT_LIMIT = 100_000;
const HIGH_COMPLETIONS_PARALLELISM = 10_000;
const HIGH_COMPLETIONS_FAILED = 10_000;
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_PATTERNS = 20;
const MAX_SUCCEEDED_INDEXES = 64 * 1024;
const MAX_MANAGED_BY = 63;
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const STATUSES = ['False', 'True', 'Unknown'];
const OPERATORS = ['In', 'NotIn'];

/** Go's %q of a list. */
const goList = (values: readonly string[]): string => `[${values.map(goQuote).join(' ')}]`;

export function validateJobSpec(spec: JobSpec, at: string, errors: FieldError[]): void {
  for (const field of ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex'] as const)
    validateNonnegative(spec[field], `${at}.${field}`, errors);
  validateNonnegative(spec.maxFailedIndexes, `${at}.maxFailedIndexes`, errors);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (spec.managedBy !== undefined) validateManagedBy(spec.managedBy, `${at}.managedBy`, errors);
  validateCompletionMode(spec, at, errors);
  if (spec.podFailurePolicy !== undefined) validateFailurePolicy(spec, `${at}.podFailurePolicy.rules`, errors);
  if (spec.successPolicy !== undefined) validateSuccessPolicy(spec, `${at}.successPolicy`, errors);
  validateReplacementPolicy(spec, `${at}.podReplacementPolicy`, errors);
  validatePodTemplate(spec.template, `${at}.template`, errors);
  const policy = spec.template.spec?.restartPolicy ?? '';
  const where = `${at}.template.spec.restartPolicy`;
  if (policy === 'Always' || (policy as string) === '') errors.push(required(where, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(notSupported(where, policy, ['OnFailure', 'Never']));
  else if (spec.podFailurePolicy !== undefined && policy !== 'Never')
    errors.push(invalid(where, policy, 'only "Never" is supported when podFailurePolicy is specified'));
}

function validateManagedBy(name: string, at: string, errors: FieldError[]): void {
  const slash = name.indexOf('/');
  const [domain, path] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  if (name === '') errors.push(required(at));
  else if (domain === '' || path === '') errors.push(invalid(at, name, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else {
    for (const problem of dnsSubdomain(domain)) errors.push(invalid(at, domain, problem));
    if (!new RegExp(`^${HTTP_PATH}$`).test(path)) errors.push(invalid(at, path, `Invalid path (regex used for validation is '${HTTP_PATH}')`));
  }
  if (name.length > MAX_MANAGED_BY) errors.push(tooLong(at, MAX_MANAGED_BY));
}

function validateCompletionMode(spec: JobSpec, at: string, errors: FieldError[]): void {
  const { completionMode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completionMode !== undefined && completionMode !== 'NonIndexed' && completionMode !== 'Indexed')
    errors.push(notSupported(`${at}.completionMode`, completionMode, ['NonIndexed', 'Indexed']));
  if (completionMode === 'Indexed') {
    if (completions === undefined) errors.push(required(`${at}.completions`, 'when completion mode is Indexed'));
    if (parallelism !== undefined && parallelism > MAX_INDEXED_PARALLELISM)
      errors.push(invalid(`${at}.parallelism`, parallelism, `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`));
    if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
      errors.push(invalid(`${at}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
    if (maxFailedIndexes !== undefined && maxFailedIndexes > MAX_FAILED_INDEXES)
      errors.push(invalid(`${at}.maxFailedIndexes`, maxFailedIndexes, `must be less than or equal to ${MAX_FAILED_INDEXES}`));
    if (completions !== undefined && completions > COMPLETIONS_SOFT_LIMIT && backoffLimitPerIndex !== undefined) validateManyIndexes(spec, at, errors);
  }
  if (completionMode === undefined || completionMode === 'NonIndexed')
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
      if (spec[field] !== undefined) errors.push(invalid(`${at}.${field}`, spec[field], 'requires indexed completion mode'));
}

function validateManyIndexes({ parallelism, maxFailedIndexes }: JobSpec, at: string, errors: FieldError[]): void {
  const text = (limit: number) =>
    `must be less than or equal to ${limit} when completions are above ${COMPLETIONS_SOFT_LIMIT} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined) errors.push(required(`${at}.maxFailedIndexes`, `must be specified when completions is above ${COMPLETIONS_SOFT_LIMIT}`));
  if (parallelism !== undefined && parallelism > HIGH_COMPLETIONS_PARALLELISM)
    errors.push(invalid(`${at}.parallelism`, parallelism, text(HIGH_COMPLETIONS_PARALLELISM)));
  if (maxFailedIndexes !== undefined && maxFailedIndexes > HIGH_COMPLETIONS_FAILED)
    errors.push(invalid(`${at}.maxFailedIndexes`, maxFailedIndexes, text(HIGH_COMPLETIONS_FAILED)));
}

function validateFailurePolicy(spec: JobSpec, at: string, errors: FieldError[]): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > MAX_RULES) errors.push(tooMany(at, rules.length, MAX_RULES));
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  rules.forEach((rule, i) => {
    validateFailureRule(spec, rule, index(at, i), names, errors);
  });
}

function validateFailureRule(spec: JobSpec, rule: PodFailurePolicyRule, at: string, containers: ReadonlySet<string>, errors: FieldError[]): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (!action) errors.push(required(`${at}.action`, `valid values: ${goList(ACTIONS)}`));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) errors.push(invalid(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  } else if (!ACTIONS.includes(action)) errors.push(notSupported(`${at}.action`, action, ACTIONS));
  if (onExitCodes !== undefined) validateExitCodes(onExitCodes, `${at}.onExitCodes`, containers, errors);
  if (onPodConditions.length > 0) validatePatterns(onPodConditions, `${at}.onPodConditions`, errors);
  if (onExitCodes !== undefined && onPodConditions.length > 0)
    errors.push(invalidWithoutValue(at, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (onExitCodes === undefined && onPodConditions.length === 0)
    errors.push(invalidWithoutValue(at, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validatePatterns(patterns: readonly OnPodConditionsPattern[], at: string, errors: FieldError[]): void {
  if (patterns.length > MAX_PATTERNS) errors.push(tooMany(at, patterns.length, MAX_PATTERNS));
  patterns.forEach(({ type = '', status = '' }, i) => {
    for (const problem of qualifiedName(type)) errors.push(invalid(`${index(at, i)}.type`, type, problem));
    if (status === '') errors.push(required(`${index(at, i)}.status`, `valid values: ${goList(STATUSES)}`));
    else if (!STATUSES.includes(status)) errors.push(notSupported(`${index(at, i)}.status`, status, STATUSES));
  });
}

function validateExitCodes(requirement: OnExitCodesRequirement, at: string, containers: ReadonlySet<string>, errors: FieldError[]): void {
  const { operator, containerName, values = [] } = requirement;
  if (!operator) errors.push(required(`${at}.operator`, `valid values: ${goList(OPERATORS)}`));
  else if (!OPERATORS.includes(operator)) errors.push(notSupported(`${at}.operator`, operator, OPERATORS));
  if (containerName !== undefined && !containers.has(containerName))
    errors.push(invalid(`${at}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'));
  const goValues = goFieldValue(requirement, 'values', '[]int32');
  if (values.length === 0) errors.push(invalid(`${at}.values`, goValues, 'at least one value is required'));
  else if (values.length > MAX_EXIT_CODES) errors.push(tooMany(`${at}.values`, values.length, MAX_EXIT_CODES));
  const seen = new Set<number>();
  let isOrdered = true;
  values.forEach((value, i) => {
    const where = index(`${at}.values`, i);
    if (operator === 'In' && value === 0) errors.push(invalid(where, value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(where, value));
    seen.add(value);
    if (i > 0 && (values[i - 1] as number) > value) isOrdered = false;
  });
  if (!isOrdered) errors.push(invalid(`${at}.values`, goValues, 'must be ordered'));
}

function validateSuccessPolicy(spec: JobSpec, at: string, errors: FieldError[]): void {
  const rules = spec.successPolicy?.rules ?? [];
  if (spec.completionMode !== 'Indexed') {
    errors.push(invalid(at, goBadValue('batch.SuccessPolicy', spec.successPolicy), 'requires indexed completion mode'));
    return;
  }
  if (rules.length === 0) errors.push(required(`${at}.rules`, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > MAX_RULES) errors.push(tooMany(`${at}.rules`, rules.length, MAX_RULES));
  rules.forEach((rule, i) => {
    validateSuccessRule(rule, spec.completions ?? 0, index(`${at}.rules`, i), errors);
  });
}

function validateSuccessRule({ succeededIndexes, succeededCount }: SuccessPolicyRule, completions: number, at: string, errors: FieldError[]): void {
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'));
  let total = 0;
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > MAX_SUCCEEDED_INDEXES) errors.push(tooLong(`${at}.succeededIndexes`, MAX_SUCCEEDED_INDEXES));
    const checked = checkIndexes(succeededIndexes, completions);
    if (typeof checked === 'string') errors.push(invalid(`${at}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${checked}`));
    else total = checked;
  }
  if (succeededCount === undefined) return;
  validateNonnegative(succeededCount, `${at}.succeededCount`, errors);
  const atMost = (limit: number, what: string) =>
    errors.push(invalid(`${at}.succeededCount`, succeededCount, `must be less than or equal to ${limit} (the number of ${what})`));
  if (succeededCount > completions) atMost(completions, 'specified completions');
  if (succeededIndexes !== undefined && succeededCount > total) atMost(total, 'indexes in the specified succeededIndexes field');
}

function validateReplacementPolicy({ podReplacementPolicy, podFailurePolicy }: JobSpec, at: string, errors: FieldError[]): void {
  if (podReplacementPolicy === undefined) return;
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  if (!supported.includes(podReplacementPolicy)) errors.push(notSupported(at, podReplacementPolicy, supported));
}
