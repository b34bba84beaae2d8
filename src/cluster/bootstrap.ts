/**
 * What a fresh cluster holds, made through the API as kubeadm, the API server's own post-start hooks and the kubelets make
 * it. Kinds this podsim does not have are left out.
 */
import type { ImageService } from '../api/cri.js';
import type { KubeObject } from '../api/object.js';
import { formatMicroTime, formatTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import { readRoles } from './assets.js';
import type { Cluster } from './cluster.js';
import { hex, makeNode } from './node.js';
import type { NodeProfile, Profile } from './profile.js';
import { staticPods, systemAccounts, systemImages, systemWorkloads } from './system-workloads.js';

const ROOT_CA_NOTE =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Where controllers find the cluster's CA certificate (StateMap). */
export const CA_CERTIFICATE = 'cluster/ca.crt';

/** Everything of a fresh cluster, from its boot until `now`, by which time all of it runs. `has`: which resources exist here. */
export function bootstrap(cluster: Cluster, now: Time, has: (resource: string) => boolean): void {
  const { profile, api } = cluster;
  const make = maker(api, has);
  const random = (stream: string) => cluster.sim.random(stream);
  cluster.state.set(CA_CERTIFICATE, certificate(random));

  const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system', ...(profile.cni === 'flannel' ? ['kube-flannel'] : [])];
  for (const name of namespaces) make('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const object of readRoles()) make(RESOURCES[object.kind] as string, object);
  for (const object of priorityClasses()) make('priorityclasses.scheduling.k8s.io', object);
  cluster.settle();
  for (const namespace of namespaces)
    for (const [resource, object] of publishedIn(namespace, cluster.state.get<string>(CA_CERTIFICATE) as string)) make(resource, object);

  const [first] = profile.nodes as readonly [NodeProfile];
  make('servicecidrs.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes' },
    spec: { cidrs: [profile.serviceCIDR] },
  } as KubeObject);
  for (const [resource, object] of apiService(profile, first, random)) make(resource, object);
  for (const account of systemAccounts(profile)) make('serviceaccounts', account);
  for (const node of profile.nodes) {
    // kind's node image brings them along.
    preload(cluster.images(node.name), systemImages(profile));
    addNode(cluster, make, node);
  }
  const seen = formatTime(cluster.now);
  const uid = api.get('nodes', { namespace: '', name: first.name })?.metadata.uid;
  for (const object of systemWorkloads(profile)) make(RESOURCES[object.kind] as string, object);
  if (uid !== undefined) for (const pod of staticPods(profile, first, uid, seen, () => hex(32, random))) make('pods', pod);
  for (const [resource, object] of leases(cluster, first, random)) make(resource, object);
  cluster.advanceTo(now);
}

/**
 * A cluster of somebody's objects instead of made-up ones. Objects of a dump (they have a uid) are taken over as they are;
 * manifests are created. Items of Lists count one by one, kinds unknown here not at all.
 */
export function bootstrapFrom(cluster: Cluster, objects: readonly KubeObject[], resourceOf: (object: KubeObject) => string | undefined): void {
  const known = objects.flatMap(itemsOf).flatMap((object) => {
    const resource = resourceOf(object);
    return resource === undefined ? [] : [{ resource, object }];
  });
  const rank = (resource: string) => (resource === 'namespaces' ? 0 : resource === 'nodes' ? 1 : 2);
  const sorted = known.toSorted((a, b) => rank(a.resource) - rank(b.resource));
  for (const { resource, object } of sorted) if (object.metadata.uid !== undefined) cluster.adopt(resource, object);
  if (cluster.profile.isFrozen) {
    for (const { resource, object } of sorted) if (object.metadata.uid === undefined) cluster.adopt(resource, object);
    return;
  }
  const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease', ...known.flatMap(({ object }) => object.metadata.namespace ?? [])];
  for (const name of new Set(namespaces)) {
    const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    if (cluster.api.get('namespaces', { namespace: '', name }) === undefined) cluster.api.create('namespaces', namespace);
  }
  for (const { resource, object } of sorted) if (object.metadata.uid === undefined) cluster.api.create(resource, object);
  cluster.settle();
}

function itemsOf(object: KubeObject): readonly KubeObject[] {
  const { items } = object as { readonly items?: readonly KubeObject[] };
  return object.kind.endsWith('List') && items !== undefined ? items.flatMap(itemsOf) : [object];
}

const RESOURCES: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Deployment: 'deployments.apps',
  Service: 'services',
  DaemonSet: 'daemonsets.apps',
  ClusterRole: 'clusterroles.rbac.authorization.k8s.io',
  ClusterRoleBinding: 'clusterrolebindings.rbac.authorization.k8s.io',
  Role: 'roles.rbac.authorization.k8s.io',
  RoleBinding: 'rolebindings.rbac.authorization.k8s.io',
};

type Make = (resource: string, object: KubeObject) => void;

