/** What is odd about a pod or template without being wrong: pkg/api/pod/warnings.go. */
import { goQuote } from '../../api/field.js';
import type { ObjectMeta } from '../../api/object.js';
import { formatQuantity, quantity, quantityMilliValue } from '../../api/quantity.js';
import { ipWarnings } from '../meta/ip.js';
import { labelValue } from '../meta/names.js';
import type { Container, NodeSelectorTerm, PodAffinityTerm, PodSpec, PodTemplateSpec, ResourceList, Volume } from './types.js';
import { APP_ARMOR_PREFIX, SECCOMP_POD, SECCOMP_PREFIX } from './validate-annotations.js';
import { forEachContainer } from './validate-security.js';

const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const OLD_ANNOTATIONS: readonly (readonly [key: string, message: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

const OLD_VOLUMES: readonly (readonly [source: keyof Volume, message: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

const OLD_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const NO_SELECTOR = 'a null labelSelector results in matching no pod';

/** Of a workload's template at `at` (`spec.template`). */
export function podTemplateWarnings(template: PodTemplateSpec, at: string): readonly string[] {
  return podWarnings(template.metadata ?? {}, template.spec ?? { containers: [] }, `${at}.`);
}

/** `prefix` stands in front of every path: '' for a pod, `spec.template.` for a template. */
export function podWarnings(meta: ObjectMeta, spec: PodSpec, prefix: string): readonly string[] {
  const out: string[] = [];
  const at = `${prefix}spec`;
  nodeLabelWarnings(spec, at, out);
  const { annotations = {} } = meta;
  for (const [key, message] of OLD_ANNOTATIONS) if (annotations[key] !== undefined) out.push(`${prefix}metadata.annotations[${key}]: ${message}`);
  spec.volumes?.forEach((volume, i) => {
    for (const [source, message] of OLD_VOLUMES) if (volume[source] !== undefined) out.push(`${at}.volumes[${i}].${source}: ${message}`);
    const storage = volume.ephemeral?.volumeClaimTemplate?.spec?.resources?.requests;
    if (storage) fractional(storage, ['storage'], `${at}.volumes[${i}].ephemeral.volumeClaimTemplate.spec.resources.requests`, out);
  });
  duplicates(
    spec.hostAliases,
    (alias) => alias.ip,
    (i, ip) => out.push(`${at}.hostAliases[${i}].ip: duplicate ip ${goQuote(ip)}`),
  );
  duplicates(
    spec.imagePullSecrets,
    (secret) => secret.name ?? '',
    (i, name) => out.push(`${at}.imagePullSecrets[${i}].name: duplicate name ${goQuote(name)}`),
  );
  spec.imagePullSecrets?.forEach(({ name }, i) => {
    if (!name) out.push(`${at}.imagePullSecrets[${i}].name: invalid empty name ""`);
  });
  if (annotations[SECCOMP_POD] !== undefined && !spec.securityContext?.seccompProfile)
    out.push(`${prefix}metadata.annotations[${SECCOMP_POD}]: ${OLD_SECCOMP}`);
  forEachContainer(spec, at, (container, path) => {
    containerWarnings(container, annotations, prefix, path, out);
  });
  portWarnings(spec, at, out);
  const grace = spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) out.push(`${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  affinityWarnings(spec, at, out);
  spec.dnsConfig?.nameservers?.forEach((ip, i) => {
    out.push(...ipWarnings(ip, `${at}.dnsConfig.nameservers[${i}]`));
  });
  spec.hostAliases?.forEach(({ ip }, i) => {
    out.push(...ipWarnings(ip, `${at}.hostAliases[${i}].ip`));
  });
  return out;
}

function nodeLabelWarnings(spec: PodSpec, at: string, out: string[]): void {
  for (const key in spec.nodeSelector) if (OLD_NODE_LABELS[key] !== undefined) out.push(`${at}.nodeSelector[${key}]: ${OLD_NODE_LABELS[key]}`);
  const { requiredDuringSchedulingIgnoredDuringExecution: needed, preferredDuringSchedulingIgnoredDuringExecution: preferred } =
    spec.affinity?.nodeAffinity ?? {};
  needed?.nodeSelectorTerms?.forEach((term, i) => {
    termWarnings(term, false, `${at}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`, out);
  });
  preferred?.forEach(({ preference }, i) => {
    termWarnings(preference ?? {}, true, `${at}.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`, out);
  });
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const path = `${at}.topologySpreadConstraints[${i}]`;
    if (OLD_NODE_LABELS[topologyKey] !== undefined) out.push(`${path}.topologyKey: ${topologyKey} is ${OLD_NODE_LABELS[topologyKey]}`);
    if (!labelSelector) out.push(`${path}.labelSelector: ${NO_SELECTOR}`);
  });
}

/** Preferred terms are not held to the rules of label values, so here they are only mentioned. */
function termWarnings(term: NodeSelectorTerm, checkValues: boolean, at: string, out: string[]): void {
  term.matchExpressions?.forEach(({ key, values }, i) => {
    const path = `${at}.matchExpressions[${i}]`;
    if (OLD_NODE_LABELS[key] !== undefined) out.push(`${path}.key: ${key} is ${OLD_NODE_LABELS[key]}`);
    if (checkValues)
      values?.forEach((value, j) => {
        for (const problem of labelValue(value)) out.push(`${path}.values[${j}]: ${problem}`);
      });
  });
}

function duplicates<T>(list: readonly T[] | undefined, key: (entry: T) => string, found: (i: number, key: string) => void): void {
  if (list === undefined || list.length < 2) return;
  const seen = new Set<string>();
  list.forEach((entry, i) => {
    const value = key(entry);
    if (seen.has(value)) found(i, value);
    seen.add(value);
  });
}

function fractional(list: ResourceList, names: readonly string[], at: string, out: string[]): void {
  for (const name of names) {
    const text = list[name];
    if (text === undefined) continue;
    const value = quantity(text);
    if (quantityMilliValue(value) % 1000 !== 0)
      out.push(`${at}[${name}]: fractional byte value ${goQuote(formatQuantity(value))} is invalid, must be an integer`);
  }
}

const BYTES = ['memory', 'ephemeral-storage'];

function containerWarnings(container: Container, annotations: Readonly<Record<string, string>>, prefix: string, at: string, out: string[]): void {
  const { securityContext, resources, env } = container;
  const seccomp = `${SECCOMP_PREFIX}${container.name}`;
  if (annotations[seccomp] !== undefined && !securityContext?.seccompProfile) out.push(`${prefix}metadata.annotations[${seccomp}]: ${OLD_SECCOMP}`);
  const appArmor = `${APP_ARMOR_PREFIX}${container.name}`;
  if (annotations[appArmor] !== undefined && !securityContext?.appArmorProfile) out.push(`${prefix}metadata.annotations[${appArmor}]: ${OLD_APP_ARMOR}`);
  if (resources?.requests) fractional(resources.requests, BYTES, `${at}.resources.requests`, out);
  if (resources?.limits) fractional(resources.limits, BYTES, `${at}.resources.limits`, out);
  if (env === undefined || env.length < 2) return;
  const seen = new Set<string>();
  env.forEach(({ name, value = '', valueFrom }, i) => {
    if (!seen.has(name)) {
      seen.add(name);
      return;
    }
    // Building on the earlier value is fine: X="$(X)123".
    const reference = `$(${name})`;
    if (valueFrom || value === reference || !value.includes(reference))
      out.push(`${at}.env[${i}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`);
  });
}

interface PortUse {
  readonly path: string;
  readonly hostIP: string;
  readonly hostPort: number;
}

function portWarnings(spec: PodSpec, at: string, out: string[]): void {
  const uses = new Map<string, PortUse[]>();
  forEachContainer(spec, at, (container, containerPath) => {
    container.ports?.forEach((port, i) => {
      const { hostIP = '', hostPort = 0, containerPort, protocol = '', name = '' } = port;
      const path = `${containerPath}.ports[${i}]`;
      if (hostIP !== '' && hostPort === 0)
        out.push(`${path}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`);
      const key = `${containerPort}/${protocol}`;
      const others = uses.get(key) ?? [];
      for (const other of others) {
        if (hostIP === other.hostIP && hostPort === other.hostPort) out.push(`${path}: duplicate port definition with ${other.path}`);
        else if (hostPort === 0 || other.hostPort === 0) out.push(`${path}: overlapping port definition with ${other.path}`);
        else if (hostPort === other.hostPort && (hostIP === '') !== (other.hostIP === ''))
          out.push(`${path}: dangerously ambiguous port definition with ${other.path}`);
      }
      uses.set(key, [...others, { path, hostIP, hostPort }]);
    });
  });
}

function affinityWarnings(spec: PodSpec, at: string, out: string[]): void {
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    const { requiredDuringSchedulingIgnoredDuringExecution: needed, preferredDuringSchedulingIgnoredDuringExecution: preferred } = spec.affinity?.[field] ?? {};
    const path = `${at}.affinity.${field}`;
    const look = (term: PodAffinityTerm | undefined, where: string): void => {
      if (!term?.labelSelector) out.push(`${where}.labelSelector: ${NO_SELECTOR}`);
    };
    needed?.forEach((term, i) => {
      look(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`);
    });
    preferred?.forEach((term, i) => {
      look(term.podAffinityTerm, `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`);
    });
  }
}
