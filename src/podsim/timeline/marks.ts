/** What happened to a pod, moment by moment: Events, flips of conditions and phase, ends of containers, signals, hooks. */
import type { Time } from '../../api/time.js';
import type { Event } from '../../resources/events/types.js';
import type { Container, LifecycleHandler } from '../../resources/pod-template/types.js';
import { conditionRows, phaseRow } from './conditions.js';
import { containersOf, type Run, runsOf } from './containers.js';
import { deletionOf } from './deletion.js';
import { type Evidence, firstOf, isStamped, lastOf } from './evidence.js';
import type { Mark, Span } from './model.js';
import { createdAt } from './times.js';

/** Within one instant: cause before effect. */
const RANKS: readonly Mark['kind'][] = ['object', 'event', 'signal', 'container', 'hook', 'probe', 'phase', 'condition'];

export function marksOf(evidence: Evidence): readonly Mark[] {
  const marks = [
    ...objectMarks(evidence),
    ...evidence.events.flatMap((event) => eventMarks(evidence, event)),
    ...stateMarks(evidence),
    ...containerMarks(evidence),
  ];
  return marks
    .map((mark, i) => ({ mark, i }))
    .sort((a, b) => a.mark.at - b.mark.at || RANKS.indexOf(a.mark.kind) - RANKS.indexOf(b.mark.kind) || a.i - b.i)
    .map(({ mark }) => mark);
}

function objectMarks(evidence: Evidence): readonly Mark[] {
  const { pod, isFromCreation, removedAt } = evidence;
  const marks: Mark[] = [];
  const base = { kind: 'object', component: 'kube-apiserver', type: 'Normal' } as const;
  if (evidence.isFromEvents !== true && pod.metadata.creationTimestamp) {
    const rough = isFromCreation ? {} : ({ isApproximate: true } as const);
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const by = owner === undefined ? '' : ` for ${owner.kind} ${owner.name}`;
    marks.push({ ...base, at: createdAt(evidence), reason: 'Created', message: `the object is stored${by}`, ...rough });
  }
  const deletion = deletionOf(evidence);
  if (deletion !== undefined && (removedAt === undefined || deletion.at < removedAt)) {
    const message = `deletion requested: grace period ${deletion.grace}s`;
    marks.push({ ...base, at: deletion.at, reason: 'Deletion', message, ...(deletion.isApproximate ? { isApproximate: true } : {}) });
  }
  if (removedAt !== undefined) marks.push({ ...base, at: removedAt, reason: 'Removed', message: 'the object is gone' });
  return marks;
}

const PROBES: ReadonlySet<string> = new Set(['Unhealthy', 'ProbeWarning']);
const HOOKS: ReadonlySet<string> = new Set(['FailedPostStartHook', 'FailedPreStopHook']);

/** One mark an occurrence, where it is known when that was; the others of a repeated Event are one mark from the first to the last. */
function eventMarks({ writes }: Evidence, event: Event): readonly Mark[] {
  const { reason = '', message = '', type, involvedObject, source, reportingComponent } = event;
  const container = /\{(.*)\}$/.exec(involvedObject.fieldPath ?? '')?.[1];
  const base = {
    kind: PROBES.has(reason) ? 'probe' : HOOKS.has(reason) ? 'hook' : 'event',
    component: source?.component || reportingComponent || 'unknown',
    reason,
    message: message.trim(),
    type: type === 'Warning' ? 'Warning' : 'Normal',
    ...(container === undefined ? {} : { container }),
  } as const;
  const own = writes.filter((write) => write.event.metadata.name === event.metadata.name);
  const first = firstOf(event);
  const total = event.series?.count ?? event.count ?? 1;
  const isWhole = own[0] !== undefined && (own[0].event.count ?? 1) === 1 && own[0].event.series === undefined;
  const marks: Mark[] = own.map(({ at }, i) => {
    // The spam filter lets some go by uncounted until the next is written.
    const before = i === 0 ? (isWhole ? 0 : (own[0]?.event.count ?? 1) - 1) : countOf(own[i - 1]?.event);
    const count = countOf(own[i]?.event) - before;
    return count > 1 ? { ...base, at, count, last: at } : { ...base, at };
  });
  if (isWhole || first === undefined) return marks;
  const known = own.length === 0 ? 0 : total - (countOf(own[0]?.event) - 1);
  const unknown = total - known;
  const rough = isStamped(event) ? {} : ({ isApproximate: true } as const);
  if (unknown <= 1) return [{ ...base, at: first, ...rough }, ...marks];
  const last = own.length === 0 ? (lastOf(event) ?? first) : undefined;
  return [{ ...base, at: first, count: unknown, ...(last === undefined ? {} : { last }), ...rough }, ...marks];
}

const countOf = (event: Event | undefined): number => event?.series?.count ?? event?.count ?? 1;

