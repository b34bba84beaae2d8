/** The kubelet's part: admission, volumes, sandbox, pulls, containers in their order, hooks and probes, as its Events and records say. */
import type { Time } from '../../api/time.js';
import type { Container, Probe, Volume } from '../../resources/pod-template/types.js';
import { deletionOf } from '../timeline/deletion.js';
import type { Evidence } from '../timeline/evidence.js';
import type { Mark, PodTimeline } from '../timeline/model.js';
import { timeOf } from '../timeline/times.js';
import type { TraceStep } from './model.js';

/** Admission's refusals (lifecycle/predicate.go) are both the pod's reason and an Event. */
const REFUSED = /^Pod was rejected: /;

export function kubeletSteps(evidence: Evidence, timeline: PodTimeline): readonly TraceStep[] {
  const { pod, versions } = evidence;
  const start = timeOf(pod.status?.startTime);
  const base = { component: 'kubelet', type: 'Normal' } as const;
  const steps: TraceStep[] = [];
  if (start !== undefined) {
    const refused = REFUSED.test(pod.status?.message ?? '');
    const first = versions.find((version) => version.pod.status?.startTime !== undefined);
    const at = first !== undefined && evidence.isFromCreation ? { at: first.at } : ({ at: start, isApproximate: true } as const);
    steps.push({
      ...base,
      ...at,
      step: 'admission',
      source: 'object',
      type: refused ? 'Warning' : 'Normal',
      message: refused ? `${pod.status?.reason}: ${pod.status?.message}` : `the kubelet of ${pod.spec.nodeName} sees a pod bound to its node, and takes it`,
    });
    const volumes = pod.spec.volumes ?? [];
    if (!refused && volumes.length > 0)
      steps.push({ ...base, step: 'volumes', source: 'object', message: 'to be mounted before anything starts:', details: volumes.map(volumeText) });
  }
  const sandbox = evidence.sandboxes.map(
    (one): TraceStep => ({
      ...base,
      step: 'sandbox',
      at: one.createdAt as Time,
      source: 'node',
      message: `RunPodSandbox: ${pod.spec.hostNetwork === true ? "on the node's network" : "the pod's network namespace"}, with IP ${one.ip}`,
    }),
  );
  const end = deletionOf(evidence)?.at ?? Number.POSITIVE_INFINITY;
  const marks = timeline.marks.filter(
    ({ at, component, kind }) => at < end && component === 'kubelet' && (kind === 'event' || kind === 'probe' || kind === 'hook'),
  );
  const probes = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap(probeLines);
  if (probes.length > 0) steps.push({ ...base, step: 'probes', source: 'object', message: 'once a container runs:', details: probes });
  const happened = [...sandbox, ...grouped(marks), ...statusSteps(timeline, end)].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return [...steps, ...happened];
}

const STEPS: Readonly<Record<string, string>> = {
  Pulling: 'pull',
  Pulled: 'image',
  Created: 'create',
  Started: 'start',
  Killing: 'kill',
  BackOff: 'back-off',
  FailedMount: 'volumes',
  FailedCreatePodSandBox: 'sandbox',
  SandboxChanged: 'sandbox',
  PostStart: 'hook',
  PreStop: 'hook',
  FailedPostStartHook: 'hook',
  FailedPreStopHook: 'hook',
  Unhealthy: 'probe',
  ProbeWarning: 'probe',
};

/** What repeats is one step, with how often. */
function grouped(marks: readonly Mark[]): readonly TraceStep[] {
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) {
    const key = JSON.stringify([mark.reason, mark.container, mark.message]);
    groups.set(key, [...(groups.get(key) ?? []), mark]);
  }
  return [...groups.values()].map((group): TraceStep => {
    const { at, reason, message, type, container, isApproximate } = group[0] as Mark;
    const count = group.reduce((sum, one) => sum + (one.count ?? 1), 0);
    const where = container === undefined || message.includes(container) ? '' : `${container}: `;
    return {
      component: 'kubelet',
      step: STEPS[reason] ?? reason,
      at,
      ...(isApproximate === true ? { isApproximate } : {}),
      message: `${where}${message}${count > 1 ? ` (x${count})` : ''}`,
      type,
      source: 'event',
    };
  });
}

/** What it told the API: the pod's conditions, at one instant in one line. */
function statusSteps({ marks }: PodTimeline, end: number): readonly TraceStep[] {
  const told = marks.filter(({ kind, component, at }) => (kind === 'condition' || kind === 'phase') && component === 'kubelet' && at < end);
  const first = new Map<string, Mark>();
  for (const mark of told) if (!first.has(mark.message)) first.set(mark.message, mark);
  const byTime = new Map<Time, Mark[]>();
  for (const mark of first.values()) byTime.set(mark.at, [...(byTime.get(mark.at) ?? []), mark]);
  return [...byTime].map(([at, all]): TraceStep => {
    const message = `PATCH status: ${all.map((one) => one.message.replace(/^condition /, '')).join('; ')}`;
    return {
      component: 'kubelet',
      step: 'status',
      at,
      ...(all[0]?.isApproximate === true ? { isApproximate: true } : {}),
      message,
      type: 'Normal',
      source: 'object',
    };
  });
}

function volumeText(volume: Volume): string {
  const { name, ...source } = volume;
  const [kind = ''] = Object.keys(source);
  const { configMap, secret, persistentVolumeClaim, hostPath, projected } = volume;
  const what = configMap?.name ?? secret?.secretName ?? persistentVolumeClaim?.claimName ?? hostPath?.path;
  const of = projected?.sources?.flatMap((one) => Object.keys(one)).join(', ');
  return `${name}: ${kind}${what === undefined ? '' : ` ${what}`}${of === undefined ? '' : ` of ${of}`}`;
}

const probeLines = ({ name, startupProbe, livenessProbe, readinessProbe }: Container): readonly string[] =>
  Object.entries({ startup: startupProbe, liveness: livenessProbe, readiness: readinessProbe }).flatMap(([kind, probe]) =>
    probe === undefined ? [] : [`${name}: ${kind}: ${probeText(probe)}`],
  );

function probeText({ exec, httpGet, tcpSocket, grpc, initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 }: Probe): string {
  const how =
    exec !== undefined
      ? `exec [${(exec.command ?? []).join(' ')}]`
      : httpGet !== undefined
        ? `http-get ${httpGet.path} on port ${httpGet.port}`
        : tcpSocket !== undefined
          ? `tcp-socket :${tcpSocket.port}`
          : `grpc :${grpc?.port}`;
  return `${how}, delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #failure=${failureThreshold}`;
}
