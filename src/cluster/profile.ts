/** Which cluster is this: versions, nodes and their sizes, networks. Data, saved with the cluster; kind's ways under podsim's names. */
import type { KubeObject } from '../api/object.js';
import type { Time } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';

export interface NodeProfile {
  readonly name: string;
  readonly isControlPlane: boolean;
  /** Quantities: `4`, `8Gi`. */
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
  readonly maxPods: number;
  readonly ip: string;
  readonly podCIDR: string;
}

export interface Profile {
  /** `v1.33.1`. */
  readonly kubernetes: string;
  readonly containerRuntime: string;
  readonly osImage: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cni: 'flannel' | 'calico';
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  readonly nodes: readonly NodeProfile[];
  /** Nothing acts: objects stay as they were loaded. */
  readonly isFrozen: boolean;
}

/** What may be asked for when a cluster is made. */
export interface ProfileOptions {
  readonly nodes?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly maxPods?: number;
  readonly cni?: 'flannel' | 'calico';
  readonly isFrozen?: boolean;
}

/** Facts of a cluster made by kind with this version of Kubernetes. */
const KIND = {
  kubernetes: 'v1.33.1',
  containerRuntime: 'containerd://2.1.1',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.8.0-60-generic',
  architecture: 'amd64',
  podCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/16',
} as const;

/** How long before the user's first moment the cluster was made: by then everything in it is up. */
export const bootTime = (time: Time): Time => (time - 120_000) as Time;

/** With `objects`, the nodes are those among them. */
export function makeProfile(options: ProfileOptions = {}, objects?: readonly KubeObject[]): Profile {
  const size = { cpu: options.cpu ?? '4', memory: options.memory ?? '8Gi', ephemeralStorage: '50Gi', maxPods: options.maxPods ?? 110 };
  const made = Array.from({ length: options.nodes ?? 1 }, (_, i) => ({
    name: nodeName(i),
    isControlPlane: i === 0,
    ...size,
    ip: nodeAddress(i),
    podCIDR: podCIDR(i),
  }));
  return {
    ...KIND,
    cni: options.cni ?? 'flannel',
    nodes: objects === undefined ? made : objects.filter(({ kind }) => kind === 'Node').map((node, i) => ({ ...size, ...describedBy(node, i) })),
    isFrozen: options.isFrozen ?? false,
  };
}

function describedBy({ metadata, spec, status }: Node, i: number) {
  const { cpu, memory, pods } = status?.capacity ?? {};
  return {
    name: metadata.name ?? '',
    isControlPlane: metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined,
    ip: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? nodeAddress(i),
    podCIDR: spec?.podCIDR ?? podCIDR(i),
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
    ...(pods === undefined ? {} : { maxPods: Number(pods) }),
  };
}

/** `podsim-control-plane`, `podsim-worker`, `podsim-worker2` … */
const nodeName = (i: number): string => (i === 0 ? 'podsim-control-plane' : i === 1 ? 'podsim-worker' : `podsim-worker${i}`);

/** From 172.18.0.2 on: .1 is the bridge. */
const nodeAddress = (i: number): string => `172.18.${(i + 2) >> 8}.${(i + 2) & 255}`;

/** A /24 a node; beyond 256 nodes the second byte goes on counting. */
const podCIDR = (i: number): string => `10.${244 + (i >> 8)}.${i & 255}.0/24`;

/** Of the service network: the first address is the API server's, the tenth the name server's (kubeadm's GetDNSIP). */
export const serviceAddress = ({ serviceCIDR }: Pick<Profile, 'serviceCIDR'>, which: 1 | 10): string => serviceCIDR.replace(/\d+\/\d+$/, String(which));

/** What the server says of itself at /version. */
export const versionInfo = ({ kubernetes, architecture }: Profile) => ({
  gitVersion: kubernetes,
  gitCommit: '8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828',
  buildDate: '2025-05-15T08:19:08Z',
  goVersion: 'go1.24.2',
  platform: `linux/${architecture}`,
});
