/**
 * The pod worker: kubelet.go SyncPod with kuberuntime_manager.go SyncPod. A sync first says what is, then does what is missing,
 * one thing after the other; where real code blocks (a sandbox, a pull, a hook, a grace period) the sync is put aside as data
 * and taken up again when its time has come. The status is not written while it is under way.
 */
import { RuntimeError } from '../api/cri.js';
import { seconds } from '../api/time.js';
import type { Container } from '../resources/pod-template/types.js';
import { computePodActions } from './actions.js';
import { beginEnd, beginKills, removeDead, stopAll } from './end-pod.js';
import { pollHook } from './hooks.js';
import { finishPull } from './images.js';
import { advanceKill, beginKill } from './kill.js';
import { mountVolumes } from './mount.js';
import { triggerReadiness } from './probes.js';
import { containerRecord, type Step, type SyncRecord, type Task } from './record.js';
import { handleResize } from './resize.js';
import { sandboxConfig, sandboxTrouble } from './sandbox-config.js';
import { afterPostStart, crashExpiry, resizeContainer, type StartResult, startContainer, withImage } from './start-container.js';
import { generateStatus } from './status.js';
import { warnOfDns, warnOfSecrets } from './warnings.js';
import type { Work } from './work.js';

/** How long a change in the runtime goes unnoticed: half the PLEG's relist period. */
const PLEG = 500;
/** After a sync that failed: 10s, up to half as much again (backOffPeriod, wait.Jitter 0.5). */
const RETRY = seconds(10);
/** After a crash the next look comes sooner, so that CrashLoopBackOff shows. */
const RETRY_CRASH = seconds(1);

/** Plans the next sync if there is something new to see. True: it is due now. */
export function isSyncDue(work: Work): boolean {
  const { record, now } = work;
  if (record.sync !== undefined) return false;
  if (record.generation !== work.pod.metadata.generation) record.syncAt = now;
  else if (record.seen !== work.signature && (record.syncAt === undefined || record.syncAt > now + PLEG)) record.syncAt = now + PLEG;
  if (record.syncAt === undefined) return false;
  if (record.syncAt <= now) return true;
  work.wakeAt(record.syncAt);
  return false;
}

export function startSync(work: Work): void {
  const { record, pod } = work;
  record.seen = work.signature;
  if (pod.metadata.generation !== undefined) record.generation = pod.metadata.generation;
  record.syncAt = undefined;
  handleResize(work);
  triggerReadiness(work);

  removeDead(work, work.now - 2 * PLEG);
  const { status, isOver } = generateStatus(work.statusInput(false));
  work.writeStatus(status);
  removeDead(work, work.now);
  if (isOver) {
    beginEnd(work, { grace: work.gracePeriod });
    return;
  }
  if (!mountVolumes(work)) return;
  warnOfSecrets(work);
  warnOfDns(work);

  const actions = computePodActions(work);
  if (actions.createSandbox) {
    if (record.sandbox !== undefined) {
      work.event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      replaceSandbox(work, record.sandbox);
    }
    record.sync = { todo: [], step: { for: 'sandbox', until: work.later(400 + 400 * work.spread(`sandbox/${record.sandboxes}`)) } };
  } else if (actions.killPod) killRest(work);
  else if (actions.tasks.length > 0) record.sync = { todo: actions.tasks };
  if (record.sync !== undefined) continueSync(work);
}

/** Everything that runs although no regular container does or will (killPodWithSyncResult). */
function killRest(work: Work): void {
  const kills = beginKills(work, work.gracePeriod);
  if (Object.keys(kills).length > 0) work.record.sync = { todo: [], step: { for: 'rest', kills } };
  else if (work.sandbox?.state === 'ready' && work.instances.length > 0) beginEnd(work, { grace: 0 });
}

/** Does what can be done now. */
export function continueSync(work: Work): void {
  const { record } = work;
  const { sync } = record;
  if (sync === undefined) return;
  for (;;) {
    if (sync.step?.for === 'sandbox') {
      if (work.now < sync.step.until) {
        work.wakeAt(sync.step.until);
        return;
      }
      delete sync.step;
      if (!makeSandbox(work)) {
        sync.failed = true;
        break;
      }
      sync.todo = computePodActions(work).tasks;
      continue;
    }
    if (sync.step !== undefined) {
      const result = resume(work, sync, sync.step);
      if (result === 'waiting') return;
      if (typeof result === 'object') {
        sync.step = result;
        continue;
      }
      delete sync.step;
      if (!settle(work, sync, result)) break;
      continue;
    }
    const task = sync.todo[0];
    if (task === undefined) break;
    const container = asBegun(work, task);
    if (container === undefined) {
      sync.todo.shift();
      continue;
    }
    if (task.do === 'kill') {
      const newest = work.newest(task.name);
      if (newest === undefined || newest.state !== 'running') {
        sync.todo.shift();
        continue;
      }
      const grace = task.grace ?? work.gracePeriod;
      sync.killed = [...(sync.killed ?? []), newest.id];
      sync.step = { for: 'kill', name: task.name, kill: beginKill(work, container, newest.id, grace, task.message ?? '') };
      continue;
    }
    if (task.do === 'resize') {
      resizeContainer(work, container);
      sync.todo.shift();
      sync.resized = true;
      continue;
    }
    const result = startContainer(work, container);
    if (typeof result === 'object') sync.step = result;
    else if (!settle(work, sync, result)) break;
  }
  record.sync = undefined;
  planNext(work, sync);
}

