/** The kubelet of one node as a reconciler: its pods one key each, the node itself under the key without a namespace. */
import { type KubeObject, keyOf, type ObjectKey } from '../api/object.js';
import type { Context, Reconciler, Result } from '../api/reconciler.js';
import { formatTime, milliseconds, seconds, type Time } from '../api/time.js';
import type { WatchEvent } from '../api/verbs.js';
import type { Pod } from '../resources/pods/types.js';
import { admit } from './admission.js';
import { adopt, isKnownElsewhere } from './adopt.js';
import { pastDeadline } from './deadline.js';
import { beginEnd, continueEnd, deletionGrace } from './end-pod.js';
import { ServiceVariables } from './env.js';
import { evict } from './eviction.js';
import { endPastStorageLimit } from './local-storage.js';
import { keepMirror, manifestOf } from './mirror.js';
import { isNodeDown, type NodeFault, nodeFaultKey, reconcileNode } from './node.js';
import { releaseUsage } from './node-usage.js';
import { hasProbes, runProbes } from './probes.js';
import { type Entry, entryKey, loadEntry, type PodRecord, saveEntry } from './record.js';
import { manifestsKey, reconcileManifests } from './static-pods.js';
import { continueSync, isSyncDue, startSync } from './sync-pod.js';
import { refreshVolumes, volumeUsers } from './volume-updates.js';
import { type Kubelet, type KubeletOptions, Work } from './work.js';

const NONE: readonly ObjectKey[] = [];
/** Containers of a pod whose object has been taken away get this long. */
const ORPHAN_GRACE = seconds(2);
/** ConfigMaps and Secrets reach running pods when the kubelet's cache and sync period have gone by. */
const VOLUME_UPDATE = seconds(75);
/**
 * Who makes a pod anew for each one that a node turns away (a ReplicaSet, a StatefulSet) does so without an end. What holds it up is the
 * controller manager's own limit of 20 requests a second: a removal or a new pod and its counts each time.
 */
const REPLACEMENT = milliseconds(150);

export function createKubelet(options: KubeletOptions): Reconciler {
  const { node, state } = options;
  const fault = nodeFaultKey(node);
  const kubelet: Kubelet = {
    ...options,
    services: new ServiceVariables(),
    resolvers: new Map(),
    keys: { usage: `nodes/${node}/usage`, pulls: `nodes/${node}/pulls` },
  };
  return {
    name: `kubelet/${node}`,
    watches: [
      { resource: 'pods', only: { of: nodesOfPod, value: node }, keys: (event) => podKeys(event as WatchEvent<Pod>, node) },
      {
        resource: 'configmaps',
        after: VOLUME_UPDATE,
        keys: (event, api) => (event.type === 'DELETED' ? NONE : volumeUsers(api, node, 'configmap', event.object)),
      },
      { resource: 'secrets', after: VOLUME_UPDATE, keys: (event, api) => (event.type === 'DELETED' ? NONE : volumeUsers(api, node, 'secret', event.object)) },
      {
        resource: 'nodes',
        only: { of: nameOf, value: node },
        keys: (event) => (event.object.metadata.name === node && event.type !== 'MODIFIED' ? [{ namespace: '', name: node }] : nodeKeys(event, node)),
      },
    ],
    reconcile(key, context): Result | undefined {
      if (key.namespace === '' && key.name === node) return reconcileNode(options, context);
      if (isNodeDown(state, fault)) return runOn(options, key, context.now);
      if (key.namespace === '') return reconcileManifests(options, context);
      const at = entryKey(node, key);
      const entry = loadEntry(state, at);
      const pod = context.api.get<Pod>('pods', key);
      const own = keepMirror(context, key, node, entry, pod?.spec.nodeName === node ? pod : undefined);
      if (entry.pod !== undefined && entry.pod.uid !== own?.metadata.uid) {
        // Another one of its name may wait for this.
        if (entry.pod.removed === true) context.requeue(manifestsKey, milliseconds(0));
        forget(kubelet, context, key, entry);
      }
      const orphansDue = reap(options, context, entry);
      let due: number | undefined;
      if (own !== undefined) {
        const record = entry.pod ?? newRecord(own, context);
        const work = new Work(kubelet, context, key, own, record);
        entry.pod = record;
        reconcilePod(work);
        due = work.requeueAfter;
      }
      saveEntry(state, at, entry);
      const after = Math.min(due ?? Number.POSITIVE_INFINITY, orphansDue ?? Number.POSITIVE_INFINITY);
      return after === Number.POSITIVE_INFINITY ? undefined : { requeueAfter: after as NonNullable<Result['requeueAfter']> };
    },
  };
}

