/** What the scheduler does at one instant (pkg/scheduler/schedule_one.go). */
import { type KubeObject, keyOf, keyString } from '../api/object.js';
import type { Context, StateMap } from '../api/reconciler.js';
import { formatTime, parseTime, type Time } from '../api/time.js';
import type { PersistentVolumeClaim } from '../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../resources/persistentvolumes/types.js';
import type { Pod, PodCondition } from '../resources/pods/types.js';
import type { ClusterCache } from './cluster-cache.js';
import { attempt } from './cycle.js';
import { clusterKey } from './framework.js';
import type { NodeInfo } from './node-info.js';
import { isBound, planClaims, SELECTED_NODE } from './plugins/volume-binding.js';
import type { PodInfo } from './pod-info.js';
import { BY_SCHEDULER, preempt } from './preemption.js';
import { dueAt, type SchedulingQueue, type Waiting } from './queue.js';

const DEFAULT_SCHEDULER = 'default-scheduler';
const MANAGER = { fieldManager: 'kube-scheduler' } as const;
const BINDING = { ...MANAGER, subresource: 'binding' } as const;
/** Where to begin looking in a cluster too large to be looked at whole. */
const START = 'scheduler/start';
const SMALL_CLUSTER = 100;
const LONGEST_NOTE = 1024;
const NONE: readonly never[] = [];

/** Who is to schedule the pod, which is also who its events come from. */
const schedulerOf = ({ spec }: Pod): string => spec.schedulerName ?? DEFAULT_SCHEDULER;

/** Everything that can be done at one instant: all pods that wait are looked at, the most important first. */
export class Round {
  constructor(
    private readonly context: Context,
    private readonly state: StateMap,
    private readonly cache: ClusterCache,
    private readonly queue: SchedulingQueue,
    private readonly others: (pod: Pod) => readonly string[],
  ) {}

  /** When the next of those that wait may be tried again; undefined: none, unless something changes. */
  run(): Time | undefined {
    this.dropGone();
    for (const uid of this.ready()) {
      const pod = this.cache.pending.get(uid);
      if (pod !== undefined) this.schedule(pod);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const [, entry] of this.queue.all()) next = Math.min(next, dueAt(entry) ?? Number.POSITIVE_INFINITY);
    return next === Number.POSITIVE_INFINITY ? undefined : (next as Time);
  }

  /** Entries of pods that got a node, or are gone. */
  private dropGone(): void {
    for (const [key, { uid }] of [...this.queue.all()]) if (!this.cache.pending.has(uid)) this.queue.drop(key);
  }

  /** The uids of those to be tried now: by priority, then by how long they have waited. */
  private ready(): readonly string[] {
    const { now } = this.context;
    let known: ReadonlySet<string> | undefined;
    const isServed = (pod: Pod): boolean => {
      const name = schedulerOf(pod);
      if (name === DEFAULT_SCHEDULER) return true;
      known ??= new Set(this.context.api.list<Pod>('pods').flatMap(this.others));
      return known.has(name);
    };
    const found: { readonly uid: string; readonly priority: number; readonly since: number; readonly version: number }[] = [];
    for (const [uid, pod] of this.cache.pending) {
      const entry = this.queue.get(pod);
      if (!isServed(pod) || (entry !== undefined && !this.isDue(pod, entry))) continue;
      const waits = entry?.since ?? parseTime(pod.metadata.creationTimestamp ?? '') ?? now;
      found.push({ uid, priority: pod.spec.priority ?? 0, since: waits, version: Number(pod.metadata.resourceVersion) });
    }
    if (found.length > 1) found.sort((a, b) => b.priority - a.priority || a.since - b.since || a.version - b.version);
    return found.map(({ uid }) => uid);
  }

  private isDue(pod: Pod, entry: Waiting): boolean {
    if (entry.binding !== undefined) {
      this.finishBinding(pod, entry, entry.binding);
      return false;
    }
    return (dueAt(entry) ?? Number.POSITIVE_INFINITY) <= this.context.now;
  }

