/** The scheduler's part: what its Events say happened, and what its plugins say of every node now. */
import type { Evidence } from '../timeline/evidence.js';
import { marksOf } from '../timeline/marks.js';
import type { Mark } from '../timeline/model.js';
import type { Scheduling, TraceStep } from './model.js';

const DEFAULT = 'default-scheduler';

/** Whether a scheduler has, or will have, chosen its node. */
export function isScheduled({ pod, versions, isFromCreation }: Evidence): boolean {
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false;
  return !(isFromCreation && versions[0]?.pod.spec.nodeName);
}

export function schedulerSteps(evidence: Evidence, scheduling: Scheduling | undefined): readonly TraceStep[] {
  const { pod } = evidence;
  const base = { component: 'kube-scheduler', type: 'Normal' } as const;
  if (evidence.isFromEvents !== true && !isScheduled(evidence))
    return [{ ...base, step: 'none', source: 'object', message: `no scheduler was asked: it came with spec.nodeName ${pod.spec.nodeName}` }];
  const { schedulerName = DEFAULT, schedulingGates = [] } = pod.spec;
  const said = marksOf(evidence).filter(({ component, kind }) => kind === 'event' && (component === schedulerName || component === DEFAULT));
  const steps: TraceStep[] = said.map((mark) => stepOf(mark));
  if (schedulingGates.length > 0)
    steps.push({
      ...base,
      step: 'gated',
      source: 'object',
      message: `not looked at: spec.schedulingGates ${schedulingGates.map(({ name }) => name).join(', ')}`,
    });
  const bound = said.find(({ reason }) => reason === 'Scheduled');
  if (pod.spec.nodeName && bound === undefined)
    steps.push({ ...base, step: 'bind', source: 'object', message: `spec.nodeName is ${pod.spec.nodeName}; its Scheduled event is no longer there` });
  if (bound !== undefined)
    steps.push({
      ...base,
      step: 'bind',
      at: bound.at,
      source: 'event',
      message: `POST /api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/binding sets spec.nodeName and PodScheduled`,
    });
  if (scheduling !== undefined) steps.push(...recomputed(evidence, scheduling));
  return steps;
}

function stepOf({ at, reason, message, type, count, last, isApproximate }: Mark): TraceStep {
  return {
    component: 'kube-scheduler',
    step: reason === 'Scheduled' ? 'choice' : reason === 'FailedScheduling' ? 'no node' : reason,
    at,
    ...(isApproximate === true ? { isApproximate } : {}),
    message: `${message}${count !== undefined && count > 1 && last !== undefined ? ` (x${count})` : ''}`,
    type,
    source: 'event',
  };
}

/** Filter and score, plugin by plugin, as they come out now. */
function recomputed({ pod }: Evidence, { nodes, at }: Scheduling): readonly TraceStep[] {
  const base = { component: 'kube-scheduler', at, type: 'Normal', source: 'recomputed' } as const;
  const out = nodes.filter(({ rejected }) => rejected !== undefined);
  const left = nodes.filter(({ rejected }) => rejected === undefined);
  const steps: TraceStep[] = [
    {
      ...base,
      step: 'filter',
      message: `${left.length} of ${nodes.length} nodes would do for it on the cluster as it is now${out.length === 0 ? '' : '; filtered out:'}`,
      details: out.map(({ node, rejected }) => `${node}: ${rejected?.plugin}: ${rejected?.reasons.join(', ')}`),
    },
  ];
  if (left.length === 1) steps.push({ ...base, step: 'score', message: `${left[0]?.node} is the only one left: nothing is scored` });
  if (left.length > 1) {
    const sorted = [...left].sort((a, b) => (b.total ?? 0) - (a.total ?? 0));
    const details = sorted.map(({ node, total, scores = [] }) => {
      const parts = scores.map(({ plugin, weight, score }) => `${plugin} ${weight === 1 ? '' : `${weight}x`}${score}`);
      return `${node}${node === pod.spec.nodeName ? ' (chosen then)' : ''}: ${total} = ${parts.join(' + ')}`;
    });
    steps.push({ ...base, step: 'score', message: 'weight x score of each plugin, the highest sum wins, any of several:', details });
  }
  return steps;
}
