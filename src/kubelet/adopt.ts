/**
 * Pods the kubelet finds running that it never started: a cluster loaded from a dump of a real one. They go on running, under
 * the ids and times their status tells of.
 */
import { RuntimeError } from '../api/cri.js';
import { parseTime } from '../api/time.js';
import type { Pod } from '../resources/pods/types.js';
import { mountVolumes } from './mount.js';
import { bookUsage } from './node-usage.js';
import { containerRecord } from './record.js';
import { sandboxConfig, sandboxStart } from './sandbox-config.js';
import { instanceConfig } from './start-container.js';
import type { Work } from './work.js';

/** A kubelet has had to do with it before. */
export const isKnownElsewhere = (pod: Pod): boolean => pod.status?.startTime !== undefined && pod.status.containerStatuses !== undefined;

export function adopt(work: Work): void {
  const { record, pod, now } = work;
  const status = pod.status ?? {};
  record.start = parseTime(status.startTime ?? '') ?? now;
  if (pod.metadata.generation !== undefined) record.generation = pod.metadata.generation;
  record.seen = '';
  record.syncAt = undefined;
  if (status.phase === 'Succeeded' || status.phase === 'Failed') {
    record.end = { began: now, grace: 0, finished: now };
    return;
  }
  bookUsage(work);
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  if (statuses.every((one) => one.state?.running === undefined && one.state?.terminated === undefined)) {
    record.syncAt = now;
    return;
  }
  if (!mountVolumes(work)) delete record.mount;
  record.mounted = true;
  // Whatever runtime it had there, here is this one.
  const { runtimeHandler: _, ...start } = sandboxStart(work);
  record.sandbox = work.runtime.runPodSandbox(sandboxConfig(work), { ...start, ...(status.podIP === undefined ? {} : { ip: status.podIP }) }).id;
  record.sandboxes = 1;
  for (const { name, state, restartCount } of statuses) {
    const container = work.container(name);
    const kept = containerRecord(record, name);
    kept.attempts = restartCount;
    if (container === undefined || (state?.running === undefined && state?.terminated === undefined)) continue;
    const pulled = work.runtime.pull(container.image ?? '', true);
    if ('image' in pulled) work.runtime.store(pulled.image);
    const config = instanceConfig(work, container, '');
    if ('error' in config) continue;
    try {
      const id = work.runtime.createContainer(record.sandbox, config, container.image ?? '');
      kept.id = id;
      kept.attempts = restartCount + 1;
      kept.image = container.image ?? '';
      if (container.resources?.limits !== undefined || container.resources?.requests !== undefined) kept.resources = container.resources;
      kept.adopted = id;
      work.runtime.startContainer(id);
      if (state.terminated !== undefined) work.runtime.killContainer(id, 'SIGKILL');
    } catch (error) {
      // What the image catalogue cannot start is left as the dump shows it.
      if (!(error instanceof RuntimeError)) throw error;
    }
  }
  work.refresh();
}
