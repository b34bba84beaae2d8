/**
 * What a fresh cluster holds, made through the API as kubeadm, the API server's own post-start hooks and the kubelets make
 * it. Kinds this podsim does not have are left out.
 */
import type { ImageService } from '../api/cri.js';
import type { KubeObject } from '../api/object.js';
import { formatMicroTime, formatTime, type Time } from '../api/time.js';
import { mirrorOf } from '../kubelet/index.js';
import type { Cluster } from './cluster.js';
import { apiService, certificate, leases } from './control-plane.js';
import type { Fixtures } from './fixtures.js';
import { localPathStorage } from './local-path-storage.js';
import { hex, makeNode } from './node.js';
import type { NodeProfile } from './profile.js';
import { staticPods, systemAccounts, systemImages, systemWorkloads } from './system-workloads.js';

/** Where controllers find the cluster's CA certificate (StateMap). */
const CA_CERTIFICATE = 'cluster/ca.crt';

/** Where a kind is kept; undefined: it does not exist here. */
export type ResourceOf = (object: KubeObject) => string | undefined;

/** Everything of a fresh cluster, from its boot until `now`, by which time all of it runs. */
export function bootstrap(cluster: Cluster, now: Time, fixtures: Fixtures, resourceOf: ResourceOf): void {
  const { profile } = cluster;
  const make = maker(cluster, resourceOf);
  const random = (stream: string) => cluster.sim.random(stream);
  const [first] = profile.nodes as readonly [NodeProfile];
  makeCommon(cluster, first.ip, [], fixtures, make);
  for (const account of systemAccounts(profile)) make(account);
  for (const node of profile.nodes) addNode(cluster, make, node);
  for (const object of systemWorkloads(profile)) make(object);
  for (const object of localPathStorage) make(object);
  const uid = cluster.api.get('nodes', { namespace: '', name: first.name })?.metadata.uid;
  if (uid !== undefined) for (const pod of staticPods(profile, first)) make(mirrorOf(pod, first.name, uid, hex(32, random), cluster.now));
  for (const lease of leases(first, cluster.now, random)) make(lease);
  cluster.advanceTo(now);
}

/**
 * A cluster of somebody's objects instead of made-up ones. Objects of a dump (they have a uid) are taken over as they are;
 * manifests are created. Kinds unknown here are left out.
 */
export function bootstrapFrom(cluster: Cluster, objects: readonly KubeObject[], fixtures: Fixtures, resourceOf: ResourceOf): void {
  const { profile } = cluster;
  const known = objects.flatMap((object) => {
    const resource = resourceOf(object);
    return resource === undefined ? [] : [{ resource, object }];
  });
  const adopts = (object: KubeObject) => object.metadata.uid !== undefined || profile.isFrozen;
  for (const { resource, object } of known) if (adopts(object)) cluster.adopt(resource, object);
  if (profile.isFrozen) return;
  const make = maker(cluster, resourceOf);
  const namespaces = known.flatMap(({ object }) => object.metadata.namespace ?? []);
  makeCommon(cluster, profile.nodes[0]?.ip ?? '172.18.0.2', namespaces, fixtures, make);
  for (const node of profile.nodes) preload(cluster.node(node.name).runtime, systemImages(profile));
  const rank = ({ resource }: { readonly resource: string }) => (resource === 'namespaces' ? 0 : resource === 'nodes' ? 1 : 2);
  for (const { object } of known.toSorted((a, b) => rank(a) - rank(b))) if (!adopts(object)) make(object);
  for (const node of profile.nodes) addNode(cluster, make, node);
  cluster.settle();
}

/** What every cluster has, whatever runs in it. */
function makeCommon(cluster: Cluster, ip: string, namespaces: readonly string[], fixtures: Fixtures, make: Make): void {
  const random = (stream: string) => cluster.sim.random(stream);
  cluster.state.set(CA_CERTIFICATE, certificate(random));
  for (const name of new Set(['default', 'kube-node-lease', 'kube-public', 'kube-system', ...namespaces]))
    make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const name of ['api-server', 'rbac'] as const) for (const object of fixtures.objects(name)) make(stamped(object, formatTime(cluster.now)));
  for (const object of apiService(cluster.profile, ip, random)) make(object);
  // Controllers give every namespace its service account and certificate.
  cluster.settle();
}

/** Recorded objects have `<time>` where the time of their making stood. */
const stamped = (object: KubeObject, time: string): KubeObject => JSON.parse(JSON.stringify(object).replaceAll('"<time>"', JSON.stringify(time))) as KubeObject;

/** Items of Lists count one by one. */
export function itemsOf(object: KubeObject): readonly KubeObject[] {
  const { items } = object as { readonly items?: readonly KubeObject[] };
  return object.kind.endsWith('List') && items !== undefined ? items.flatMap(itemsOf) : [object];
}

type Make = (object: KubeObject) => void;

/** Creates what is not there yet, status and all, if its kind is known. */
function maker({ api }: Cluster, resourceOf: ResourceOf): Make {
  return (object) => {
    const resource = resourceOf(object);
    const { namespace = '', name = '' } = object.metadata;
    if (resource === undefined || api.get(resource, { namespace, name }) !== undefined) return;
    const made = api.create<Stated>(resource, object);
    const { status } = object as Stated;
    if (status !== undefined && JSON.stringify(made.status) !== JSON.stringify(status)) api.updateStatus<Stated>(resource, { ...made, status });
  };
}

interface Stated extends KubeObject {
  readonly status?: unknown;
}

function preload(images: ImageService, references: readonly string[]): void {
  for (const reference of references) {
    const pulled = images.pull(reference, false);
    if ('image' in pulled) images.store(pulled.image);
  }
}

/** A node with kind's images, its state and its lease; of one that is there already, what it lacks. */
function addNode(cluster: Cluster, make: Make, node: NodeProfile): void {
  const { api, now, profile } = cluster;
  if (api.get('nodes', { namespace: '', name: node.name }) === undefined) preload(cluster.node(node.name).runtime, systemImages(profile));
  const made = makeNode(profile, node, now, (stream) => cluster.sim.random(stream));
  make(made);
  const stored = api.get<Stated>('nodes', { namespace: '', name: node.name });
  if (stored === undefined) return;
  if ((stored.status as { readonly conditions?: unknown } | undefined)?.conditions === undefined)
    api.updateStatus<Stated>('nodes', { ...stored, status: { ...made.status, ...(stored.status as object | undefined) } }, { fieldManager: 'kubelet' });
  make({
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
