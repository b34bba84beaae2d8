/** activeDeadlineSeconds of a pod: pkg/kubelet/active_deadline.go. */
import { seconds } from '../api/time.js';
import { beginEnd, DEADLINE } from './end-pod.js';
import { MOUNT_WAIT, RETRY } from './mount.js';
import type { Work } from './work.js';

const MESSAGE = 'Pod was active on the node longer than the specified deadline';

/** True when its time is up, and its end has begun. */
export function pastDeadline(work: Work): boolean {
  const { pod, record } = work;
  if (pod.spec.activeDeadlineSeconds === undefined) return false;
  // status.startTime has whole seconds.
  const deadline = Math.floor(record.start / 1000) * 1000 + seconds(pod.spec.activeDeadlineSeconds);
  if (work.now < deadline) {
    work.wakeAt(deadline);
    return false;
  }
  // A sync that waits for volumes looks up only when it has given up on them.
  if (record.mount !== undefined && record.mount.since < deadline) {
    work.wakeAt(record.mount.since + MOUNT_WAIT + RETRY);
    return false;
  }
  beginEnd(work, { grace: work.gracePeriod, phase: 'Failed', reason: DEADLINE, message: MESSAGE });
  return true;
}