/** Flips, after the first state there was. */
function stateMarks(evidence: Evidence): readonly Mark[] {
  const rough = (span: Span): Partial<Mark> => (span.isApproximate === true ? { isApproximate: true } : {});
  const phases = phaseRow(evidence)
    .spans.slice(1)
    .map(
      (span): Mark => ({
        at: span.from,
        kind: 'phase',
        component: 'kubelet',
        reason: span.state,
        message: `phase ${span.state}`,
        type: span.tone === 'failed' ? 'Warning' : 'Normal',
        ...rough(span),
      }),
    );
  const conditions = conditionRows(evidence).flatMap(({ name, spans }) =>
    spans
      .filter((span, i) => i > 0 || span.state === 'True')
      .map(
        (span): Mark => ({
          at: span.from,
          kind: 'condition',
          component: name === 'PodScheduled' ? 'default-scheduler' : 'kubelet',
          reason: name,
          message: `condition ${name} is ${span.state}${span.state !== 'True' && span.message !== undefined ? ` (${span.message})` : ''}`,
          type: 'Normal',
          ...rough(span),
        }),
      ),
  );
  return [...phases, ...conditions];
}

function containerMarks(evidence: Evidence): readonly Mark[] {
  const { initContainers = [], containers } = evidence.pod.spec;
  return containersOf(evidence).flatMap(({ name }) => {
    const container = [...initContainers, ...containers].find((one) => one.name === name);
    return runsOf(evidence, name).flatMap((run) => runMarks(evidence, name, run, container));
  });
}

function runMarks(evidence: Evidence, name: string, run: Run, container: Container | undefined): readonly Mark[] {
  const rough = run.isExact ? {} : ({ isApproximate: true } as const);
  const base = { component: 'containerd', container: name, type: 'Normal', ...rough } as const;
  const marks: Mark[] = [];
  const { postStart, preStop } = container?.lifecycle ?? {};
  if (run.from !== undefined && postStart !== undefined)
    marks.push({ ...base, at: run.from, kind: 'hook', component: 'kubelet', reason: 'PostStart', message: `postStart hook begins: ${handlerText(postStart)}` });
  const killing = run.stop === undefined ? undefined : killingBefore(evidence, name, run.stop.at);
  if (preStop !== undefined && killing !== undefined)
    marks.push({ ...base, at: killing, kind: 'hook', component: 'kubelet', reason: 'PreStop', message: `preStop hook begins: ${handlerText(preStop)}` });
  if (run.stop !== undefined) {
    const { at, grace, signal = 'SIGTERM' } = run.stop;
    marks.push({
      ...base,
      at: at as Time,
      kind: 'signal',
      reason: signal,
      message: `${signal} to container ${name}; SIGKILL would follow after ${seconds(grace)}`,
    });
    if (run.to !== undefined && run.exitCode === 137 && run.to >= at + grace)
      marks.push({
        ...base,
        at: run.to,
        kind: 'signal',
        reason: 'SIGKILL',
        message: `SIGKILL to container ${name}: it still ran after ${seconds(grace)}`,
        type: 'Warning',
      });
  }
  if (run.to !== undefined && run.exitCode !== undefined) {
    const { exitCode, reason = '' } = run;
    const message = `container ${name} ended: exit code ${exitCode}${signalOf(exitCode)}, ${reason}`;
    marks.push({ ...base, at: run.to, kind: 'container', reason: reason || 'Terminated', message, type: exitCode === 0 ? 'Normal' : 'Warning' });
  }
  return marks;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10}s`;

const SIGNALS: Readonly<Record<number, string>> = { 129: 'SIGHUP', 130: 'SIGINT', 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' };
/** By convention a code from 129 on is 128 and the signal. */
const signalOf = (code: number): string => (SIGNALS[code] === undefined ? '' : ` (128+${code - 128}: ${SIGNALS[code]})`);

/** The kubelet says Killing when it begins to stop a container: before the preStop hook. */
function killingBefore({ events, writes }: Evidence, name: string, at: number): Time | undefined {
  const isIts = ({ reason, involvedObject }: Event): boolean => reason === 'Killing' && involvedObject.fieldPath?.endsWith(`{${name}}`) === true;
  const times = [...events.filter(isIts).map(firstOf), ...writes.filter(({ event }) => isIts(event)).map((write) => write.at)];
  const before = times.filter((time): time is Time => time !== undefined && time <= at);
  return before.length === 0 ? undefined : (Math.max(...before) as Time);
}

function handlerText({ exec, httpGet, sleep, tcpSocket }: LifecycleHandler): string {
  if (exec !== undefined) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet !== undefined) return `http-get ${httpGet.path ?? '/'} on port ${httpGet.port}`;
  if (sleep !== undefined) return `sleep ${sleep.seconds}s`;
  return tcpSocket === undefined ? 'no handler' : `tcp-socket :${tcpSocket.port}`;
}
