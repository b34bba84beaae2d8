/** Creating and changing nodes: pkg/registry/core/node/strategy.go, SetDefaults_NodeStatus. */
import type { Strategy } from '../../api/resource.js';
import { cidrWarnings } from '../meta/ip.js';
import type { Node, NodeSpec, NodeStatus, NodeSystemInfo } from './types.js';
import { validateNode, validateNodeUpdate } from './validation.js';

export const strategy: Strategy<Node> = {
  // The status of a new node is kept: a kubelet registers with it.
  defaults: (node) => ({ ...node, spec: withCIDRs(node.spec ?? {}), status: withInfo(node.status ?? {}) }),
  validate: validateNode,
  validateUpdate: (node, old) => [...validateNode(node), ...validateNodeUpdate(node, old)],
  validateStatusUpdate: validateNodeUpdate,
  prepareForStatusUpdate: (node, old) => ({ ...node, ...(old.spec === undefined ? {} : { spec: old.spec }) }),
  warnings: ({ spec }) => [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec?.podCIDRs ?? []).flatMap((cidr, i) => cidrWarnings(cidr, `spec.podCIDRs[${i}]`)),
  ],
  hasGeneration: false,
  hasStatus: true,
};

/** podCIDR is the first of podCIDRs (core/v1 conversion.go). */
function withCIDRs(spec: NodeSpec): NodeSpec {
  const [first] = spec.podCIDRs ?? [];
  if (first !== undefined) return spec.podCIDR === first ? spec : { ...spec, podCIDR: first };
  return spec.podCIDR ? { ...spec, podCIDRs: [spec.podCIDR] } : spec;
}

const NO_INFO: NodeSystemInfo = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
};

/** Structs, so Go prints them even when nothing is in them. */
function withInfo(status: NodeStatus): NodeStatus {
  const { capacity, allocatable, daemonEndpoints, nodeInfo } = status;
  if (nodeInfo !== undefined && daemonEndpoints?.kubeletEndpoint !== undefined && (allocatable !== undefined || capacity === undefined)) return status;
  return {
    ...status,
    ...(allocatable === undefined && capacity !== undefined ? { allocatable: capacity } : {}),
    daemonEndpoints: { kubeletEndpoint: { Port: 0 }, ...daemonEndpoints },
    nodeInfo: { ...NO_INFO, ...nodeInfo },
  };
}
