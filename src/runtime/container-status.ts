/** A container as the CRI's ContainerStatus shows it. */
import { binaryOf, textOfBinary } from '../api/bytes.js';
import { type ContainerStatus, TERMINATION_LOG } from '../api/cri.js';
import type { Mutable } from '../api/object.js';
import type { Time } from '../api/time.js';
import type { ContainerRecord } from './state.js';

export function statusOf(container: ContainerRecord): ContainerStatus {
  const { id, config, state, createdAt, startedAt, finishedAt, exitCode, reason, message, image, imageRef, uid, gid, groups } = container;
  const written = state === 'exited' ? terminationMessage(container) : undefined;
  const status: Mutable<ContainerStatus> = {
    id,
    name: config.name,
    attempt: config.attempt,
    state,
    createdAt: createdAt as Time,
    image,
    imageRef,
    user: { uid, gid, supplementalGroups: groups },
  };
  if (startedAt !== undefined) status.startedAt = startedAt as Time;
  if (finishedAt !== undefined) status.finishedAt = finishedAt as Time;
  if (exitCode !== undefined) status.exitCode = exitCode;
  if (reason !== undefined) status.reason = reason;
  if (message !== undefined) status.message = message;
  if (written !== undefined) status.terminationMessage = written;
  return status;
}

/** No more than this of it is read, from its end (MaxContainerTerminationMessageLength, tail.ReadAtMost). */
const LONGEST_MESSAGE = 4096;

/** The file at terminationMessagePath is mounted from the kubelet's own directory; here it is where the process wrote it. */
function terminationMessage(container: ContainerRecord): string | undefined {
  const text = container.layer?.[container.config.terminationMessagePath ?? TERMINATION_LOG]?.data;
  return text === undefined || text === '' ? undefined : textOfBinary(binaryOf(text).slice(-LONGEST_MESSAGE));
}
