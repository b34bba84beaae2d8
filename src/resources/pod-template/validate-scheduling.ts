/** Where a pod may go: affinity, tolerations, spreading, gates. pkg/apis/core/validation/validation.go. */
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import type { LabelSelector } from '../../api/selectors.js';
import { validateLabelName, validateLabelSelector } from '../meta/labels.js';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../meta/names.js';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
  PodSchedulingGate,
  Toleration,
  TopologySpreadConstraint,
  WeightedPodAffinityTerm,
} from './types.js';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity, at: string, errors: FieldError[]): void {
  const { nodeAffinity } = affinity;
  if (nodeAffinity?.[REQUIRED]) validateNodeSelector(nodeAffinity[REQUIRED], `${at}.nodeAffinity.${REQUIRED}`, errors);
  nodeAffinity?.[PREFERRED]?.forEach((term, i) => {
    const path = `${at}.nodeAffinity.${PREFERRED}[${i}]`;
    validateWeight(term.weight, path, errors);
    // Values no label can have are let through here.
    validateNodeSelectorTerm(term.preference ?? {}, true, `${path}.preference`, errors);
  });
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    affinity[field]?.[REQUIRED]?.forEach((term, i) => {
      validatePodAffinityTerm(term, `${at}.${field}.${REQUIRED}[${i}]`, errors);
    });
    affinity[field]?.[PREFERRED]?.forEach((term: WeightedPodAffinityTerm, i: number) => {
      const path = `${at}.${field}.${PREFERRED}[${i}]`;
      validateWeight(term.weight, path, errors);
      validatePodAffinityTerm(term.podAffinityTerm ?? ({} as PodAffinityTerm), `${path}.podAffinityTerm`, errors);
    });
  }
}

function validateWeight(weight: number | undefined, at: string, errors: FieldError[]): void {
  const value = weight ?? 0;
  if (value <= 0 || value > 100) errors.push(invalid(`${at}.weight`, value, 'must be in the range 1-100'));
}

/** ValidateNodeSelector; also of persistent volumes. */
export function validateNodeSelector(selector: NodeSelector, at: string, errors: FieldError[]): void {
  if (!selector.nodeSelectorTerms?.length) {
    errors.push(required(`${at}.nodeSelectorTerms`, 'must have at least one node selector term'));
    return;
  }
  selector.nodeSelectorTerms.forEach((term, i) => {
    validateNodeSelectorTerm(term, false, `${at}.nodeSelectorTerms[${i}]`, errors);
  });
}

function validateNodeSelectorTerm(term: NodeSelectorTerm, allowBadValues: boolean, at: string, errors: FieldError[]): void {
  term.matchExpressions?.forEach((requirement, i) => {
    validateRequirement(requirement, allowBadValues, `${at}.matchExpressions[${i}]`, errors);
  });
  term.matchFields?.forEach(({ key = '', operator, values = [] }, i) => {
    const path = `${at}.matchFields[${i}]`;
    if (operator !== 'In' && operator !== 'NotIn') errors.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'));
    else if (values.length !== 1) errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
    if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
    else
      values.forEach((value, j) => {
        for (const problem of dnsSubdomain(value)) errors.push(invalid(`${path}.values[${j}]`, value, problem));
      });
  });
}

function validateRequirement(requirement: NodeSelectorRequirement, allowBadValues: boolean, at: string, errors: FieldError[]): void {
  const { operator, values = [], key = '' } = requirement;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) errors.push(required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'));
  }
  validateLabelName(key, `${at}.key`, errors);
  if (!allowBadValues)
    values.forEach((value, i) => {
      for (const problem of labelValue(value)) errors.push(invalid(`${at}.values[${i}]`, value, problem));
    });
}

