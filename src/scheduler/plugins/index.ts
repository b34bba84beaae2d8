/** The plugins, in the order kube-scheduler's default profile runs them (apis/config/v1/default_plugins.go). The first that turns a node away gives the reason. */
import type { FilterPlugin, ScorePlugin } from '../framework.js';
import { imageLocality } from './image-locality.js';
import { interPodAffinity, interPodAffinityScore } from './inter-pod-affinity.js';
import { nodeAffinity, nodeAffinityScore } from './node-affinity.js';
import { nodeName } from './node-name.js';
import { nodePorts } from './node-ports.js';
import { balancedAllocation, leastAllocated, nodeResourcesFit } from './node-resources-fit.js';
import { nodeUnschedulable } from './node-unschedulable.js';
import { nodeVolumeLimits } from './node-volume-limits.js';
import { podTopologySpread, podTopologySpreadScore } from './pod-topology-spread.js';
import { taintToleration, taintTolerationScore } from './taint-toleration.js';
import { volumeBinding } from './volume-binding.js';
import { volumeRestrictions } from './volume-restrictions.js';
import { volumeZone } from './volume-zone.js';

export const filterPlugins: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
];

export const scorePlugins: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeAffinityScore,
  leastAllocated,
  podTopologySpreadScore,
  interPodAffinityScore,
  balancedAllocation,
  imageLocality,
];