/** Creates what is not there yet (controllers may have been quicker), if its kind is known. */
function maker(api: Api, has: (resource: string) => boolean): Make {
  return (resource, object) => {
    const { namespace = '', name = '' } = object.metadata;
    if (has(resource) && api.get(resource, { namespace, name }) === undefined) api.create(resource, object);
  };
}

function preload(images: ImageService, references: readonly string[]): void {
  for (const reference of references) {
    const pulled = images.pull(reference, false);
    if ('image' in pulled) images.store(pulled.image);
  }
}

function addNode(cluster: Cluster, make: Make, node: NodeProfile): void {
  const { api, now } = cluster;
  const made = makeNode(cluster.profile, node, now, (stream) => cluster.sim.random(stream));
  make('nodes', made);
  const stored = api.get('nodes', { namespace: '', name: node.name });
  if (stored === undefined) return;
  // A strategy may clear what a creator must not set.
  if ((stored as { status?: { conditions?: unknown } }).status?.conditions === undefined)
    api.updateStatus('nodes', { ...stored, status: made.status } as KubeObject, { fieldManager: 'kubelet' });
  make('leases.coordination.k8s.io', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: node.name,
      namespace: 'kube-node-lease',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: stored.metadata.uid as string }],
    },
    spec: { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime: formatMicroTime(now) },
  } as KubeObject);
}

function priorityClasses(): readonly KubeObject[] {
  const make = (name: string, value: number, description: string) =>
    ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      description,
      preemptionPolicy: 'PreemptLowerPriority',
    }) as KubeObject;
  return [
    make('system-node-critical', 2000001000, 'Used for system critical pods that must not be moved from their current node.'),
    make('system-cluster-critical', 2000000000, 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'),
  ];
}

/** What controllers put into every namespace; here for those that are there before the controllers. */
function publishedIn(namespace: string, ca: string): readonly (readonly [string, KubeObject])[] {
  return [
    ['serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }],
    [
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace, annotations: { 'kubernetes.io/description': ROOT_CA_NOTE } },
        data: { 'ca.crt': ca },
      } as KubeObject,
    ],
  ];
}

/** The service `kubernetes` with its endpoints, which the API server keeps itself (pkg/controlplane/reconcilers). */
function apiService(profile: Profile, first: NodeProfile, random: (stream: string) => number): readonly (readonly [string, KubeObject])[] {
  const clusterIP = profile.serviceCIDR.replace(/\d+\/\d+$/, '1');
  const port = { name: 'https', port: 6443, protocol: 'TCP' };
  const meta = (labels: Readonly<Record<string, string>>) => ({ name: 'kubernetes', namespace: 'default', labels });
  const authentication = {
    'client-ca-file': certificate(random),
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-client-ca-file': certificate(random),
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-username-headers': '["X-Remote-User"]',
  };
  return [
    [
      'services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta({ component: 'apiserver', provider: 'kubernetes' }),
        spec: {
          clusterIP,
          clusterIPs: [clusterIP],
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
      } as KubeObject,
    ],
    [
      'endpoints',
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: meta({ 'endpointslice.kubernetes.io/skip-mirror': 'true' }),
        subsets: [{ addresses: [{ ip: first.ip }], ports: [port] }],
      } as KubeObject,
    ],
    [
      'endpointslices.discovery.k8s.io',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: meta({ 'kubernetes.io/service-name': 'kubernetes' }),
        addressType: 'IPv4',
        endpoints: [{ addresses: [first.ip], conditions: { ready: true } }],
        ports: [port],
      } as KubeObject,
    ],
    [
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
        data: authentication,
      } as KubeObject,
    ],
  ];
}

function leases(cluster: Cluster, first: NodeProfile, random: (stream: string) => number): readonly (readonly [string, KubeObject])[] {
  const now = formatMicroTime(cluster.now);
  const lease = (name: string, labels: Readonly<Record<string, string>> | undefined, spec: object): readonly [string, KubeObject] => [
    'leases.coordination.k8s.io',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-system', ...(labels === undefined ? {} : { labels }) },
      spec,
    } as KubeObject,
  ];
  const leader = (name: string) =>
    lease(name, undefined, {
      acquireTime: now,
      holderIdentity: `${first.name}_${hex(32, random)}`,
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: now,
    });
  const server = `apiserver-${letters(26, random)}`;
  const identity = { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': first.name };
  return [
    lease(server, identity, { holderIdentity: `${server}_${hex(32, random)}`, leaseDurationSeconds: 3600, renewTime: now }),
    leader('kube-controller-manager'),
    leader('kube-scheduler'),
  ];
}

/** Looks like a certificate; nothing in the simulation reads it. */
function certificate(random: (stream: string) => number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const text = `MIIDBTCCAe2gAwIBAgII${Array.from({ length: 1016 }, () => alphabet[Math.floor(random('certificates') * 64)]).join('')}`;
  return `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const letters = (length: number, random: (stream: string) => number): string =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor(random('nodes') * 32)]).join('');
