/** What a kubelet remembers of a pod between reconciles, as JSON in the node's state. What the API shows is not repeated here. */

import type { KubeObject, ObjectKey } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import type { ResourceRequirements } from '../resources/pod-template/types.js';
import type { PodCondition } from '../resources/pods/types.js';
import type { Backoff } from './backoff.js';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';
export const PROBE_KINDS: readonly ProbeKind[] = ['startup', 'liveness', 'readiness'];

/** One prober worker (prober/worker.go) for the container instance it names. */
export interface ProbeRecord {
  /** The instance it counts for. */
  id: string;
  /** The value others go by; absent: none yet. */
  result?: 'success' | 'failure';
  /** The outcome of the latest run and how often in a row. */
  last?: 'success' | 'failure';
  run: number;
  /** The next tick; absent: never again for this instance. */
  next?: number;
  /** Nothing can differ before `next` (or ever) though ticks go on: they are not stepped through. `anchor` is one of them. */
  parked?: boolean;
  anchor?: number;
  /** An exec under way. */
  exec?: string;
}

export interface ContainerRecord {
  /** Where the spec has it, if not among `containers`. */
  kind?: 'initContainers' | 'ephemeralContainers';
  /** The newest instance. */
  id?: string;
  /** An instance that was running before this kubelet knew of it: its status stays as the API has it. */
  adopted?: string;
  /** Instances so far; the next one's attempt. */
  attempts: number;
  /** The image its newest instance was made of, as the spec wrote it (part of upstream's container hash). */
  image?: string;
  /** cpu and memory it has got, if any (actuated resources). */
  resources?: ResourceRequirements;
  /** The last start error (reason cache): what the waiting state shows. */
  waiting?: { reason: string; message: string };
  crash?: Backoff;
  probes?: Partial<Record<ProbeKind, ProbeRecord>>;
}

/** What a sync does one after the other: end a container and start it again, start it, or give it other resources. */
export interface Task {
  readonly do: 'kill' | 'start' | 'resize';
  readonly name: string;
  /** start: as the spec had it when the sync began. */
  readonly image?: string;
  /** kill: the Killing event's text. */
  readonly message?: string;
  readonly grace?: number;
}

/** What the sync under way waits for. */
export type Step =
  | { readonly for: 'sandbox'; readonly until: number }
  | {
      readonly for: 'pull';
      readonly name: string;
      readonly image: string;
      /** When this container asked; when its turn in the node's serial queue came; when it ends. */
      readonly asked: number;
      readonly began: number;
      readonly until: number;
      readonly error?: string;
      /** JSON of the image that will be there. */
      readonly pulled?: {
        readonly id: string;
        readonly repoDigest: string;
        readonly repoTags: readonly string[];
        readonly size: number;
        readonly user: string;
      };
    }
  | { readonly for: 'hook'; readonly name: string; readonly id: string; readonly hook: HookRun }
  | { readonly for: 'kill'; readonly name: string; readonly kill: KillRun }
  /** All that still runs is ended together, sidecars in their order. */
  | { readonly for: 'rest'; readonly kills: Record<string, KillRun> };

/** A lifecycle handler that runs. */
export interface HookRun {
  readonly exec?: string;
  /** The exec's command, for its texts. */
  readonly command?: readonly string[];
  /** sleep and http: over then. */
  readonly until?: number;
  readonly error?: string;
}

/** One container being stopped (kuberuntime_container.go killContainer). */
export interface KillRun {
  readonly id: string;
  /** When its stage began, and the milliseconds that were left then. */
  began: number;
  grace: number;
  /** `preStop`: the hook runs; `turn`: waits for others; `stopping`: the runtime has been told; `gone`. */
  stage: 'preStop' | 'turn' | 'stopping' | 'gone';
  hook?: HookRun;
}

/** The pod's own end: why, and how far it has come. */
export interface EndRecord {
  readonly began: number;
  /** Milliseconds each container may take. A second, hastier deletion changes nothing for what is being stopped already. */
  readonly grace: number;
  /** What the kubelet says about it once the containers are gone; absent for a deletion or a natural end. */
  readonly phase?: 'Failed' | 'Succeeded';
  readonly reason?: string;
  readonly message?: string;
  /** DisruptionTarget condition's message (reason TerminationByKubelet). */
  readonly disruption?: string;
  kills?: Record<string, KillRun>;
  /** All containers are gone; the kubelet has not seen it yet. */
  stopped?: number;
  /** All containers are gone and the status says so; the sandbox has been stopped. */
  finished?: number;
  /** TerminatePod is to come: the status does not yet say what was lost. `initialized`: regular containers had their chance. */
  losing?: { readonly initialized: boolean };
  /** The final delete of the API object is due. */
  deleteAt?: number;
  /** It has been sent; finalizers may keep the object. */
  deleted?: boolean;
}

