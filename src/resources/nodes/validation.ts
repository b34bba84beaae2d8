/** What makes a Node invalid: ValidateNode and ValidateNodeUpdate of pkg/apis/core/validation/validation.go. */
import { duplicate, type FieldError, forbidden, goQuote, goSyntax, invalid, required } from '../../api/field.js';
import { parseCIDR } from '../../api/ip.js';
import type { OwnerReference } from '../../api/object.js';
import { quantity } from '../../api/quantity.js';
import { validateCIDR } from '../meta/ip.js';
import { validateLabelName } from '../meta/labels.js';
import { configMapKey, dnsLabel, dnsSubdomain, labelValue } from '../meta/names.js';
import { validateQuantityValue } from '../meta/resource-names.js';
import { goStrings, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Taint } from '../pod-template/types.js';
import { validateTaintEffect } from '../pod-template/validate-scheduling.js';
import type { ConfigMapNodeConfigSource, Node, NodeConfigSource } from './types.js';

export function validateNode(node: Node): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(node.metadata, { namespaced: false }, errors);
  validateAvoidedPods(node, errors);
  if (node.spec?.taints) validateTaints(node.spec.taints, errors);
  validateResourceAmounts(node, errors);
  validateSwap(node, errors);
  const cidrs = node.spec?.podCIDRs ?? [];
  cidrs.forEach((cidr, i) => {
    validateCIDR(cidr, `spec.podCIDRs[${i}]`, errors);
  });
  if (cidrs.length > 1) {
    const families = new Set(cidrs.map((cidr) => parseCIDR(cidr)?.ip.family));
    if (families.size < 2 || cidrs.length > 2) errors.push(invalid('spec.podCIDRs', goStrings(cidrs), 'may specify no more than one CIDR for each IP family'));
  }
  return errors;
}

const AVOIDED_PODS = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

/** What an annotation says that a scheduler no longer reads: each entry is of a controller. */
function validateAvoidedPods({ metadata }: Node, errors: FieldError[]): void {
  const text = metadata.annotations?.[AVOIDED_PODS];
  if (!text) return;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return;
  }
  const { preferAvoidPods } = (read ?? {}) as { readonly preferAvoidPods?: unknown };
  (Array.isArray(preferAvoidPods) ? preferAvoidPods : []).forEach(
    (entry: { readonly podSignature?: { readonly podController?: Partial<OwnerReference> } }, i) => {
      const path = `metadata.annotations.${AVOIDED_PODS}[${i}].PodSignature`;
      const controller = entry?.podSignature?.podController;
      if (controller === undefined) errors.push(required(path));
      else if (controller.controller === false) errors.push(invalid(`${path}.PodController.Controller`, false, 'must point to a controller'));
    },
  );
}

/** The path is metadata's: a slip of upstream. */
function validateSwap({ status }: Node, errors: FieldError[]): void {
  const capacity = status?.nodeInfo?.swap?.capacity;
  if (capacity !== undefined && capacity <= 0) errors.push(invalid('metadata.nodeSwapStatus.capacity', capacity, 'must be greater than zero'));
}

export function validateNodeUpdate(node: Node, old: Node): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(node.metadata, old.metadata, errors);
  validateAvoidedPods(node, errors);
  validateResourceAmounts(node, errors);
  const seen = new Set<string>();
  node.status?.addresses?.forEach(({ type, address }, i) => {
    const key = `${type}\n${address}`;
    if (seen.has(key)) errors.push(duplicate(`status.addresses[${i}]`, goSyntax(`core.NodeAddress{Type:${goQuote(type)}, Address:${goQuote(address)}}`)));
    seen.add(key);
  });
  validatePodCIDRsUpdate(node.spec?.podCIDRs ?? [], old.spec?.podCIDRs ?? [], errors);
  const { providerID = '', configSource, externalID = '' } = node.spec ?? {};
  if (old.spec?.providerID && old.spec.providerID !== providerID)
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  if (configSource) validateConfigSource(configSource, 'spec.configSource', false, errors);
  for (const field of ['assigned', 'active', 'lastKnownGood'] as const) {
    const source = node.status?.config?.[field];
    if (source) validateConfigSource(source, `status.config.${field}`, true, errors);
  }
  if (node.spec?.taints) validateTaints(node.spec.taints, errors);
  if (externalID !== (old.spec?.externalID ?? '')) errors.push(forbidden('spec.externalID', 'may not be updated'));
  return errors;
}

function validatePodCIDRsUpdate(cidrs: readonly string[], old: readonly string[], errors: FieldError[]): void {
  if (old.length === 0) return;
  const refuse = (): void => {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  };
  if (old.length !== cidrs.length) refuse();
  else for (const [i, cidr] of old.entries()) if (cidr !== cidrs[i]) refuse();
}

/** The path is metadata.taints though they are in the spec: so upstream. */
function validateTaints(taints: readonly Taint[], errors: FieldError[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const at = `metadata.taints[${i}]`;
    const { key = '', value = '', effect = '' } = taint;
    validateLabelName(key, `${at}.key`, errors);
    const problems = labelValue(value);
    if (problems.length > 0) errors.push(invalid(`${at}.value`, value, problems.join(';')));
    validateTaintEffect(effect, true, `${at}.effect`, errors);
    const identity = `${effect}\n${key}`;
    if (seen.has(identity)) {
      const error = duplicate(at, goTaint(taint));
      errors.push({ ...error, detail: `${error.detail}: taints must be unique by key and effect pair` });
    }
    seen.add(identity);
  });
}

const goTaint = ({ key = '', value = '', effect, timeAdded }: Taint) =>
  goSyntax(
    `core.Taint{Key:${goQuote(key)}, Value:${goQuote(value)}, Effect:${goQuote(effect ?? '')}, TimeAdded:${timeAdded === undefined ? '<nil>' : timeAdded}}`,
  );

/** The paths have no brackets: so upstream. */
function validateResourceAmounts({ status }: Node, errors: FieldError[]): void {
  for (const field of ['capacity', 'allocatable'] as const)
    for (const [name, text] of Object.entries(status?.[field] ?? {})) validateQuantityValue(name, quantity(text), `status.${field}.${name}`, errors);
}

/** A feature that is gone; what is stored must still make sense. */
function validateConfigSource(source: NodeConfigSource, at: string, inStatus: boolean, errors: FieldError[]): void {
  if (source.configMap) validateConfigMapSource(source.configMap, `${at}.configMap`, inStatus, errors);
  else
    errors.push(
      invalid(at, goSyntax('core.NodeConfigSource{ConfigMap:(*core.ConfigMapNodeConfigSource)(nil)}'), 'exactly one reference subfield must be non-nil'),
    );
}

function validateConfigMapSource(source: ConfigMapNodeConfigSource, at: string, inStatus: boolean, errors: FieldError[]): void {
  for (const field of ['uid', 'resourceVersion'] as const)
    if (inStatus && !source[field]) errors.push(required(`${at}.${field}`, `${field} must be set in status`));
    else if (!inStatus && source[field]) errors.push(forbidden(`${at}.${field}`, `${field} must not be set in spec`));
  const formats = { namespace: dnsLabel, name: dnsSubdomain, kubeletConfigKey: configMapKey };
  for (const field of ['namespace', 'name', 'kubeletConfigKey'] as const) {
    const value = source[field];
    if (!value) errors.push(required(`${at}.${field}`, `${field} must be set`));
    else for (const problem of formats[field](value)) errors.push(invalid(`${at}.${field}`, value, problem));
  }
}
