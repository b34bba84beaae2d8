/** PodSpec and PodTemplateSpec: ValidatePodSpec and ValidatePodTemplateSpec of pkg/apis/core/validation/validation.go, errors in its order. */
import { duplicate, type FieldError, invalid, notSupported, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateIP } from '../meta/ip.js';
import { validateAnnotations, validateLabels } from '../meta/labels.js';
import { dnsLabel, dnsSubdomain, dnsSubdomainWithUnderscore, inclusiveRangeText, qualifiedName } from '../meta/names.js';
import { goStrings } from '../meta/validation.js';
import type { PodDNSConfig, PodResourceClaim, PodSpec, PodTemplateSpec, VolumeSource } from './types.js';
import { validatePodAnnotations, validateProfilesMatch } from './validate-annotations.js';
import { type PodContext, validateContainers, validateEphemeralContainers, validateInitContainers } from './validate-containers.js';
import { validateResources } from './validate-resources.js';
import { validateAffinity, validateSchedulingGates, validateSpreadConstraints, validateTolerations } from './validate-scheduling.js';
import { validateHostProcess, validateHostUsers, validateOS, validatePodSecurity } from './validate-security.js';
import { validateVolumes } from './validate-volumes.js';

const NO_VOLUMES: ReadonlyMap<string, VolumeSource> = new Map();
const NO_CLAIMS: ReadonlySet<string> = new Set();
const MAX_INT32 = 2 ** 31 - 1;

/** The template of a workload at `at` (`spec.template`). Its labels are reported at `spec.template.labels`, as upstream does. */
export function validatePodTemplate(template: PodTemplateSpec, at: string, errors: FieldError[]): void {
  const { metadata = {}, spec = { containers: [] } } = template;
  if (metadata.labels) validateLabels(metadata.labels, `${at}.labels`, errors);
  if (metadata.annotations) {
    validateAnnotations(metadata.annotations, `${at}.annotations`, errors);
    validatePodAnnotations(metadata.annotations, spec, `${at}.annotations`, errors);
  }
  validatePodSpec(spec, `${at}.spec`, errors);
  validateProfilesMatch(metadata, spec, `${at}.spec`, errors);
  if (spec.ephemeralContainers?.length)
    errors.push({
      type: 'FieldValueForbidden',
      field: `${at}.spec.ephemeralContainers`,
      detail: 'Forbidden: ephemeral containers not allowed in pod template',
    });
}