  private schedule(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.skip(pod);
      return;
    }
    const { cache, context } = this;
    const info = cache.info(pod);
    const isLarge = cache.nodes.length > SMALL_CLUSTER;
    const start = isLarge ? (this.state.get<number>(START) ?? 0) : 0;
    const promised = this.promises(info);
    const result = attempt(info, cache, { random: () => context.random('scheduler'), start, nominated: promised });
    if (isLarge) this.state.set(START, (start + result.looked) % cache.nodes.length);
    if (result.node !== undefined) {
      this.take(info, result.node);
      return;
    }
    const rescue = result.rejections.size === 0 ? undefined : preempt(info, cache, result.rejections, promised);
    const message = rescue?.node === undefined && rescue !== undefined ? `${result.message} ${rescue.message}` : result.message;
    if (rescue?.node !== undefined) for (const victim of rescue.victims) this.evict(victim, info, rescue.node);
    const nominated = rescue === undefined ? '' : (rescue.node ?? (rescue.clear ? '' : undefined));
    this.fail(pod, message, [...result.plugins], 'Unschedulable', nominated);
    if (rescue?.node === undefined) return;
    this.revokePromises(info, rescue.node);
    // A victim without grace was gone before anybody waited for that.
    if (rescue.victims.some((victim) => this.context.api.get('pods', keyOf(victim)) === undefined)) this.queue.move('PodDelete', this.context.now);
  }

  /** Nobody schedules what is being deleted. */
  private skip(pod: Pod): void {
    const { namespace, name } = keyOf(pod);
    this.warn(pod, `skip schedule deleting pod: ${namespace}/${name}`);
    this.queue.put(keyString(keyOf(pod)), { uid: pod.metadata.uid ?? '', attempts: 1, since: this.context.now, plugins: [], isSkipped: true });
  }

  /** Pods that a node has promised room to, as far as they come before this one; undefined: there are none at all. */
  private promises(pod: PodInfo): ((node: NodeInfo) => readonly PodInfo[]) | undefined {
    if (this.queue.isEmpty) return undefined;
    const promised = new Map<string, PodInfo[]>();
    for (const [key, entry] of this.queue.all()) {
      const other = key === pod.key ? undefined : this.cache.pending.get(entry.uid);
      const node = entry.binding ?? other?.status?.nominatedNodeName;
      if (other === undefined || !node || (entry.binding === undefined && (other.spec.priority ?? 0) < pod.priority)) continue;
      promised.set(node, [...(promised.get(node) ?? []), this.cache.info(other)]);
    }
    return promised.size === 0 ? undefined : (node) => promised.get(node.name) ?? [];
  }

  /** Binds the pod to the node, or first its claims to volumes. */
  private take(pod: PodInfo, node: NodeInfo): void {
    const plans = pod.claims.length === 0 ? NONE : planClaims(pod, node, this.cache);
    if (plans.length === 0) {
      this.cache.assume(pod);
      this.bind(pod.pod, node.name);
      return;
    }
    for (const { claim, volume } of plans) {
      if (volume === undefined) this.selectNode(claim, node.name);
      else this.reserveVolume(claim, volume);
    }
    const attempts = (this.queue.get(pod.pod)?.attempts ?? 0) + 1;
    this.queue.put(pod.key, { uid: pod.pod.metadata.uid ?? '', attempts, since: this.context.now, plugins: [], binding: node.name });
  }

  private bind(pod: Pod, node: string): void {
    const { namespace, name } = keyOf(pod);
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { namespace, name }, target: { kind: 'Node', name: node } } as KubeObject;
    this.context.api.create('pods', binding, BINDING);
    this.queue.drop(keyString({ namespace, name }));
    this.context.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, {
      component: schedulerOf(pod),
      action: 'Binding',
    });
  }

  /** Asks the provisioner for a volume this node can use. */
  private selectNode(claim: PersistentVolumeClaim, node: string): void {
    const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node };
    this.context.api.update('persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, annotations } }, MANAGER);
  }

  private reserveVolume(claim: PersistentVolumeClaim, name: string): void {
    const volume = this.context.api.get<PersistentVolume>('persistentvolumes', clusterKey(name));
    if (volume === undefined) return;
    const { namespace, name: claimName } = keyOf(claim);
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace,
      name: claimName,
      ...(claim.metadata.uid === undefined ? {} : { uid: claim.metadata.uid }),
      apiVersion: 'v1',
      ...(claim.metadata.resourceVersion === undefined ? {} : { resourceVersion: claim.metadata.resourceVersion }),
    };
    const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' };
    this.context.api.update('persistentvolumes', { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } }, MANAGER);
  }

  /** The claims may be bound by now. */
  private finishBinding(pod: Pod, entry: Waiting, node: string): void {
    const { api, now } = this.context;
    const { namespace } = keyOf(pod);
    const isReady = this.cache.info(pod).claims.every(({ name }) => {
      const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name });
      return claim !== undefined && isBound(claim);
    });
    if (isReady) this.bind(pod, node);
    else if ((dueAt(entry) as Time) <= now)
      this.fail(pod, 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded', [], 'SchedulerError', '');
  }

  /** The victim of preemption: told why, then deleted with its own grace. */
  private evict(victim: Pod, { pod: preemptor }: PodInfo, node: string): void {
    const { api, event } = this.context;
    if (victim.metadata.deletionTimestamp === undefined) {
      const condition = {
        type: 'DisruptionTarget',
        status: 'True',
        reason: BY_SCHEDULER,
        message: `${schedulerOf(preemptor)}: preempting to accommodate a higher priority pod`,
      } as const;
      this.updateStatus(victim, condition, undefined);
      api.delete('pods', keyOf(victim));
    }
    event(victim, 'Normal', 'Preempted', `Preempted by pod ${preemptor.metadata.uid} on node ${node}`, {
      component: schedulerOf(preemptor),
      action: 'Preempting',
      related: preemptor,
    });
  }

  /** Less important pods that were promised the same node have to look again. */
  private revokePromises(pod: PodInfo, node: string): void {
    const pending = [...this.cache.pending.values()].sort((a, b) => (keyString(keyOf(a)) < keyString(keyOf(b)) ? -1 : 1));
    for (const other of pending)
      if (other.status?.nominatedNodeName === node && (other.spec.priority ?? 0) < pod.priority) this.updateStatus(other, undefined, '');
  }

  /** Says why the pod waits, and lets it wait. */
  private fail(pod: Pod, message: string, plugins: readonly string[], reason: 'Unschedulable' | 'SchedulerError', nominated: string | undefined): void {
    const attempts = (this.queue.get(pod)?.attempts ?? 0) + 1;
    this.queue.put(keyString(keyOf(pod)), { uid: pod.metadata.uid ?? '', attempts, since: this.context.now, plugins });
    this.warn(pod, message);
    this.updateStatus(pod, { type: 'PodScheduled', status: 'False', reason, message }, nominated);
  }

  private warn(pod: Pod, message: string): void {
    const note = message.length <= LONGEST_NOTE ? message : `${message.slice(0, LONGEST_NOTE - 4)} ...`;
    this.context.event(pod, 'Warning', 'FailedScheduling', note, { component: schedulerOf(pod), action: 'Scheduling' });
  }

  /** Written only when something is new. `nominated`: undefined keeps it, '' takes it back. */
  private updateStatus(pod: Pod, condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'> | undefined, nominated: string | undefined): void {
    const { nominatedNodeName, ...status } = pod.status ?? {};
    const conditions = condition === undefined ? status.conditions : withCondition(status.conditions ?? [], condition, this.context.now);
    const node = nominated ?? nominatedNodeName ?? '';
    if (conditions === status.conditions && node === (nominatedNodeName ?? '')) return;
    const next = { ...status, ...(conditions === undefined ? {} : { conditions }), ...(node === '' ? {} : { nominatedNodeName: node }) };
    this.context.api.updateStatus('pods', { ...pod, status: next }, MANAGER);
  }
}

/** podutil.UpdatePodCondition: the time is that of the last change of status. The same list when nothing is new. */
function withCondition(
  conditions: readonly PodCondition[],
  condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: Time,
): readonly PodCondition[] {
  const old = conditions.find(({ type }) => type === condition.type);
  if (old !== undefined && old.status === condition.status && old.reason === condition.reason && old.message === condition.message) return conditions;
  const lastTransitionTime = old !== undefined && old.status === condition.status ? (old.lastTransitionTime ?? null) : formatTime(now);
  const next: PodCondition = { ...condition, lastProbeTime: null, lastTransitionTime };
  return old === undefined ? [...conditions, next] : conditions.map((other) => (other === old ? next : other));
}
