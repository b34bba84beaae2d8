/** A pod's way through the components, as steps. Pure: evidence in, steps out. Drawn by text.ts, and as JSON by command.ts. */
import type { Time } from '../../api/time.js';
import type { NodeVerdict } from '../../scheduler/explain.js';
import type { Evidence } from '../timeline/evidence.js';
import { type PodTimeline, podTimeline } from '../timeline/model.js';
import { kubeletSteps } from './kubelet.js';
import { apiServerSteps, clientSteps } from './request.js';
import { runtimeSteps } from './runtime.js';
import { schedulerSteps } from './scheduling.js';
import { type StoreVersion, storeSteps, storeVersions } from './store.js';
import { terminationSteps } from './termination.js';

export type Component = 'client' | 'kube-apiserver' | 'etcd' | 'kube-scheduler' | 'kubelet' | 'container runtime' | 'termination';

/** Where a step is known from. */
export type Source =
  /** The object itself. */
  | 'object'
  /** metadata.managedFields. */
  | 'managedFields'
  /** The object's versions that the store still has. */
  | 'versions'
  | 'event'
  /** What the node's kubelet and runtime keep. */
  | 'node'
  /** Worked out now by the scheduler's own plugins. */
  | 'recomputed';

export interface TraceStep {
  readonly component: Component;
  /** One or two words: `defaulting`, `filter`, `sandbox`. */
  readonly step: string;
  /** Absent: it is not on record. */
  readonly at?: Time;
  /** `at` is known to the second only, or worked out. */
  readonly isApproximate?: true;
  readonly message: string;
  /** Lines that belong to it. */
  readonly details?: readonly string[];
  readonly type: 'Normal' | 'Warning';
  readonly source: Source;
}

export interface Scheduling {
  /** The cluster as it was then: now. */
  readonly at: Time;
  readonly nodes: readonly NodeVerdict[];
}

export interface PodTrace {
  readonly timeline: PodTimeline;
  /** What the first component is: `kubectl`, or the controller that made the pod. */
  readonly client: string;
  readonly steps: readonly TraceStep[];
  readonly versions: readonly StoreVersion[];
  /** Absent: no scheduler chose a node for it, or it is gone. */
  readonly scheduling?: Scheduling;
}

/** What else is known besides the pod's own evidence. */
export interface Surroundings {
  /** What the API was sent, if a template of its owner says so. */
  readonly template?: unknown;
  readonly scheduling?: Scheduling;
  /** The cluster is at the other end of a network. */
  readonly isRemote?: true;
}

const REMOTE = "The scheduler's plugins are run again only for clusters in a state file of this machine.";

export function podTrace(evidence: Evidence, surroundings: Surroundings): PodTrace {
  const life = podTimeline(evidence);
  const { scheduling, isRemote } = surroundings;
  const timeline = isRemote === true ? { ...life, notes: [...life.notes, REMOTE] } : life;
  const { client, steps: request } = clientSteps(evidence);
  const parts = [
    request,
    apiServerSteps(evidence, surroundings.template),
    storeSteps(evidence),
    schedulerSteps(evidence, scheduling),
    kubeletSteps(evidence, timeline),
    runtimeSteps(evidence),
    terminationSteps(evidence, timeline),
  ];
  return { timeline, client, steps: parts.flat(), versions: storeVersions(evidence), ...(scheduling === undefined ? {} : { scheduling }) };
}