/** A sync under way: what is still to be done, what it waits for, which instances it has ended itself. */
export interface SyncRecord {
  todo: Task[];
  step?: Step;
  failed?: boolean;
  /** A container has got other resources: the status is to say so soon. */
  resized?: boolean;
  killed?: string[];
}

export interface PodRecord {
  uid: string;
  /** status.startTime. */
  start: number;
  /** Refused by the kubelet's own admission. */
  rejected?: boolean;
  /** Of a static pod: what its mirror in the API is made of. */
  manifest?: KubeObject;
  /** Of a static pod: its manifest has been taken away. */
  removed?: boolean;
  /** While a resize waits: what the containers it would change have been allocated, by name. */
  allocated?: Record<string, ResourceRequirements>;
  /** How a resize stands: PodResizePending, PodResizeInProgress. */
  resize?: readonly PodCondition[];
  /** What it takes of the node, while it counts: cpu in milli, memory and ephemeral storage in bytes. */
  usage?: Usage;
  sandbox?: string;
  /** The sandbox before, for the containers that ended in it. */
  previous?: string;
  /** Sandboxes so far. */
  sandboxes: number;
  containers: Record<string, ContainerRecord>;
  /** Pulls that have failed, by image: the back-off is the pod's, whichever container asks. The error is that of the latest try. */
  pulls?: Record<string, Backoff & { error?: string }>;
  sync?: SyncRecord | undefined;
  /** The next sync is due. */
  syncAt?: number | undefined;
  /** What the latest sync saw of the runtime. */
  seen?: string;
  /** The spec the latest sync worked on: metadata.generation. */
  generation?: number;
  /** Volumes in place. */
  mounted?: boolean;
  /** Those the kubelet has made, by the runtime's names. */
  volumes?: string[];
  /** A print of what each was made of, to see when a ConfigMap or Secret has changed. */
  prints?: Record<string, number>;
  /** Waiting for volumes since then; the try under way has begun, or will begin, then; so long was the pause before it. */
  mount?: { delay: number; begun: number; since: number };
  end?: EndRecord;
  /** It is to go, for another's sake or the node's. */
  evict?: { readonly reason: 'Evicted' | 'Preempting'; readonly message: string; readonly disruption: string };
}

export interface Usage {
  cpu: number;
  memory: number;
  storage: number;
}

/** A pod whose object has gone while containers of it still ran. */
export interface Orphan {
  uid: string;
  sandbox: string;
  until: number;
}

/** The entry under a pod's key. */
export interface Entry {
  pod?: PodRecord;
  orphans?: Orphan[];
}

export const podsPrefix = (node: string): string => `nodes/${node}/pods/`;
/** Where the entry of a pod is; asked for once by who loads and saves it. */
export const entryKey = (node: string, key: ObjectKey): string => `nodes/${node}/pods/${key.namespace}/${key.name}`;

export const loadEntry = (state: StateMap, at: string): Entry => state.get<Entry>(at) ?? {};

export function saveEntry(state: StateMap, at: string, entry: Entry): void {
  if (entry.pod === undefined && (entry.orphans?.length ?? 0) === 0) state.delete(at);
  else if (entry.pod === undefined) state.set(at, entry);
  else state.set(at, entry.orphans === undefined ? { pod: stored(entry.pod) } : { ...entry, pod: stored(entry.pod) });
}

/** Those that most pods have only for a while, if ever. */
const RARE = ['rejected', 'manifest', 'removed', 'allocated', 'resize', 'volumes', 'prints', 'mount', 'previous', 'pulls', 'end', 'evict'] as const;

/**
 * Members in an order of their own, whatever has come and gone meanwhile: the same bytes in every process, and one shape for all pods at
 * rest. An object from which members have been deleted is a slow and large one.
 */
function stored(pod: PodRecord): PodRecord {
  const all: { readonly [K in Exclude<keyof Required<PodRecord>, (typeof RARE)[number]>]: PodRecord[K] } = {
    uid: pod.uid,
    start: pod.start,
    sandboxes: pod.sandboxes,
    containers: pod.containers,
    usage: pod.usage,
    seen: pod.seen,
    generation: pod.generation,
    mounted: pod.mounted,
    sandbox: pod.sandbox,
    sync: pod.sync,
    syncAt: pod.syncAt,
  };
  for (const member of RARE) if (pod[member] !== undefined) Object.assign(all, { [member]: pod[member] });
  return all as PodRecord;
}

/** The record of a container, made on first use. */
export function containerRecord(record: PodRecord, name: string): ContainerRecord {
  const known = record.containers[name];
  if (known !== undefined) return known;
  const made: ContainerRecord = { attempts: 0 };
  record.containers[name] = made;
  return made;
}
