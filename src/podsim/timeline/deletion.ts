/** A pod's deletion: from the request to the removal of the object. */
import type { Time } from '../../api/time.js';
import type { Evidence } from './evidence.js';
import type { Row } from './model.js';
import { endOf, timeOf } from './times.js';

export interface Deletion {
  /** When it was asked for. */
  readonly at: Time;
  /** In seconds. */
  readonly grace: number;
  readonly isApproximate?: true;
}

/** undefined: nobody has asked for it. deletionTimestamp is when the grace period ends, not when it begins. */
export function deletionOf({ pod, versions, removedAt }: Evidence): Deletion | undefined {
  const seen = versions.find((version) => version.pod.metadata.deletionTimestamp !== undefined);
  const said = timeOf((seen?.pod ?? pod).metadata.deletionTimestamp);
  const grace = (seen?.pod ?? pod).metadata.deletionGracePeriodSeconds ?? 0;
  if (seen !== undefined && seen !== versions[0]) return { at: seen.at, grace };
  if (said !== undefined) {
    const at = (said - grace * 1000) as Time;
    // One that goes at once is never seen terminating.
    return { at: (removedAt === undefined ? at : Math.min(at, removedAt)) as Time, grace, isApproximate: true };
  }
  return removedAt === undefined ? undefined : { at: removedAt, grace: 0 };
}

export function deletionRow(evidence: Evidence): Row | undefined {
  const deletion = deletionOf(evidence);
  const end = endOf(evidence);
  if (deletion === undefined || end <= deletion.at) return undefined;
  const { at, grace, isApproximate } = deletion;
  const span = {
    from: at,
    to: end,
    state: 'Terminating',
    tone: 'ending',
    message: `grace period ${grace}s`,
    ...(isApproximate ? { isApproximate } : {}),
  } as const;
  return { kind: 'deletion', name: 'deletion', spans: [span] };
}