/** The kubelet has been stopped: what its node runs goes on without it. */
function runOn({ node, state, runtime }: KubeletOptions, key: ObjectKey, now: Time): Result | undefined {
  if (state.get<NodeFault>(nodeFaultKey(node))?.kind !== 'kubelet') return undefined;
  const { sandbox } = loadEntry(state, entryKey(node, key)).pod ?? {};
  if (sandbox === undefined) return undefined;
  runtime.advance(sandbox);
  const next = runtime.nextEvent(sandbox);
  return next === undefined ? undefined : { requeueAfter: milliseconds(Math.max(0, next - now)) };
}

const NOBODY: readonly string[] = [];
/** For watches of the pods of one node. */
export const nodesOfPod = ({ object }: WatchEvent): readonly string[] => {
  const { nodeName } = (object as Pod).spec;
  return nodeName ? [nodeName] : NOBODY;
};
const nameOf = ({ object }: WatchEvent): readonly string[] => [object.metadata.name ?? ''];

/** Cordoning and taints matter to the kubelet; its own status does not. */
function nodeKeys(event: WatchEvent, node: string): readonly ObjectKey[] {
  if (event.object.metadata.name !== node || event.old === undefined) return NONE;
  const spec = (object: KubeObject): unknown => (object as KubeObject & { spec?: unknown }).spec;
  return spec(event.object) === spec(event.old) ? NONE : [{ namespace: '', name: node }];
}

/** Pods of this node; not the echo of the kubelet's own status writes. */
function podKeys(event: WatchEvent<Pod>, node: string): readonly ObjectKey[] {
  const { object, old } = event;
  if (object.spec.nodeName !== node) return NONE;
  if (event.type === 'MODIFIED' && old !== undefined) {
    const meta = object.metadata;
    const before = old.metadata;
    const same =
      object.spec === old.spec &&
      meta.deletionTimestamp === before.deletionTimestamp &&
      meta.deletionGracePeriodSeconds === before.deletionGracePeriodSeconds &&
      meta.labels === before.labels &&
      meta.annotations === before.annotations &&
      (object.spec.readinessGates === undefined || object.status?.conditions === old.status?.conditions);
    if (same) return NONE;
  }
  return [keyOf(object)];
}

function newRecord(pod: Pod, { now }: Context): PodRecord {
  const manifest = manifestOf(pod);
  const record: PodRecord = { uid: pod.metadata.uid ?? '', start: now, sandboxes: 0, containers: {}, syncAt: now };
  if (manifest !== undefined) record.manifest = manifest;
  return record;
}

function reconcilePod(work: Work): void {
  const { record, pod, runtime } = work;
  if (record.rejected === true) return;
  if (record.seen === undefined && record.usage === undefined && isKnownElsewhere(pod)) adopt(work);
  if (record.seen === undefined && record.end === undefined && record.usage === undefined && !isAdmitted(work)) return;
  if (record.sandbox !== undefined) runtime.advance(record.sandbox);
  if (record.end === undefined) {
    if (record.mounted === true) refreshVolumes(work);
    if (waitsForVolumes(work) && isToEnd(work)) delete record.sync;
    // Whatever has come in between, a sync that has got further is not broken off: pulls, hooks and starts go on to its end.
    continueSync(work);
  }
  if (record.end === undefined && record.sync === undefined) {
    if (pod.metadata.deletionTimestamp !== undefined) beginEnd(work, { grace: deletionGrace(work) });
    else if (record.removed === true) beginEnd(work, { grace: work.gracePeriod });
    else if (record.evict !== undefined) evict(work, record.evict);
    else if (!pastDeadline(work)) endPastStorageLimit(work);
  }
  if (record.end !== undefined) {
    const probing = record.end.finished === undefined && hasProbes(work);
    if (probing) runProbes(work, false);
    if (record.end.kills !== undefined || record.end.finished !== undefined) continueEnd(work);
    if (probing && work.changed && !work.written) work.writeStatus();
  } else {
    // Somebody else's condition may be what a readiness gate waits for.
    if (pod.spec.readinessGates !== undefined && record.seen !== undefined) work.changed = true;
    const due = isSyncDue(work);
    if (hasProbes(work)) runProbes(work, due);
    if (due || isSyncDue(work)) startSync(work);
    else if (work.changed && !work.written) work.writeStatus();
    if (record.end === undefined) isSyncDue(work);
  }
  if (record.sandbox !== undefined) work.wakeAt(runtime.nextEvent(record.sandbox));
}

