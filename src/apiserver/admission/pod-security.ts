/** The Pod Security standards (k8s.io/pod-security-admission): what a namespace's labels allow its pods. */
import { forbidden } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Api } from '../../api/verbs.js';
import type { PodSpec } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { AdmissionPlugin } from './plugin.js';
import { LATEST, type Level, type Minor, violations } from './pod-security-checks.js';
import { nameOf } from './service-account.js';

const LABEL = 'pod-security.kubernetes.io/';
const RANK: Readonly<Record<Level, number>> = { privileged: 0, baseline: 1, restricted: 2 };

/** Where each kind keeps the pod it makes. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  podtemplates: ['template'],
  replicationcontrollers: ['spec', 'template'],
  'replicasets.apps': ['spec', 'template'],
  'deployments.apps': ['spec', 'template'],
  'statefulsets.apps': ['spec', 'template'],
  'daemonsets.apps': ['spec', 'template'],
  'jobs.batch': ['spec', 'template'],
  'cronjobs.batch': ['spec', 'jobTemplate', 'spec', 'template'],
};

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'namespaces', ...Object.keys(TEMPLATES)],
  subresources: ['ephemeralcontainers'],
  validate(object, old, { id, key, operation, options }, { api }) {
    if (id === 'namespaces') {
      if (operation === 'UPDATE' && options.warn !== undefined) for (const text of existingViolations(object, old, api)) options.warn(text);
      return;
    }
    const namespace = api.get('namespaces', { namespace: '', name: key.namespace });
    const enforce = policyOf(namespace, 'enforce');
    const warn = warnPolicy(namespace, enforce);
    if (object === undefined || (enforce.level === 'privileged' && warn.level === 'privileged')) return;
    if (id === 'pods' && operation === 'UPDATE' && isSameToPolicy(object as Pod, old as Pod)) return;
    const pod = podIn(object, TEMPLATES[id] ?? []);
    if (pod?.spec === undefined) return;
    if (id === 'pods') {
      const found = violations(pod, enforce.level, minorOf(enforce));
      if (found.length > 0) throw forbidden(id, nameOf(object), `violates PodSecurity "${enforce.level}:${enforce.version}": ${found.join(', ')}`);
    }
    const warned = violations(pod, warn.level, minorOf(warn));
    if (warned.length > 0) options.warn?.(`would violate PodSecurity "${warn.level}:${warn.version}": ${warned.join(', ')}`);
  },
};

interface Policy {
  readonly level: Level;
  readonly version: string;
}

const minorOf = ({ version }: Policy): Minor => (version === 'latest' ? LATEST : Number(version.slice('v1.'.length)));

/** PolicyToEvaluate: labels that cannot be read were there before anybody looked; what is enforced is then the strictest, other modes ask nothing. */
function policyOf(namespace: KubeObject | undefined, mode: 'enforce' | 'warn'): Policy {
  const labels = namespace?.metadata.labels ?? {};
  const level = labels[LABEL + mode] ?? 'privileged';
  const version = labels[`${LABEL}${mode}-version`] ?? 'latest';
  const fallback = mode === 'enforce' ? 'restricted' : 'privileged';
  return { level: level in RANK ? (level as Level) : fallback, version: /^v1\.([0-9]|[1-9][0-9]*)$/.test(version) ? version : 'latest' };
}

/** Without a label of its own, warnings follow what is enforced. */
function warnPolicy(namespace: KubeObject | undefined, enforce: Policy): Policy {
  const labels = namespace?.metadata.labels ?? {};
  const warn = policyOf(namespace, 'warn');
  const isFollowing = labels[`${LABEL}warn`] === undefined && labels[`${LABEL}enforce`] === enforce.level && RANK[enforce.level] > RANK[warn.level];
  if (!isFollowing) return warn;
  return labels[`${LABEL}warn-version`] === undefined ? enforce : { level: enforce.level, version: warn.version };
}

/** Nothing that counts can change on a pod but its images and annotations (admission.go isSignificantPodUpdate). */
function isSameToPolicy(pod: Pod, old: Pod): boolean {
  const images = ({ spec }: Pod) => [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ image }) => image).join();
  return images(pod) === images(old) && pod.spec.ephemeralContainers === old.spec.ephemeralContainers;
}

function podIn(object: KubeObject, path: readonly string[]): { readonly metadata?: KubeObject['metadata']; readonly spec?: PodSpec } | undefined {
  let at: unknown = object;
  for (const part of path) at = (at as Readonly<Record<string, unknown>> | undefined)?.[part];
  return at as { readonly metadata?: KubeObject['metadata']; readonly spec?: PodSpec } | undefined;
}

/** Other rules than before, unless only less strict, are accepted, but say whom they would have kept out (admission.go EvaluatePodsInNamespace). */
function existingViolations(object: KubeObject | undefined, old: KubeObject | undefined, api: Api): readonly string[] {
  const enforce = policyOf(object, 'enforce');
  const before = policyOf(old, 'enforce');
  if (object === undefined || (enforce.version === before.version && RANK[enforce.level] <= RANK[before.level])) return [];
  const namespace = object.metadata.name ?? '';
  const byReason = new Map<string, string[]>();
  for (const pod of api.list<Pod>('pods', { namespace })) {
    const reasons = violations(pod, enforce.level, minorOf(enforce)).map((text) => text.replace(/ \(.*$/s, ''));
    if (reasons.length === 0) continue;
    const text = reasons.join(', ');
    byReason.set(text, [...(byReason.get(text) ?? []), pod.metadata.name ?? '']);
  }
  const lines = [...byReason].map(([text, [name, ...others]]) => {
    const more = others.length === 0 ? '' : others.length === 1 ? ' (and 1 other pod)' : ` (and ${others.length} other pods)`;
    return `${name}${more}: ${text}`;
  });
  if (lines.length === 0) return [];
  return [
    `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level "${enforce.level}:${enforce.version}"`,
    ...lines.sort(),
  ];
}
