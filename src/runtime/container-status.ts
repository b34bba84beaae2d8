/** A container as the CRI's ContainerStatus shows it. */
import type { ContainerStatus } from '../api/cri.js';
import type { Time } from '../api/time.js';
import { type ContainerRecord, TERMINATION_LOG } from './state.js';

export function statusOf(container: ContainerRecord): ContainerStatus {
  const { id, config, state, createdAt, startedAt, finishedAt, exitCode, reason, message, image, imageRef, uid, gid, groups } = container;
  const written = state === 'exited' ? terminationMessage(container) : undefined;
  return {
    id,
    name: config.name,
    attempt: config.attempt,
    state,
    createdAt: createdAt as Time,
    ...(startedAt === undefined ? {} : { startedAt: startedAt as Time }),
    ...(finishedAt === undefined ? {} : { finishedAt: finishedAt as Time }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(written === undefined ? {} : { terminationMessage: written }),
    image,
    imageRef,
    user: { uid, gid, supplementalGroups: groups },
  };
}

/** The file at terminationMessagePath is mounted from the kubelet's own directory; here it is where the process wrote it. */
function terminationMessage(container: ContainerRecord): string | undefined {
  const text = container.layer?.[container.config.terminationMessagePath ?? TERMINATION_LOG]?.data;
  return text === undefined || text === '' ? undefined : text.slice(0, 4096);
}
