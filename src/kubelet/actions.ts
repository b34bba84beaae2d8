/** What a sync has to do: kuberuntime_manager.go computePodActions, computeInitContainerActions. */
import type { Container } from '../resources/pod-template/types.js';
import { resizeAction } from './allocation.js';
import { isSidecar, probeResult, shouldRestart } from './container-status.js';
import type { Task } from './record.js';
import type { Work } from './work.js';

export interface PodActions {
  readonly createSandbox: boolean;
  /** Nothing is left to run: what still does (sidecars) is to be ended, and the pod with it. */
  readonly killPod: boolean;
  readonly tasks: readonly Task[];
}

export function computePodActions(work: Work): PodActions {
  const { pod, record } = work;
  const policy = pod.spec.restartPolicy ?? 'Always';
  const sandbox = work.sandbox;
  if (sandbox === undefined || sandbox.state !== 'ready') {
    // A pod that may not be restarted gets no second sandbox once a container of it has run.
    if (policy === 'Never' && record.sandboxes > 0 && Object.values(record.containers).some((one) => one.attempts > 0))
      return { createSandbox: false, killPod: true, tasks: [] };
    return { createSandbox: true, killPod: false, tasks: [] };
  }

  const tasks: Task[] = [];
  for (const container of pod.spec.ephemeralContainers ?? []) if (work.newest(container.name) === undefined) tasks.push({ do: 'start', name: container.name });

  const init = initActions(work, work.isInitialized);
  tasks.push(...init.tasks);
  if (init.failed) return { createSandbox: false, killPod: true, tasks: [] };
  if (!init.done) return { createSandbox: false, killPod: false, tasks };

  let kept = 0;
  let starts = 0;
  for (const container of pod.spec.containers) {
    const newest = work.newest(container.name);
    if (newest === undefined || newest.state !== 'running') {
      if (newest === undefined || shouldRestart(pod, container, newest)) {
        tasks.push({ do: 'start', name: container.name });
        starts++;
      }
      continue;
    }
    const kill = reasonToKill(work, container, newest.id, 'Container');
    if (kill === undefined) {
      const resize = resizeTasks(work, container);
      tasks.push(...resize);
      if (resize.length > 1) starts++;
      else kept++;
      continue;
    }
    const restart = kill.always || policy !== 'Never';
    tasks.push({
      do: 'kill',
      name: container.name,
      message: restart ? `${kill.message}, will be restarted` : kill.message,
      ...(kill.grace === undefined ? {} : { grace: kill.grace }),
    });
    if (restart) {
      tasks.push({ do: 'start', name: container.name });
      starts++;
    }
  }
  // Nothing to keep and nothing to start: sidecars do not keep a pod alive.
  if (kept === 0 && starts === 0) return { createSandbox: false, killPod: true, tasks: [] };
  return { createSandbox: false, killPod: false, tasks };
}

/** Why a running container has to go, first reason that holds. */
function reasonToKill(work: Work, container: Container, id: string, what: string): { message: string; always: boolean; grace?: number } | undefined {
  const { name } = container;
  const started = work.record.containers[name]?.image;
  if (started !== undefined && started !== container.image) return { message: `${what} ${name} definition changed`, always: true };
  if (probeResult(work.record, container, 'liveness', id) === 'failure')
    return { message: `${what} ${name} failed liveness probe`, always: false, ...probeGrace(container.livenessProbe) };
  if (probeResult(work.record, container, 'startup', id) === 'failure')
    return { message: `${what} ${name} failed startup probe`, always: false, ...probeGrace(container.startupProbe) };
  return undefined;
}

/** A running container whose resources are not yet those it was allocated. */
function resizeTasks(work: Work, container: Container): readonly Task[] {
  const { name } = container;
  const action = resizeAction(work.record, container);
  if (action === undefined) return [];
  if (action === 'update') return [{ do: 'resize', name }];
  return [
    { do: 'kill', name, message: `Container ${name} resize requires restart` },
    { do: 'start', name },
  ];
}

const probeGrace = (probe: Container['livenessProbe']): { grace?: number } =>
  probe?.terminationGracePeriodSeconds === undefined ? {} : { grace: probe.terminationGracePeriodSeconds * 1000 };

/** Init containers run one after the other; a sidecar lets the next one start when it has started. */
function initActions(work: Work, isInitialized: boolean): { done: boolean; failed: boolean; tasks: Task[] } {
  const { pod, record } = work;
  const init = pod.spec.initContainers ?? [];
  const tasks: Task[] = [];
  for (const [i, container] of init.entries()) {
    const newest = work.newest(container.name);
    const laterRan = (): boolean => isInitialized || init.slice(i + 1).some((one) => work.newest(one.name) !== undefined);
    if (isSidecar(container)) {
      if (newest?.state === 'running') {
        const kill = reasonToKill(work, container, newest.id, 'Init container');
        if (kill !== undefined)
          tasks.push(
            { do: 'kill', name: container.name, message: kill.message, ...(kill.grace === undefined ? {} : { grace: kill.grace }) },
            { do: 'start', name: container.name },
          );
        else tasks.push(...resizeTasks(work, container));
        const hasStarted = container.startupProbe === undefined || probeResult(record, container, 'startup', newest.id) === 'success';
        if (hasStarted || laterRan()) continue;
        return { done: false, failed: false, tasks };
      }
      tasks.push({ do: 'start', name: container.name });
      if (!laterRan()) return { done: false, failed: false, tasks };
      continue;
    }
    if (isInitialized) continue;
    if (newest === undefined) return { done: false, failed: false, tasks: [...tasks, { do: 'start', name: container.name }] };
    if (newest.state === 'running') {
      const changed = record.containers[container.name]?.image !== container.image;
      if (changed)
        tasks.push({ do: 'kill', name: container.name, message: `Init container ${container.name} definition changed` }, { do: 'start', name: container.name });
      return { done: false, failed: false, tasks };
    }
    if (newest.exitCode !== 0) {
      if (pod.spec.restartPolicy === 'Never') return { done: false, failed: true, tasks: [] };
      return { done: false, failed: false, tasks: [...tasks, { do: 'start', name: container.name }] };
    }
  }
  return { done: true, failed: false, tasks };
}
