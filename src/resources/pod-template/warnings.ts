/** What is odd about a pod or template without being wrong: pkg/api/pod/warnings.go. */
import { goQuote } from '../../api/field.js';
import type { KubeObject, ObjectMeta } from '../../api/object.js';
import { formatQuantity, quantity, quantityMilliValue } from '../../api/quantity.js';
import type { JobSpec } from '../jobs/types.js';
import { ipWarnings } from '../meta/ip.js';
import { labelValue } from '../meta/names.js';
import { overlappingPaths } from './overlapping-paths.js';
import type { Container, NodeSelectorTerm, PersistentVolumeClaimSpec, PodAffinityTerm, PodSpec, PodTemplateSpec, ResourceList, Volume } from './types.js';
import { APP_ARMOR_PREFIX, SECCOMP_POD, SECCOMP_PREFIX } from './validate-annotations.js';
import { forEachContainer } from './validate-security.js';

/** pkg/api/node/util.go. */
export const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

const OLD_ANNOTATIONS: readonly (readonly [key: string, message: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

/** `storageOS` is how the message spells the field. */
const OLD_VOLUMES: readonly (readonly [source: keyof Volume, message: string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo: deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO: deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker: deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS: deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte: deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs: deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'cephfs: deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd: deprecated in v1.28, non-functional in v1.31+'],
];

const OLD_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const NO_SELECTOR = 'a null labelSelector results in matching no pod';

/** Of a workload's template at `at` (`spec.template`). */
/** Of workloads: when they are created, and again only with a change of the spec. */
export const isNewSpec = (object: KubeObject, old: KubeObject | undefined): boolean => old?.metadata.generation !== object.metadata.generation;

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
    for (const [source, message] of OLD_VOLUMES) if (volume[source] !== undefined) out.push(`${at}.volumes[${i}].${message}`);
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    if (claim) out.push(...claimSpecWarnings(claim, `${at}.volumes[${i}].ephemeral.volumeClaimTemplate.spec`));
  });
  for (const volume of spec.volumes ?? []) out.push(...overlappingPaths(volume));
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
  if (spec.overhead) fractional(spec.overhead, BYTES, `${at}.overhead`, out);
  if (annotations[SECCOMP_POD] !== undefined && !spec.securityContext?.seccompProfile)
    out.push(`${prefix}metadata.annotations[${SECCOMP_POD}]: ${OLD_SECCOMP}`);
  forEachContainer(spec, at, (container, path) => {
    containerWarnings(container, { annotations, prefix, hasAppArmor: spec.securityContext?.appArmorProfile !== undefined }, path, out);
  });
  portWarnings(spec, at, out);
  portNameWarnings(spec, at, out);
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

/** pkg/api/job/warnings.go. */
export function jobSpecWarnings({ completionMode, completions = 0, parallelism = 0, template }: JobSpec, at: string): readonly string[] {
  const isTooMuch = completionMode === 'Indexed' && completions > 100_000 && parallelism > 10_000;
  const tooMuch = `${at}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`;
  return [...(isTooMuch ? [tooMuch] : []), ...podTemplateWarnings(template, `${at}.template`)];
}

/** pkg/api/persistentvolumeclaim/util.go GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings({ resources }: Pick<PersistentVolumeClaimSpec, 'resources'>, at: string): readonly string[] {
  const out: string[] = [];
  if (resources?.requests) fractional(resources.requests, ['storage'], `${at}.resources.requests`, out);
  if (resources?.limits) fractional(resources.limits, ['storage'], `${at}.resources.limits`, out);
  return out;
}

/** Preferred terms are not held to the rules of label values, so here they are only mentioned. */
export function termWarnings(term: NodeSelectorTerm, checkValues: boolean, at: string, out: string[]): void {
  term.matchExpressions?.forEach(({ key, values }, i) => {
    const path = `${at}.matchExpressions[${i}]`;
    if (OLD_NODE_LABELS[key] !== undefined) out.push(`${path}.key: ${key} is ${OLD_NODE_LABELS[key]}`);
    if (checkValues)
      values?.forEach((value, j) => {
        for (const problem of labelValue(value)) out.push(`${path}.values[${j}]: ${value} is invalid, ${problem}`);
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
    if (int64(quantityMilliValue(value)) % 1000 !== 0)
      out.push(`${at}[${name}]: fractional byte value ${goQuote(formatQuantity(value))} is invalid, must be an integer`);
  }
}

const BYTES = ['memory', 'ephemeral-storage'];

/** Quantity.MilliValue: what is too large is the largest there is, which is no whole number of units. */
const int64 = (milli: number): number => (milli >= 2 ** 63 ? 807 : milli);

interface Around {
  readonly annotations: Readonly<Record<string, string>>;
  readonly prefix: string;
  readonly hasAppArmor: boolean;
}

function containerWarnings(container: Container, { annotations, prefix, hasAppArmor }: Around, at: string, out: string[]): void {
  const { securityContext, resources, env } = container;
  const seccomp = `${SECCOMP_PREFIX}${container.name}`;
  if (annotations[seccomp] !== undefined && !securityContext?.seccompProfile) out.push(`${prefix}metadata.annotations[${seccomp}]: ${OLD_SECCOMP}`);
  const appArmor = `${APP_ARMOR_PREFIX}${container.name}`;
  // Of a pod it is said when annotation and field are brought together.
  if (prefix !== '' && annotations[appArmor] !== undefined && !hasAppArmor && !securityContext?.appArmorProfile)
    out.push(`${prefix}metadata.annotations[${appArmor}]: ${OLD_APP_ARMOR}`);
  for (const name of BYTES) {
    if (resources?.limits) fractional(resources.limits, [name], `${at}.resources.limits`, out);
    if (resources?.requests) fractional(resources.requests, [name], `${at}.resources.requests`, out);
  }
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

function portNameWarnings(spec: PodSpec, at: string, out: string[]): void {
  const first = new Map<string, string>();
  forEachContainer(spec, at, ({ ports }, containerPath) => {
    ports?.forEach(({ name }, i) => {
      if (!name) return;
      const path = `${containerPath}.ports[${i}]`;
      const other = first.get(name);
      if (other === undefined) first.set(name, path);
      else out.push(`${path}: duplicate port name ${goQuote(name)} with ${other}, services and probes that select ports by name will use ${other}`);
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
