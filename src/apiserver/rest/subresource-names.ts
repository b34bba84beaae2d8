/**
 * The subresources of built-in kinds by name, so that discovery needs no strategies: it is asked before every command that
 * cannot guess a kind. A test holds this table against the kinds themselves.
 */
import type { SubresourceNames } from '../../api/resource.js';
import type { ResourceId } from '../../api/verbs.js';

const CHANGE = ['get', 'patch', 'update'];
const STREAM = ['create', 'get'];
const PROXY = ['create', 'delete', 'get', 'patch', 'update'];

const named = (name: string, kind: string, verbs: readonly string[], groupVersion = ''): SubresourceNames => {
  const [group = '', version = ''] = groupVersion.split('/');
  return { name, kind, group, version, verbs };
};
const scale = named('scale', 'Scale', CHANGE, 'autoscaling/v1');

const SUBRESOURCES: Readonly<Record<ResourceId, readonly SubresourceNames[]>> = {
  namespaces: [named('finalize', 'Namespace', ['update'])],
  nodes: [named('proxy', 'NodeProxyOptions', PROXY)],
  pods: [
    named('attach', 'PodAttachOptions', STREAM),
    named('binding', 'Binding', ['create']),
    named('ephemeralcontainers', 'Pod', CHANGE),
    named('eviction', 'Eviction', ['create'], 'policy/v1'),
    named('exec', 'PodExecOptions', STREAM),
    named('log', 'Pod', ['get']),
    named('portforward', 'PodPortForwardOptions', STREAM),
    named('proxy', 'PodProxyOptions', PROXY),
    named('resize', 'Pod', CHANGE),
  ],
  services: [named('proxy', 'ServiceProxyOptions', PROXY)],
  serviceaccounts: [named('token', 'TokenRequest', ['create'], 'authentication.k8s.io/v1')],
  replicationcontrollers: [scale],
  'deployments.apps': [scale],
  'replicasets.apps': [scale],
  'statefulsets.apps': [scale],
  'certificatesigningrequests.certificates.k8s.io': [named('approval', 'CertificateSigningRequest', CHANGE)],
};

/** Kinds with a status subresource. */
const WITH_STATUS: ReadonlySet<ResourceId> = new Set([
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'services',
  'apiservices.apiregistration.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'horizontalpodautoscalers.autoscaling',
  'cronjobs.batch',
  'jobs.batch',
  'certificatesigningrequests.certificates.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'ingresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'volumeattachments.storage.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
]);

export function subresourcesOf(id: ResourceId, kind: string): readonly SubresourceNames[] {
  const status = WITH_STATUS.has(id) ? [named('status', kind, CHANGE)] : [];
  return [...(SUBRESOURCES[id] ?? []), ...status].sort((a, b) => (a.name < b.name ? -1 : 1));
}