function validatePodAffinityTerm(term: PodAffinityTerm, at: string, errors: FieldError[]): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector, topologyKey = '' } = term;
  validateLabelSelector(labelSelector, `${at}.labelSelector`, errors);
  validateLabelSelector(term.namespaceSelector, `${at}.namespaceSelector`, errors);
  for (const name of term.namespaces ?? []) for (const problem of dnsLabel(name)) errors.push(invalid(`${at}.namespace`, name, problem));
  validateLabelKeys(matchLabelKeys, labelSelector, `${at}.matchLabelKeys`, errors);
  validateLabelKeys(mismatchLabelKeys, labelSelector, `${at}.mismatchLabelKeys`, errors);
  if (labelSelector) {
    const seen = new Set(Object.keys(labelSelector.matchLabels ?? {}));
    for (const { key } of labelSelector.matchExpressions ?? []) {
      const i = matchLabelKeys.indexOf(key);
      if (i >= 0 && seen.has(key)) errors.push(invalid(`${at}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'));
      seen.add(key);
    }
  }
  matchLabelKeys.forEach((key, i) => {
    if (mismatchLabelKeys.includes(key)) errors.push(invalid(`${at}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  });
  if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'));
  validateLabelName(topologyKey, `${at}.topologyKey`, errors);
}

function validateLabelKeys(keys: readonly string[], selector: LabelSelector | undefined, at: string, errors: FieldError[]): void {
  if (keys.length === 0) return;
  if (!selector) errors.push(forbidden(at, 'must not be specified when labelSelector is not set'));
  else
    keys.forEach((key, i) => {
      validateLabelName(key, `${at}[${i}]`, errors);
    });
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Of a toleration or, `required`, of a taint. */
export function validateTaintEffect(effect: string, isRequired: boolean, at: string, errors: FieldError[]): void {
  if (isRequired && effect === '') errors.push(required(at));
  else if (!EFFECTS.includes(effect)) errors.push(notSupported(at, effect, EFFECTS));
}

export function validateTolerations(tolerations: readonly Toleration[], at: string, errors: FieldError[]): void {
  for (let i = 0; i < tolerations.length; i++) {
    const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = tolerations[i] as Toleration;
    const path = `${at}[${i}]`;
    if (key !== '') validateLabelName(key, `${path}.key`, errors);
    else if (operator !== 'Exists')
      errors.push(invalid(`${path}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    if (tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== 'NoExecute')
      errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === 'Equal' || operator === '') {
      const problems = labelValue(value);
      if (problems.length > 0) errors.push(invalid(`${path}.operator`, value, problems.join(';')));
    } else if (operator === 'Exists') {
      if (value !== '') errors.push(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
    if (effect !== '') validateTaintEffect(effect, false, `${path}.effect`, errors);
  }
}

export function validateSchedulingGates(gates: readonly PodSchedulingGate[], at: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  gates.forEach(({ name = '' }, i) => {
    for (const problem of qualifiedName(name)) errors.push(invalid(`${at}[${i}]`, name, problem));
    if (seen.has(name)) errors.push(duplicate(`${at}[${i}]`, name));
    seen.add(name);
  });
}

export function validateSpreadConstraints(constraints: readonly TopologySpreadConstraint[], at: string, errors: FieldError[]): void {
  constraints.forEach((constraint, i) => {
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable: action = '', minDomains, labelSelector, matchLabelKeys = [] } = constraint;
    const path = `${at}[${i}]`;
    if (maxSkew <= 0) errors.push(invalid(`${path}.maxSkew`, maxSkew, 'must be greater than zero'));
    if (topologyKey === '') errors.push(required(`${path}.topologyKey`, 'can not be empty'));
    if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway')
      errors.push(notSupported(`${path}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']));
    if (constraints.slice(i + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === action))
      errors.push(duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    if (minDomains !== undefined && minDomains !== null) {
      if (minDomains <= 0) errors.push(invalid(`${path}.minDomains`, minDomains, 'must be greater than zero'));
      if (action !== 'DoNotSchedule')
        errors.push(invalid(`${path}.minDomains`, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`));
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field];
      if (policy !== undefined && policy !== null && policy !== 'Honor' && policy !== 'Ignore')
        errors.push(notSupported(`${path}.${field}`, policy, ['Honor', 'Ignore']));
    }
    if (matchLabelKeys.length > 0) {
      const known = new Set([...Object.keys(labelSelector?.matchLabels ?? {}), ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key)]);
      if (!labelSelector) errors.push(forbidden(`${path}.matchLabelKeys`, 'must not be specified when labelSelector is not set'));
      matchLabelKeys.forEach((key, j) => {
        validateLabelName(key, `${path}.matchLabelKeys[${j}]`, errors);
        if (known.has(key)) errors.push(invalid(`${path}.matchLabelKeys[${j}]`, key, 'exists in both matchLabelKeys and labelSelector'));
      });
    }
    validateLabelSelector(labelSelector, `${path}.labelSelector`, errors);
  });
}
