/** What a change in the API means to pods that found no node: pkg/scheduler/eventhandlers.go, framework/events.go. */
import { isEqual } from '../api/equality.js';
import type { WatchEvent } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { isTerminal } from './cluster-cache.js';
import type { ClusterEvent } from './framework.js';
import { lessened, QuantityReader } from './requests.js';

/** Changes of pods that have a node. */
export function podEvents({ type, object, old }: WatchEvent<Pod>): readonly ClusterEvent[] {
  const isOn = (pod: Pod | undefined): boolean => pod !== undefined && Boolean(pod.spec.nodeName) && !isTerminal(pod);
  const wasOn = isOn(type === 'DELETED' ? object : old);
  if (type === 'DELETED') return wasOn ? ['PodDelete'] : [];
  if (!isOn(object)) return wasOn ? ['PodDelete'] : [];
  if (!wasOn || old === undefined) return ['PodAdd'];
  const events: ClusterEvent[] = [];
  if (old.metadata.labels !== object.metadata.labels && !isEqual(old.metadata.labels, object.metadata.labels)) events.push('PodLabel');
  if ((old.spec !== object.spec || object.metadata.generation !== 1) && asksLess(old, object)) events.push('PodRequests');
  return events;
}

/** extractPodScaleDown: to ask for more helps nobody. */
const asksLess = (old: Pod, pod: Pod): boolean => lessened(old, pod, new QuantityReader()).length > 0;

/** Changes of a pod that has none yet. */
export function ownEvents(old: Pod, pod: Pod): readonly ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (!isEqual(old.metadata.labels, pod.metadata.labels)) events.push('OwnLabels');
  if (old.spec === pod.spec) return events;
  if (asksLess(old, pod)) events.push('OwnRequests');
  if (!isEqual(old.spec.tolerations, pod.spec.tolerations)) events.push('OwnTolerations');
  return events;
}

export function nodeEvents({ type, object, old }: WatchEvent<Node>): readonly ClusterEvent[] {
  if (type === 'DELETED') return ['NodeDelete'];
  if (type === 'ADDED' || old === undefined) return ['NodeAdd'];
  const events: ClusterEvent[] = [];
  if (!isEqual(old.status?.allocatable, object.status?.allocatable)) events.push('NodeAllocatable');
  if (!isEqual(old.metadata.labels, object.metadata.labels)) events.push('NodeLabel');
  if (!isEqual(old.spec?.taints, object.spec?.taints) || (old.spec?.unschedulable === true) !== (object.spec?.unschedulable === true)) events.push('NodeTaint');
  return events;
}

export const storageEvents = ({ type }: WatchEvent): readonly ClusterEvent[] => [
  type === 'ADDED' ? 'StorageAdd' : type === 'MODIFIED' ? 'StorageUpdate' : 'StorageDelete',
];
