/** A workload (Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob) as rules look at it. */
import type { KubeObject } from '../../api/object.js';
import type { Event } from '../../resources/events/types.js';
import type { Pod } from '../../resources/pods/types.js';
import { isWell } from './diagnose-pod.js';
import { eventLine } from './evidence.js';
import { baseValues } from './pod-case.js';
import type { Evidence, Values } from './rule.js';
import { lastSeen, type World } from './world.js';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** As much of a workload as all kinds have in common. */
export interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly suspend?: boolean;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy?: string;
    readonly progressDeadlineSeconds?: number;
  };
  readonly status?: Readonly<Record<string, unknown>> & { readonly conditions?: readonly Condition[] };
}

export interface WorkloadCase<T extends KubeObject = Workload> {
  readonly world: World;
  readonly object: T;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `deployment/web`. */
  readonly target: string;
  /** Those it has made, itself or through what it owns; without those that are being deleted. */
  readonly pods: readonly Pod[];
  readonly desired: number;
  readonly ready: number;
  condition(type: string): Condition | undefined;
  /** The newest Event, of it or of what it owns, with this reason. */
  event(reason: string | RegExp, message?: RegExp): Event | undefined;
  seen(reason: string | RegExp, message?: RegExp): Evidence | undefined;
}

/** All objects of a resource that the object owns, or that something it owns does. */
export function ownedBy<T extends KubeObject>(world: World, object: KubeObject, resource: string): readonly T[] {
  const owners = new Set([object.metadata.uid]);
  for (const between of ['jobs', 'replicasets'])
    for (const one of world.list(between) ?? [])
      if (one.metadata.ownerReferences?.some((owner) => owner.uid !== undefined && owners.has(owner.uid))) owners.add(one.metadata.uid);
  return (world.list<T>(resource) ?? []).filter((one) =>
    one.metadata.ownerReferences?.some((owner) => owner.controller !== false && owner.uid !== undefined && owners.has(owner.uid)),
  );
}

export function workloadCase<T extends KubeObject>(world: World, object: T): WorkloadCase<T> {
  const { namespace = '', name = '' } = object.metadata;
  const { spec, status = {} } = object as unknown as Workload;
  const number = (key: string): number | undefined => (typeof status[key] === 'number' ? (status[key] as number) : undefined);
  const owned = [object, ...ownedBy<KubeObject>(world, object, 'replicasets')];
  const events = owned.flatMap((one) => world.events(one)).sort((a, b) => lastSeen(a) - lastSeen(b));
  const event: WorkloadCase['event'] = (reason, message = /(?:)/) =>
    events.findLast((one) => (typeof reason === 'string' ? one.reason === reason : reason.test(one.reason ?? '')) && message.test(one.message ?? ''));
  return {
    world,
    object,
    kind: object.kind,
    namespace,
    name,
    target: `${object.kind.toLowerCase()}/${name}`,
    pods: ownedBy<Pod>(world, object, 'pods').filter((pod) => pod.metadata.deletionTimestamp === undefined),
    desired: number('desiredNumberScheduled') ?? spec?.replicas ?? 1,
    ready: number('readyReplicas') ?? number('numberReady') ?? 0,
    condition: (type) => status.conditions?.find((one) => one.type === type),
    event,
    seen: (reason, message) => eventLine(event(reason, message), world.now),
  };
}

export function workloadValues(given: WorkloadCase<KubeObject>): Values {
  const { world, object, target, desired, ready, pods } = given;
  return { ...baseValues(world, object), target, kind: given.kind, desired, ready, made: pods.length, unwell: pods.filter((pod) => !isWell(pod)).length };
}