/** A sync works on the spec it began with: an image that is given meanwhile is the next one's affair. */
function asBegun(work: Work, { name, image }: Pick<Task, 'name' | 'image'>): Container | undefined {
  const container = work.container(name);
  return container === undefined || image === undefined || image === container.image ? container : { ...container, image };
}

/** A task has come to an end; false: the sync with it. */
function settle(work: Work, sync: SyncRecord, result: 'started' | 'failed' | 'done'): boolean {
  const task = sync.todo.shift();
  if (result !== 'failed') return true;
  sync.failed = true;
  // A regular init container that does not start ends the sync; a sidecar or a regular container is passed over.
  const init = work.pod.spec.initContainers?.find((one) => one.name === task?.name);
  return init === undefined || init.restartPolicy === 'Always';
}

/** The old sandbox goes, but for the last state of its regular containers; init containers run again (purgeInitContainers). */
function replaceSandbox(work: Work, old: string): void {
  const { record, runtime } = work;
  runtime.stopPodSandbox(old);
  if (record.previous !== undefined) runtime.removePodSandbox(record.previous);
  for (const one of runtime.listContainers(old))
    if (work.pod.spec.initContainers?.some((init) => init.name === one.name) === true) {
      runtime.removeContainer(one.id);
      // With their logs goes the count of their restarts (calcRestartCountByLogDir).
      containerRecord(record, one.name).attempts = 0;
    }
  record.previous = old;
  delete record.sandbox;
  work.refresh();
}

function makeSandbox(work: Work): boolean {
  const { record } = work;
  const config = sandboxConfig(work);
  warnOfDns(work);
  const failed = (error: string): false => {
    // Of a pod that is being deleted it is no error.
    if (work.pod.metadata.deletionTimestamp === undefined) work.event('Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${error}`);
    return false;
  };
  const trouble = sandboxTrouble(work, config);
  if (trouble !== undefined) return failed(trouble);
  try {
    record.sandbox = work.runtime.runPodSandbox(config).id;
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return failed(`rpc error: code = Unknown desc = ${error.message}`);
  }
  record.sandboxes += 1;
  work.refresh();
  return true;
}

function resume(work: Work, sync: SyncRecord, step: Exclude<Step, { for: 'sandbox' }>): 'waiting' | 'done' | StartResult {
  if (step.for === 'rest') return stopAll(work, step.kills) ? 'done' : 'waiting';
  const container = asBegun(work, sync.todo[0] ?? step);
  if (container === undefined) return 'done';
  if (step.for === 'pull') {
    if (work.now >= step.until) return withImage(work, container, finishPull(work, step));
    work.wakeAt(step.until);
    return 'waiting';
  }
  if (step.for === 'hook') {
    const over = pollHook(work, container, step.hook);
    return over === undefined ? 'waiting' : afterPostStart(work, container, step.id, over.error);
  }
  if (!advanceKill(work, container, step.kill, () => true)) return 'waiting';
  work.refresh();
  const task = sync.todo[0];
  return task?.do === 'kill' ? 'done' : 'failed';
}

/** A failed sync is tried again: at the end of a crash's delay exactly, else after ten seconds or so. */
function planNext(work: Work, sync: SyncRecord): void {
  const { record, now } = work;
  if (sync.resized === true) record.syncAt = now + PLEG;
  if (sync.failed !== true) return;
  let at = work.jittered(RETRY);
  for (const [name, one] of Object.entries(record.containers)) {
    if (one.waiting?.reason === 'CrashLoopBackOff') {
      const expiry = crashExpiry(work, name);
      if (expiry !== undefined && expiry > now) at = Math.min(at, expiry);
      if (work.pod.status !== undefined && !showsBackOff(work, name)) at = Math.min(at, now + RETRY_CRASH);
    }
    const pull = one.waiting?.reason === 'ImagePullBackOff' ? record.pulls?.[work.container(name)?.image ?? ''] : undefined;
    if (pull !== undefined) at = Math.min(at, Math.max(now, pull.at + pull.delay));
  }
  record.syncAt = Math.ceil(at);
}

/** The API already says CrashLoopBackOff, or never will: of an init container that ended well or shall not be restarted. */
function showsBackOff(work: Work, name: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = work.pod.status ?? {};
  const init = initContainerStatuses.find((one) => one.name === name);
  const { state } = init ?? containerStatuses.find((one) => one.name === name) ?? {};
  const ended = init === undefined ? undefined : state?.terminated;
  return state?.waiting?.reason === 'CrashLoopBackOff' || (ended !== undefined && (ended.exitCode === 0 || work.pod.spec.restartPolicy === 'Never'));
}