/** `podName`: of a real pod; absent for templates, where a few rules are looser. */
export function validatePodSpec(spec: PodSpec, at: string, errors: FieldError[], podName?: string): void {
  const isPod = podName !== undefined;
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(`${at}.terminationGracePeriodSeconds`));
  const volumes = spec.volumes ? validateVolumes(spec.volumes, podName, `${at}.volumes`, errors) : NO_VOLUMES;
  const claims = spec.resourceClaims ? validateResourceClaims(spec.resourceClaims, `${at}.resourceClaims`, errors) : NO_CLAIMS;
  const context: PodContext = { spec, volumes, claims };
  validateContainers(context, `${at}.containers`, errors);
  validateInitContainers(context, `${at}.initContainers`, errors);
  validateEphemeralContainers(context, `${at}.ephemeralContainers`, errors);
  if (spec.hostNetwork) validateHostNetworkPorts(spec, isPod, at, errors);
  validateRestartAndDns(spec, at, errors);
  if (spec.nodeSelector) validateLabels(spec.nodeSelector, `${at}.nodeSelector`, errors);
  if (spec.securityContext) validatePodSecurity(spec.securityContext, spec, `${at}.securityContext`, errors);
  if (spec.affinity) validateAffinity(spec.affinity, `${at}.affinity`, errors);
  validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${at}.dnsConfig`, errors);
  spec.readinessGates?.forEach(({ conditionType = '' }, i) => {
    for (const problem of qualifiedName(conditionType)) errors.push(invalid(`${at}.readinessGates[${i}].conditionType`, conditionType, problem));
  });
  if (spec.schedulingGates) validateSchedulingGates(spec.schedulingGates, `${at}.schedulingGates`, errors);
  if (spec.topologySpreadConstraints) validateSpreadConstraints(spec.topologySpreadConstraints, `${at}.topologySpreadConstraints`, errors);
  validateHostProcess(spec, at, errors);
  validateHostUsers(spec, at, errors);
  validateNames(spec, ['serviceAccountName', 'nodeName'], at, errors);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && deadline !== null && (deadline < 1 || deadline > MAX_INT32))
    errors.push(invalid(`${at}.activeDeadlineSeconds`, deadline, inclusiveRangeText(1, MAX_INT32)));
  if (spec.hostname) for (const problem of dnsLabel(spec.hostname)) errors.push(invalid(`${at}.hostname`, spec.hostname, problem));
  if (spec.subdomain) for (const problem of dnsLabel(spec.subdomain)) errors.push(invalid(`${at}.subdomain`, spec.subdomain, problem));
  if (spec.tolerations) validateTolerations(spec.tolerations, `${at}.tolerations`, errors);
  spec.hostAliases?.forEach(({ ip = '', hostnames }, i) => {
    validateIP(ip, `${at}.hostAliases[${i}].ip`, errors);
    hostnames?.forEach((name, j) => {
      for (const problem of dnsSubdomain(name)) errors.push(invalid(`${at}.hostAliases[${i}].hostnames[${j}]`, name, problem));
    });
  });
  validateNames(spec, ['priorityClassName'], at, errors);
  if (spec.runtimeClassName !== undefined)
    for (const problem of dnsSubdomain(spec.runtimeClassName)) errors.push(invalid(`${at}.runtimeClassName`, spec.runtimeClassName, problem));
  const preemption: string | undefined = spec.preemptionPolicy;
  if (preemption === '') errors.push(required(`${at}.preemptionPolicy`));
  else if (preemption !== undefined && preemption !== 'PreemptLowerPriority' && preemption !== 'Never')
    errors.push(notSupported(`${at}.preemptionPolicy`, preemption, ['PreemptLowerPriority', 'Never']));
  if (spec.overhead) validateResources({ limits: spec.overhead }, NO_CLAIMS, `${at}.overhead`, errors);
  if (spec.os) validateOS(spec, at, errors);
}

function validateNames(spec: PodSpec, fields: readonly ('serviceAccountName' | 'nodeName' | 'priorityClassName')[], at: string, errors: FieldError[]): void {
  for (const field of fields) {
    const name = spec[field];
    if (name) for (const problem of dnsSubdomain(name)) errors.push(invalid(`${at}.${field}`, name, problem));
  }
}

/** Supported values in upstream's own order, which is not sorted. */
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

function validateRestartAndDns(spec: PodSpec, at: string, errors: FieldError[]): void {
  const { restartPolicy = '', dnsPolicy = '' } = spec;
  if (restartPolicy === '') errors.push(required(`${at}.restartPolicy`));
  else if (!RESTART_POLICIES.includes(restartPolicy)) errors.push(notSupported(`${at}.restartPolicy`, restartPolicy, RESTART_POLICIES));
  if (dnsPolicy === '') errors.push(required(`${at}.dnsPolicy`));
  else if (!DNS_POLICIES.includes(dnsPolicy)) errors.push(notSupported(`${at}.dnsPolicy`, dnsPolicy, DNS_POLICIES));
}

/** On the host's network host port and container port are one. A template may leave the host port out: its pods get it. */
function validateHostNetworkPorts(spec: PodSpec, isPod: boolean, at: string, errors: FieldError[]): void {
  spec.containers?.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort = 0, containerPort = 0 }, j) => {
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        errors.push(invalid(`${at}.containers[${i}].ports[${j}].hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true'));
    });
  });
}

function validateDnsConfig(config: PodDNSConfig | undefined, policy: string | undefined, at: string, errors: FieldError[]): void {
  if (policy === 'None') {
    if (!config) {
      errors.push(required(at, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (!config.nameservers?.length) {
      errors.push(required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
      return;
    }
  }
  if (!config) return;
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > 3) errors.push(invalid(`${at}.nameservers`, goStrings(nameservers), 'must not have more than 3 nameservers'));
  nameservers.forEach((server, i) => {
    validateIP(server, `${at}.nameservers[${i}]`, errors);
  });
  if (searches.length > 32) errors.push(invalid(`${at}.searches`, goStrings(searches), 'must not have more than 32 search paths'));
  if (Buffer.byteLength(searches.join(' ')) > 2048)
    errors.push(invalid(`${at}.searches`, goStrings(searches), 'must not have more than 2048 characters (including spaces) in the search list'));
  searches.forEach((search, i) => {
    if (search === '.') return;
    const name = search.replace(/\.$/, '');
    for (const problem of dnsSubdomainWithUnderscore(name)) errors.push(invalid(`${at}.searches[${i}]`, name, problem));
  });
  options.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${at}.options[${i}]`, 'must not be empty'));
  });
}

/** Returns the names that containers may refer to. */
function validateResourceClaims(claims: readonly PodResourceClaim[], at: string, errors: FieldError[]): ReadonlySet<string> {
  const names = new Set<string>();
  claims.forEach((claim, i) => {
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim;
    const path = `${at}[${i}]`;
    if (name === '') errors.push(required(`${path}.name`));
    else if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    else {
      for (const problem of dnsLabel(name)) errors.push(invalid(`${path}.name`, name, problem));
      names.add(name);
    }
    const bad = goBadValue('PodResourceClaim', claim);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      errors.push(invalid(path, bad, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      errors.push(invalid(path, bad, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    for (const [field, value] of [
      ['resourceClaimName', resourceClaimName],
      ['resourceClaimTemplateName', resourceClaimTemplateName],
    ] as const)
      if (value !== undefined) for (const problem of dnsSubdomain(value)) errors.push(invalid(`${path}.${field}`, value, problem));
  });
  return names;
}
