/** The way out: deletion, hooks, signals, the last status, the object's removal. */
import { deletionOf } from '../timeline/deletion.js';
import type { Evidence } from '../timeline/evidence.js';
import { together } from '../timeline/listing.js';
import type { PodTimeline } from '../timeline/model.js';
import type { TraceStep } from './model.js';

/** Of a pod that is being deleted, or has been: all that happened from then on, by component. */
export function terminationSteps(evidence: Evidence, { marks }: PodTimeline): readonly TraceStep[] {
  const deletion = deletionOf(evidence);
  if (deletion === undefined) return [];
  const { namespace, name } = evidence.pod.metadata;
  const path = `DELETE /api/v1/namespaces/${namespace}/pods/${name}`;
  const sets =
    deletion.grace > 0
      ? `: metadata.deletionTimestamp is set ${deletion.grace}s ahead (deletionGracePeriodSeconds), the object stays`
      : ': nothing of it runs, or nobody waits; it goes at once';
  const first: TraceStep = {
    component: 'termination',
    step: 'request',
    at: deletion.at,
    ...(deletion.isApproximate === true ? { isApproximate: true } : {}),
    message: `kube-apiserver: ${path}${sets}`,
    type: 'Normal',
    source: 'object',
  };
  const after = together(marks).filter(({ at, reason, kind }) => at >= deletion.at && !(kind === 'object' && reason !== 'Removed'));
  return [
    first,
    ...after.map(
      ({ at, component, reason, message, type, kind, isApproximate }): TraceStep => ({
        component: 'termination',
        step: kind === 'condition' || kind === 'phase' ? 'status' : reason,
        at,
        ...(isApproximate === true ? { isApproximate } : {}),
        message: `${component}: ${message}`,
        type,
        source: kind === 'event' ? 'event' : kind === 'signal' || kind === 'container' ? 'node' : 'object',
      }),
    ),
  ];
}