/** WaitForAttachAndMount looks whether all volumes are there at once, when none can be, and then every so often. */
const VOLUME_POLL = milliseconds(300);

/** Nothing of the pod is there yet: only this much of a sync hears that the pod is to end (syncPod gives the runtime a context that cannot be cancelled). */
const waitsForVolumes = ({ record, pod, now }: Work): boolean =>
  record.sync?.step?.for === 'sandbox' && record.sandboxes === 0 && now < record.start + VOLUME_POLL && (pod.spec.volumes ?? []).length > 0;

const isToEnd = ({ record, pod }: Work): boolean => pod.metadata.deletionTimestamp !== undefined || record.removed === true || record.evict !== undefined;

/** HandlePodAdditions: the kubelet's own admission, once. */
function isAdmitted(work: Work): boolean {
  const { record, pod } = work;
  // A pod that has ended in the API's eyes is not started again (a kubelet that has lost its memory).
  const refusal = pod.metadata.deletionTimestamp === undefined ? admit(work) : undefined;
  if (refusal === undefined) return true;
  if (refusal === 'waiting') return false;
  const due = (record.start + (pod.metadata.ownerReferences?.some(({ controller }) => controller === true) ? REPLACEMENT : 0)) as Time;
  if (due > work.now) {
    work.wakeAt(due);
    return false;
  }
  record.rejected = true;
  work.event('Warning', refusal.reason, refusal.message);
  const { qosClass } = pod.status ?? {};
  work.writeStatus({
    phase: 'Failed',
    reason: refusal.reason,
    message: `Pod was rejected: ${refusal.message}`,
    startTime: formatTime(work.now),
    ...(qosClass === undefined ? {} : { qosClass }),
  });
  return false;
}

/** The object behind the kubelet's memory has gone (or is another one of the same name): what runs is stopped all the same. */
function forget(kubelet: Kubelet, context: Context, key: ObjectKey, entry: Entry): void {
  const { node, runtime } = kubelet;
  const record = entry.pod as PodRecord;
  delete entry.pod;
  releaseUsage(kubelet, record);
  for (const volume of record.volumes ?? []) if (volume.startsWith(record.uid)) runtime.removeVolume(volume);
  if (record.previous !== undefined) runtime.removePodSandbox(record.previous);
  if (record.sandbox === undefined) return;
  runtime.advance(record.sandbox);
  const running = runtime.listContainers(record.sandbox).filter((one) => one.state === 'running');
  if (running.length === 0) {
    runtime.removePodSandbox(record.sandbox);
    return;
  }
  let last: number = context.now;
  for (const { name, id } of running) {
    const kill = record.end?.kills?.[name];
    if (kill === undefined) {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...key, uid: record.uid } };
      const fieldPath = `spec.${record.containers[name]?.kind ?? 'containers'}{${name}}`;
      context.event(pod, 'Normal', 'Killing', `Stopping container ${name}`, { component: 'kubelet', host: node, fieldPath });
    }
    // What was being stopped before has the time it was given then.
    const until = kill === undefined ? context.now + ORPHAN_GRACE : kill.began + Math.max(ORPHAN_GRACE, kill.grace);
    runtime.stopContainer(id, milliseconds(until - context.now));
    last = Math.max(last, until);
  }
  entry.orphans = [...(entry.orphans ?? []), { uid: record.uid, sandbox: record.sandbox, until: last }];
}

/** Clears away orphans whose containers have stopped; says how long the others take. */
function reap(options: KubeletOptions, context: Context, entry: Entry): number | undefined {
  if (entry.orphans === undefined) return undefined;
  entry.orphans = entry.orphans.filter((orphan) => {
    options.runtime.advance(orphan.sandbox);
    if (context.now < orphan.until && options.runtime.listContainers(orphan.sandbox).some((one) => one.state === 'running')) return true;
    options.runtime.removePodSandbox(orphan.sandbox);
    return false;
  });
  if (entry.orphans.length === 0) {
    delete entry.orphans;
    return undefined;
  }
  return Math.max(0, Math.min(...entry.orphans.map((orphan) => options.runtime.nextEvent(orphan.sandbox) ?? orphan.until)) - context.now);
}
