/** What stands on each node: a container runtime and the kubelet that drives it. */
import type { NodeProxy } from '../api/node-proxy.js';
import { type KubeObject, parseKey } from '../api/object.js';
import { once, whileSame } from '../api/once.js';
import { quantity, quantityValue } from '../api/quantity.js';
import type { Reconciler } from '../api/reconciler.js';
import type { ResourceNames } from '../api/resource.js';
import { parseTime } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { ApiServer } from '../apiserver/long-running.js';
import { Wire } from '../apiserver/wire.js';
import { createKubelet, createNodeServer, manifestsKey, mirrorName, type NodeFault, nodeFaultKey, tokenVolumes } from '../kubelet/index.js';
import type { Node } from '../resources/nodes/types.js';
import {
  createFakeRuntime,
  createNetwork,
  createPrograms,
  createShell,
  type FakeRuntime,
  hostsOfNode,
  type ImageData,
  type RegistryFault,
} from '../runtime/index.js';
import { readStructs } from './assets.js';
import type { Parts } from './cluster.js';
import { nodeDaemons } from './daemons.js';
import type { Fixtures } from './fixtures.js';
import type { Following } from './following.js';
import { answerInCluster } from './in-cluster.js';
import { kubeletConfigz } from './kubelet-configz.js';
import { makeNode } from './node.js';
import { manifestReader, nodeFiles, staticManifests } from './node-files.js';
import { serviceAddress } from './profile.js';

/** Saved state that `podsim image` and `podsim fault` write: what is known of a repository, and who answers how. */
export const catalogueKey = (repository: string): string => `catalogue/${repository}`;
export const imageFaultKey = (repository: string): string => `faults/images/${repository}`;
const registryFaultKey = (host: string): string => `faults/registries/${host}`;
const ANY_REGISTRY = registryFaultKey('*');

/** The same text for the same name: one put together anew has to be hashed anew, and every container asks for these. */
function remembering(keyFor: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const key = known.get(name) ?? keyFor(name);
    known.set(name, key);
    return key;
  };
}

export interface NodeComponents {
  readonly runtime: FakeRuntime;
  readonly kubelet: Reconciler;
  /** What the API server asks: logs, exec, attach, stats. */
  readonly server: NodeProxy;
}

/** The components of a node, made once for each name. */
export function nodeComponents(
  parts: Parts,
  api: Api,
  server: ApiServer,
  fixtures: Fixtures,
  names: () => readonly ResourceNames[],
  following: Following,
): (node: string) => NodeComponents {
  const { state, profile, now, random, wake } = parts;
  const made = new Map<string, NodeComponents>();
  const volume = tokenVolumes(() => api, now);
  const catalogue = remembering(catalogueKey);
  const imageFault = remembering(imageFaultKey);
  const registryFault = remembering(registryFaultKey);
  const wire = new Wire(readStructs);
  const programs = createPrograms(
    (repository) => state.get<ImageData>(catalogue(repository)) ?? (fixtures.image(repository) as ImageData | undefined),
    [createShell()],
  );
  const readManifest = manifestReader();
  const network = createNetwork({
    api: () => api,
    runtime: (name) => (api.get('nodes', { namespace: '', name }) === undefined ? undefined : onNode(name).runtime),
    podCIDR: profile.podCIDR,
    serviceCIDR: profile.serviceCIDR,
    // Flannel moves packets and knows no policies.
    enforcesPolicy: profile.cni === 'calico',
    // It may have to ask webhooks first: then the process that has sent it sends it again.
    apiServer: (request) =>
      parts.outside.write(
        () => `in-cluster ${JSON.stringify(request)}`,
        () => answerInCluster(server, wire, request),
      ),
    isNodeDown: (name) => ![undefined, 'kubelet'].includes(state.get<NodeFault>(nodeFaultKey(name))?.kind),
  });
  const make = (name: string): NodeComponents => {
    const known = profile.nodes.find((node) => node.name === name);
    const object = () => api.get<Node>('nodes', { namespace: '', name });
    const nodeIP = () => object()?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? known?.ip ?? '';
    // Written out once: whoever looks at the node's files asks for them.
    const manifests = once(() => (known?.isControlPlane === true ? staticManifests(profile, known) : {}));
    /** Those whose pods are there: a cluster may have been made of other things than kubeadm's. */
    const initial = () => {
      const isThere = (file: string) => api.get('pods', { namespace: 'kube-system', name: mirrorName(file.replace('.yaml', ''), name) }) !== undefined;
      return Object.fromEntries(Object.entries(manifests()).filter(([file]) => isThere(file)));
    };
    const runtime = createFakeRuntime({
      node: name,
      state,
      now,
      programs,
      fault: (repository, host) =>
        state.get<RegistryFault>(imageFault(repository)) ?? state.get<RegistryFault>(registryFault(host)) ?? state.get<RegistryFault>(ANY_REGISTRY),
      podCIDR: () => object()?.spec?.podCIDR ?? known?.podCIDR ?? '10.244.0.0/24',
      nodeIP,
      volume,
      hostFiles: whileSame(
        () => [nodeIP(), object()?.status?.nodeInfo?.machineID ?? '', state.get<string>('cluster/ca.crt') ?? '', Object.keys(initial()).join()],
        (ip, machineID, authority, _manifests) => ({
          '/etc/hosts': hostsOfNode(ip, name),
          '/etc/machine-id': `${machineID}\n`,
          ...nodeFiles(profile, { name, isControlPlane: known?.isControlPlane === true }, initial(), authority),
        }),
      ),
      hostChanged: () => wake(kubelet.name, manifestsKey),
      network: () => network,
      errand: (open, pod) =>
        parts.errands.open({
          ...open,
          answer(step) {
            open.answer(step);
            wake(kubelet.name, parseKey(pod));
          },
        }),
      follow: (sandbox, pod, resources) => following.set(name, sandbox, pod, resources),
      daemons: nodeDaemons({ parts, api, node: name, isControlPlane: known?.isControlPlane === true, kubelet: () => kubelet.name, names }),
      machine: () => {
        const { metadata, status } = object() ?? {};
        return {
          cpus: quantityValue(quantity(status?.capacity?.['cpu'] ?? '4')),
          memory: quantityValue(quantity(status?.capacity?.['memory'] ?? '8Gi')),
          booted: parseTime(metadata?.creationTimestamp ?? '') ?? now(),
        };
      },
    });
    const register = known === undefined ? {} : { register: (): KubeObject => makeNode(profile, known, now(), random) };
    const dns = { server: serviceAddress(profile, 10), domain: 'cluster.local' };
    const kubelet = createKubelet({ node: name, runtime, state, nodeIP, dns, manifests: { read: readManifest, initial }, ...register });
    const server = createNodeServer({
      node: name,
      runtime,
      state,
      now,
      api: () => api,
      configuration: () => kubeletConfigz(profile),
      wake: (key) => wake(kubelet.name, key),
    });
    return { runtime, kubelet, server };
  };
  const onNode = (name: string): NodeComponents => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
  return onNode;
}
