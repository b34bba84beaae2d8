/** The DaemonSet loop: pkg/controller/daemon/{daemon_controller,update}.go. */

import { isSameMap, isSemanticEqual } from '../../api/equality.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { selectorOf } from '../../api/selectors.js';
import { type Duration, minutes, parseTime, seconds } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { retryDelay } from '../../controllers/backoff.js';
import { eventsAbout } from '../../controllers/events/recorder.js';
import { scaledValue } from '../../controllers/int-or-string.js';
import { changedOwner, claim, concernedOwners } from '../../controllers/owned.js';
import { podTemplateHash } from '../../controllers/pod-template-hash.js';
import {
  countingDelay,
  createPod,
  deletePod,
  type Failure,
  isAvailable,
  isCounted,
  isReady,
  isTerminal,
  isUrgent,
  nextAvailable,
  slowStart,
} from '../../controllers/pods.js';
import {
  byRevision,
  createRevision,
  isSameData,
  REVISION_HASH,
  REVISIONS,
  setRevisionNumber,
  templatePatch,
  truncateHistory,
} from '../../controllers/revisions.js';
import type { ControllerRevision } from '../controllerrevisions/types.js';

import type { Node } from '../nodes/types.js';
import type { Pod } from '../pods/types.js';
import { type Fit, fitFor, isUpdated, podFor, targetNode } from './pods.js';
import type { DaemonSet, DaemonSetStatus } from './types.js';

const SETS = 'daemonsets.apps';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];
const podKeys = concernedOwners('DaemonSet', SETS);
/** BurstReplicas. */
const BURST = 250;
/** Killing failed pods: a second, doubling. */
const BACKOFF = seconds(1);
const MAX_BACKOFF = minutes(15);

export const controller: Reconciler = {
  name: 'daemonset-controller',
  watches: [
    { resource: SETS, keys: changedOwner },
    { resource: 'pods', controlledBy: 'DaemonSet', keys: (event, api) => (isUrgent(event) || event.type === 'DELETED' ? podKeys(event, api) : NONE) },
    {
      resource: 'pods',
      controlledBy: 'DaemonSet',
      keys: (event, api) => (isCounted(event) ? podKeys(event, api) : NONE),
      after: (key, api) => countingDelay(api.get<DaemonSet>(SETS, key)?.status?.desiredNumberScheduled ?? 0),
    },
    { resource: 'nodes', keys: (event, api) => (isNodeNews(event) ? api.list<DaemonSet>(SETS).map(keyOf) : NONE) },
  ],
  reconcile: (key, context) => {
    const set = context.api.get<DaemonSet>(SETS, key);
    return set === undefined || set.metadata.deletionTimestamp !== undefined ? undefined : reconcile(set, context);
  },
};

/** Upstream does not watch nodes go: the pods left behind wake it. */
function isNodeNews({ type, object, old }: WatchEvent): boolean {
  if (type !== 'MODIFIED') return type === 'ADDED';
  const [node, before] = [object as Node, old as Node];
  return !isSameMap(node.metadata.labels, before.metadata.labels) || !isSemanticEqual(node.spec?.taints, before.spec?.taints);
}

