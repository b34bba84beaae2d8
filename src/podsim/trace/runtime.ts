/** The container runtime's part: sandboxes and containers, their ids and processes. */
import type { Time } from '../../api/time.js';
import { containersOf, runsOf } from '../timeline/containers.js';
import type { Evidence } from '../timeline/evidence.js';
import { statusesOf } from '../timeline/times.js';
import type { TraceStep } from './model.js';

const SHORT = 13;

/** The first process of a PID namespace is 1; in one that is shared it is whatever number comes next. */
function pidText({ pod: { spec } }: Evidence, pid: number | undefined): string {
  const isShared = spec.shareProcessNamespace === true || spec.hostPID === true;
  if (pid === undefined && isShared) return '';
  return `, pid ${pid ?? 1} in ${isShared ? "the pod's" : 'its own'} PID namespace`;
}

export function runtimeSteps(evidence: Evidence): readonly TraceStep[] {
  const base = { component: 'container runtime', type: 'Normal' } as const;
  const records = evidence.sandboxes.flatMap(({ containers }) => containers);
  const sandboxes = evidence.sandboxes.map(
    (one): TraceStep => ({
      ...base,
      step: 'sandbox',
      at: one.createdAt as Time,
      source: 'node',
      message: `sandbox ${one.id.slice(0, SHORT)} (the pause process holds the namespaces), IP ${one.ip}`,
    }),
  );
  const containers = containersOf(evidence).flatMap(({ name }) =>
    runsOf(evidence, name).map((run): TraceStep => {
      const record = records.find(({ id }) => id === run.id);
      const pid = record?.state !== 'running' ? '' : pidText(evidence, record.pid);
      const end = run.to === undefined ? ', runs' : `, exit code ${run.exitCode}, ${run.reason ?? ''}`;
      const at = run.from ?? run.to;
      return {
        ...base,
        step: 'container',
        ...(at === undefined ? {} : { at }),
        ...(run.isExact ? {} : { isApproximate: true }),
        source: run.isExact ? 'node' : 'object',
        message: `${name}: ${run.id === undefined ? 'container' : run.id.slice(0, SHORT)}${pid}${end}`,
        type: run.exitCode === undefined || run.exitCode === 0 ? 'Normal' : 'Warning',
      };
    }),
  );
  const images = statusesOf(evidence.pod)
    .filter(({ imageID }) => imageID !== '')
    .map(({ name, image, imageID }) => `${name}: ${image}, ${imageID.replace(/^.*@/, '')}`);
  const resolved: readonly TraceStep[] =
    images.length === 0 ? [] : [{ ...base, step: 'images', source: 'object', message: "the spec's images came to:", details: images }];
  const ip = evidence.pod.status?.podIP;
  const address: readonly TraceStep[] =
    sandboxes.length > 0 || ip === undefined
      ? []
      : [{ ...base, step: 'sandbox', source: 'object', message: `its IP was ${ip}; the sandbox itself is not on record` }];
  const shown = containers.length <= 12 ? containers : [...containers.slice(0, 6), ...containers.slice(-6)];
  const left = containers.length - shown.length;
  const rest: readonly TraceStep[] =
    left === 0 ? [] : [{ ...base, step: 'container', source: 'object', message: `... ${left} runs in between are left out (podsim timeline shows them)` }];
  return [...sandboxes, ...address, ...resolved, ...shown.slice(0, left === 0 ? undefined : 6), ...rest, ...(left === 0 ? [] : shown.slice(6))];
}