function reconcile(set: DaemonSet, context: Context): Result | undefined {
  const { api, now } = context;
  const { selector } = set.spec;
  if (Object.keys(selector?.matchLabels ?? {}).length === 0 && !selector?.matchExpressions?.length) {
    context.event(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
    return undefined;
  }
  const { current, all, collisionCount } = findRevisions(set, api);
  const pods = claim<Pod>(api, 'pods', set, selectorOf(selector));
  const sync = new Sync(set, pods, current.metadata.labels?.[REVISION_HASH] ?? '', context);
  const failure = sync.run();
  truncateHistory(api, all, (revision) => revision.metadata.name === current.metadata.name || isInUse(revision, pods), set.spec.revisionHistoryLimit ?? 10);
  const status = { ...sync.status(), ...(collisionCount === 0 ? {} : { collisionCount }) };
  if (!isSemanticEqual(status, set.status)) api.updateStatus<DaemonSet>(SETS, { ...set, status }, WRITE);
  if (failure !== undefined && failure.isNamespaceTerminating !== true)
    return {
      requeueAfter: retryDelay(context, set, failure.message.startsWith('unable to delete') ? 'FailedDelete' : 'FailedCreate', set.metadata.creationTimestamp),
    };
  const waits = [sync.backoff, nextAvailable(pods, set.spec.minReadySeconds ?? 0, now)].filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : { requeueAfter: Math.min(...waits) as Duration };
}

const isInUse = ({ metadata }: ControllerRevision, pods: readonly Pod[]): boolean =>
  pods.some((pod) => pod.metadata.labels?.[REVISION_HASH] === metadata.labels?.[REVISION_HASH]);

/** constructHistory: the revision of the template, which has the highest number. */
function findRevisions(set: DaemonSet, api: Api): { current: ControllerRevision; all: readonly ControllerRevision[]; collisionCount: number } {
  const all = claim<ControllerRevision>(api, REVISIONS, set, selectorOf(set.spec.selector)).toSorted(byRevision);
  const data = templatePatch(set.spec.template);
  const collisions = set.status?.collisionCount ?? 0;
  const equal = all.findLast((revision) => isSameData(revision, { data } as ControllerRevision));
  const highest = all.reduce((max, revision) => (revision === equal ? max : Math.max(max, revision.revision)), 0);
  if (equal !== undefined) return { current: equal.revision > highest ? equal : setRevisionNumber(api, equal, highest + 1), all, collisionCount: collisions };
  const plan = {
    owner: set,
    data,
    revision: highest + 1,
    labels: set.spec.template.metadata?.labels ?? {},
    // Upstream hashes with the count only where there is one.
    hash: (count: number) => podTemplateHash(set.spec.template, count === 0 ? undefined : count),
    hashLabel: REVISION_HASH,
  };
  const { revision, collisionCount } = createRevision(api, plan, collisions);
  return { current: revision, all: [...all, revision], collisionCount };
}

/** Scheduled before unscheduled, then the oldest. */
const byAge = (a: Pod, b: Pod): number =>
  Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
  compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compare(a.metadata.name ?? '', b.metadata.name ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One pass over the nodes. */
class Sync {
  /** How long until failed pods may be killed again. */
  backoff: Duration | undefined;
  private readonly nodes: readonly Node[];
  private readonly fits: ReadonlyMap<Node, Fit>;
  /** Names of the nodes where a pod is to run. */
  private readonly runsOn: ReadonlySet<string>;
  private readonly desired: number;
  private readonly maxSurge: number;
  private readonly byNode = new Map<string, Pod[]>();

  constructor(
    private readonly set: DaemonSet,
    pods: readonly Pod[],
    private readonly hash: string,
    private readonly context: Context,
  ) {
    this.nodes = context.api.list<Node>('nodes');
    const fitOf = fitFor(set);
    this.fits = new Map(this.nodes.map((node) => [node, fitOf(node)]));
    this.runsOn = new Set(this.nodes.filter((node) => this.shouldRun(node)).map(({ metadata }) => metadata.name ?? ''));
    this.desired = this.runsOn.size;
    const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
    this.maxSurge = type === 'RollingUpdate' ? scaledValue(rollingUpdate?.maxSurge, this.desired, 'up') : 0;
    for (const pod of pods) {
      const node = targetNode(pod);
      // A pod that has ended and is going no longer occupies its node.
      if (node === undefined || (isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined)) continue;
      this.byNode.set(node, [...(this.byNode.get(node) ?? []), pod]);
    }
  }

  private shouldRun(node: Node): boolean {
    return this.fits.get(node)?.shouldRun === true;
  }

  run(): Failure | undefined {
    const create: string[] = [];
    const remove: Pod[] = [];
    const known = new Set<string>();
    for (const node of this.nodes) {
      known.add(node.metadata.name ?? '');
      this.manage(node, create, remove);
    }
    // Pods for nodes that are no more, not yet scheduled.
    for (const [node, pods] of this.byNode)
      if (!known.has(node)) remove.push(...pods.filter(({ spec, metadata }) => !spec.nodeName && metadata.deletionTimestamp === undefined));
    if (create.length === 0 && remove.length === 0 && this.set.spec.updateStrategy?.type === 'RollingUpdate') this.rollingUpdate(create, remove);
    return this.apply(create, remove);
  }

  private apply(create: readonly string[], remove: readonly Pod[]): Failure | undefined {
    const { set, context, hash } = this;
    let failure = slowStart(Math.min(create.length, BURST), (i) => createPod(context, set, podFor(set, create[i] as string, hash)));
    for (const pod of remove.slice(0, BURST)) failure = deletePod(context, set, pod) ?? failure;
    return failure;
  }

  /** podsShouldBeOnNode. */
  private manage(node: Node, create: string[], remove: Pod[]): void {
    const name = node.metadata.name ?? '';
    const { shouldRun = false, mayStay = false } = this.fits.get(node) ?? {};
    const pods = this.byNode.get(name);
    if (pods === undefined) {
      if (shouldRun) create.push(name);
      return;
    }
    const there = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    if (!mayStay) {
      remove.push(...there);
      return;
    }
    const running = there.filter((pod) => !this.isEnded(pod, name, remove)).toSorted(byAge);
    if (this.maxSurge === 0) {
      remove.push(...running.slice(1));
      return;
    }
    if (running.length === 0 && shouldRun) create.push(name);
    if (running.length > 1) this.manageSurge(running, remove);
  }

  /** Ended pods are removed, failed ones with a pause that doubles. */
  private isEnded(pod: Pod, node: string, remove: Pod[]): boolean {
    const { context, set } = this;
    const where = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}`;
    if (pod.status?.phase === 'Failed') {
      const wait = this.failureBackoff();
      if (wait > 0) this.backoff = wait;
      else {
        context.event(set, 'Warning', 'FailedDaemonPod', `Found failed ${where}, will try to kill it`);
        remove.push(pod);
      }
      return true;
    }
    if (pod.status?.phase !== 'Succeeded') return false;
    context.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${where}, will try to delete it`);
    remove.push(pod);
    return true;
  }

  /** The events that tell of killing them are the memory of when it was last done, and how often. */
  private failureBackoff(): Duration {
    const { api, now } = this.context;
    let count = 0;
    let last = 0;
    for (const event of eventsAbout(api, this.set)) {
      if (event.reason !== 'FailedDaemonPod') continue;
      count += event.count ?? 1;
      last = Math.max(last, parseTime(event.lastTimestamp ?? '') ?? 0);
    }
    if (count === 0) return 0 as Duration;
    const pause = Math.min(MAX_BACKOFF, BACKOFF * 2 ** Math.min(count - 1, 20));
    // Long quiet forgets (twice the longest pause).
    return (now - last > 2 * MAX_BACKOFF ? 0 : Math.max(0, last + pause - now)) as Duration;
  }

  /** Two pods may be on a node while the new one is not available and the old one ready. */
  private manageSurge(running: readonly Pod[], remove: Pod[]): void {
    const { set, hash, context } = this;
    const isNew = (pod: Pod) => pod.metadata.labels?.[REVISION_HASH] === hash;
    const newPod = running.find(isNew);
    const oldPod = running.find((pod) => !isNew(pod));
    remove.push(...running.filter((pod) => pod !== newPod && pod !== oldPod));
    if (newPod === undefined || oldPod === undefined) return;
    if (!isReady(oldPod) || isAvailable(newPod, set.spec.minReadySeconds ?? 0, context.now)) remove.push(oldPod);
  }

  private rollingUpdate(create: string[], remove: Pod[]): void {
    const unavailable = scaledValue(this.set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, this.desired, 'up');
    const sorted = [...new Set([...this.byNode.keys(), ...this.runsOn])].sort();
    if (this.maxSurge > 0) this.surge(sorted, this.maxSurge, create, remove);
    else this.replace(sorted, unavailable === 0 ? 1 : unavailable, remove);
  }

  /** The one new and the one old pod on a node; false: there are more, which is not for here. */
  private podsOn(node: string): { newPod?: Pod; oldPod?: Pod } | false {
    const pods = (this.byNode.get(node) ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const [newPod, ...moreNew] = pods.filter((pod) => isUpdated(this.set, pod, this.hash));
    const [oldPod, ...moreOld] = pods.filter((pod) => !isUpdated(this.set, pod, this.hash));
    if (moreNew.length + moreOld.length > 0) return false;
    return { ...(newPod === undefined ? {} : { newPod }), ...(oldPod === undefined ? {} : { oldPod }) };
  }

  private isIn(pod: Pod): boolean {
    return isAvailable(pod, this.set.spec.minReadySeconds ?? 0, this.context.now);
  }

  /** Without surge: old pods that are not available go at once, others while few enough are unavailable. */
  private replace(nodes: readonly string[], maxUnavailable: number, remove: Pod[]): void {
    let unavailable = 0;
    const candidates: Pod[] = [];
    for (const node of nodes) {
      const found = this.podsOn(node);
      if (found === false || (found.newPod === undefined) === (found.oldPod === undefined)) unavailable++;
      else if (found.newPod !== undefined) unavailable += this.isIn(found.newPod) ? 0 : 1;
      else if (found.oldPod !== undefined && !this.isIn(found.oldPod)) {
        remove.push(found.oldPod);
        unavailable++;
      } else if (found.oldPod !== undefined) candidates.push(found.oldPod);
    }
    remove.push(...candidates.slice(0, Math.max(0, maxUnavailable - unavailable)));
  }

  /**
   * With surge: a new pod next to the old one, which goes when the new one is available. Where no pod is to run any more the old one goes
   * when enough others are available.
   */
  private surge(nodes: readonly string[], maxSurge: number, create: string[], remove: Pod[]): void {
    let [surging, available] = [0, 0];
    const candidates: string[] = [];
    const misplaced: Pod[] = [];
    for (const node of nodes) {
      const found = this.podsOn(node);
      if (found === false) {
        surging++;
        continue;
      }
      const { oldPod, newPod } = found;
      const first = oldPod ?? newPod;
      const isFirstIn = first !== undefined && this.isIn(first);
      if (isFirstIn) available++;
      if (oldPod === undefined) continue;
      if (newPod !== undefined) {
        if (this.isIn(newPod)) remove.push(oldPod);
        else surging++;
      } else if (this.runsOn.has(node)) (isFirstIn ? candidates : create).push(node);
      else (isFirstIn ? misplaced : remove).push(oldPod);
    }
    remove.push(...misplaced.slice(0, Math.max(0, available - this.desired)));
    create.push(...candidates.slice(0, Math.max(0, maxSurge - surging)));
  }

  /** Counts what was there when the pass began; of several pods on a node, the oldest. */
  status(): DaemonSetStatus {
    const { set, hash } = this;
    let [desired, current, misscheduled, ready, available, updated] = [0, 0, 0, 0, 0, 0];
    for (const node of this.nodes) {
      const [pod] = (this.byNode.get(node.metadata.name ?? '') ?? NONE).toSorted(byAge);
      if (!this.shouldRun(node)) {
        if (pod !== undefined) misscheduled++;
        continue;
      }
      desired++;
      if (pod === undefined) continue;
      current++;
      if (isReady(pod)) ready++;
      if (this.isIn(pod)) available++;
      if (isUpdated(set, pod, hash)) updated++;
    }
    return {
      currentNumberScheduled: current,
      desiredNumberScheduled: desired,
      numberMisscheduled: misscheduled,
      numberReady: ready,
      ...(available === 0 ? {} : { numberAvailable: available }),
      ...(desired === available ? {} : { numberUnavailable: desired - available }),
      ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
      observedGeneration: set.metadata.generation ?? 0,
    };
  }
}
