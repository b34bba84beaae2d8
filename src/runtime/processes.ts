/**
 * Runs what is in a sandbox: every process up to a time, in the order in which they are due, so that two containers that
 * share a volume see each other's steps in the right order however late somebody looks.
 */
import { RuntimeError, type VolumeContent } from '../api/cri.js';
import type { ErrandStep, OpenErrand } from '../api/errand.js';
import { Unanswered } from '../api/outside.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';
import { throughEntrypoint } from './entrypoint.js';
import { hasVolumes, hostOf, imageDataOf } from './host.js';
import type { Catalogue, ImageData } from './image.js';
import type { NetworkView } from './network.js';
import type { NodeView } from './node-view.js';
import {
  type Behaviour,
  FOREVER,
  type ProcessHost,
  type ProcessSpec,
  type ServedAnswer,
  type ServedRequest,
  type StartedProcess,
  type StepResult,
} from './process.js';
import { type ContainerRecord, type ExecRecord, type FileTree, keys, loadSandbox, type ProcessRecord, type RepeatRecord, type SandboxRecord } from './state.js';
import { ENTRYPOINT } from './userland.js';

/** What all of a node's runtime shares. */
export interface RuntimeContext {
  readonly node: string;
  readonly state: StateMap;
  readonly behaviours: readonly Behaviour[];
  now(): Time;
  readonly catalogue: Catalogue;
  network(): NetworkView | undefined;
  /** One request to a port of a sandbox of this node. */
  serve(sandbox: string, port: number, request: ServedRequest): ServedAnswer | undefined;
  /** The machine all this runs on. */
  machine?(): { readonly cpus: number; readonly memory: number; readonly booted: number };
  /** Content of a volume nobody has set: worked out from the pod when a process first looks. */
  volume?(podKey: string, volume: string): VolumeContent | undefined;
  /** The node's own files, as they are before somebody changes them. */
  hostTree(): Readonly<FileTree>;
  /** The node itself, for its own programs. */
  nodeView?(): NodeView | undefined;
  /** A process has changed the node's own files. */
  hostChanged?(): void;
  /** A process of the pod waits for the next step of an errand. Absent: there is nobody to take it. */
  errand?(errand: OpenErrand, podKey: string): void;
  /** Changes of these resources are to be told to the sandbox ({@link noticeChanges}); undefined: of none any more. */
  follow?(sandbox: string, podKey: string, resources: readonly string[] | undefined): void;
}

/** A step that neither ends nor moves its clock on, so often at one instant, is a busy loop: it is put off by a millisecond. */
const MAX_STEPS_AT_ONCE = 1000;
/** Lines of access log beyond this have been rotated away anyway. */
const MAX_REPEATS = 10_000;

/** The pieces of a sandbox that run: containers' own processes and execs. */
export interface Running {
  readonly container: ContainerRecord;
  readonly record: ProcessRecord & { killAt?: number };
  readonly exec?: ExecRecord;
}

export function runningIn({ containers, execs }: SandboxRecord): readonly Running[] {
  const running: Running[] = [];
  for (const container of containers) if (container.state === 'running') running.push({ container, record: container });
  for (const id in execs) {
    const exec = execs[id] as ExecRecord;
    if (exec.finishedAt !== undefined) continue;
    const container = containers.find((one) => id.startsWith(one.id));
    if (container !== undefined) running.push({ container, record: exec, exec });
  }
  return running;
}

export const dueOf = (record: ProcessRecord & { killAt?: number }): number => Math.min(record.next ?? FOREVER, record.killAt ?? FOREVER);

/** When something in the sandbox can change that others notice: laziness counted. */
export function nextEventOf(sandbox: SandboxRecord): number | undefined {
  let next: number = FOREVER;
  // Looked at in every reconcile of the pod: most have no execs.
  if (sandbox.execs === undefined) for (const one of sandbox.containers) next = one.state === 'running' ? Math.min(next, noticedAt(one)) : next;
  else for (const { record } of runningIn(sandbox)) next = Math.min(next, noticedAt(record));
  return next >= FOREVER ? undefined : next;
}
const noticedAt = ({ next, lazy, killAt }: ProcessRecord & { killAt?: number }): number =>
  Math.min(next === undefined ? FOREVER : Math.max(next, lazy ?? 0), killAt ?? FOREVER);

/** When any process will take its next step, however lazy. */
export function nextDueOf(sandbox: SandboxRecord): number {
  let next: number = FOREVER;
  for (const { record } of runningIn(sandbox)) next = Math.min(next, dueOf(record));
  for (const repeat of Object.values(sandbox.repeats ?? {})) next = Math.min(next, repeat.next);
  return next;
}

/** When anything in the sandbox will run again, log lines and files included; the image's own server does not count, it changes no file. */
export function nextStepOf(sandbox: SandboxRecord): number {
  let next: number = FOREVER;
  for (const { record } of runningIn(sandbox)) if (record.process?.behaviour !== 'image' || record.lazy === undefined) next = Math.min(next, dueOf(record));
  return next;
}

/** Runs everything that is due until `until`; true if anything ran. */
export function runUntil(context: RuntimeContext, sandbox: SandboxRecord, until: number): boolean {
  let ran = false;
  let at = -1;
  let steps = 0;
  for (;;) {
    let first: Running | undefined;
    for (const one of runningIn(sandbox)) if (dueOf(one.record) <= until && (first === undefined || dueOf(one.record) < dueOf(first.record))) first = one;
    const repeat = dueRepeat(sandbox, Math.min(until, first === undefined ? until : dueOf(first.record) - 1));
    if (repeat !== undefined) {
      ran = true;
      answerFrom(context, sandbox, repeat.port, repeat.request, repeat.next as Time);
      repeat.next += repeat.every;
      continue;
    }
    if (first === undefined) return ran;
    ran = true;
    const due = dueOf(first.record);
    steps = due === at ? steps + 1 : 0;
    at = due;
    if (steps > MAX_STEPS_AT_ONCE && first.record.next === due) first.record.next = due + 1;
    else if (first.record.killAt !== undefined && first.record.killAt <= due) timeOut(sandbox, first, due as Time);
    else step(context, sandbox, first, due as Time, (behaviour, host, process) => behaviour.run(process, host), horizonOf(sandbox, first, until));
  }
}

/** Whose processes a container sees, by name: its own, or its target's. */
export const pidsOf = ({ config }: ContainerRecord): string => config.targetContainer ?? config.name;

/** No process of the sandbox has a number above this. */
export function highestPid(context: RuntimeContext, sandbox: SandboxRecord): number {
  let highest = 1;
  for (const { record } of runningIn(sandbox)) {
    const { process } = record;
    const its = process === undefined ? undefined : context.behaviours.find((one) => one.name === process.behaviour);
    for (const { pid } of (process === undefined ? undefined : its?.processes?.(process)) ?? []) highest = Math.max(highest, pid);
  }
  return highest;
}

/** Until when nothing else runs that could notice what this one does. */
function horizonOf(sandbox: SandboxRecord, { container, record }: Running, until: number): number {
  const isShared = sandbox.config.shareProcessNamespace === true || hasVolumes(container);
  let horizon = record.killAt === undefined ? until : Math.min(until, record.killAt - 1);
  for (const other of runningIn(sandbox))
    if (other.record !== record && (isShared || pidsOf(other.container) === pidsOf(container))) horizon = Math.min(horizon, dueOf(other.record) - 1);
  if (isShared) for (const repeat of Object.values(sandbox.repeats ?? {})) horizon = Math.min(horizon, repeat.next - 1);
  return horizon;
}

/** The repeated request that comes next, if by `until`. More than a log can hold are not caught up with. */
function dueRepeat(sandbox: SandboxRecord, until: number): RepeatRecord | undefined {
  let first: RepeatRecord | undefined;
  for (const one of Object.values(sandbox.repeats ?? {})) {
    const missed = Math.floor((until - one.next) / one.every) - MAX_REPEATS;
    if (missed > 0) one.next += missed * one.every;
    if (one.next <= until && (first === undefined || one.next < first.next)) first = one;
  }
  return first;
}

/** What the sandbox's processes answer on a port; whoever listens there answers. */
export function answerFrom(context: RuntimeContext, sandbox: SandboxRecord, port: number, request: ServedRequest, now: Time): ServedAnswer | undefined {
  for (const { container, record, exec } of runningIn(sandbox)) {
    if (record.process === undefined) continue;
    const behaviour = context.behaviours.find((one) => one.name === record.process?.behaviour);
    const answer = behaviour?.serve?.(record.process, port, request, hostOf(context, sandbox, container, now, exec));
    if (answer === undefined) continue;
    if (answer.state !== undefined) record.process = answer.state;
    if (answer.next !== undefined) record.next = answer.next;
    return answer;
  }
  return undefined;
}

/** SIGKILL. */
export function endOf(sandbox: SandboxRecord, { container, exec }: Running, at: Time): void {
  if (exec === undefined) finishContainer(sandbox, container, 137, at);
  else finishExec(exec, 137, at);
}

function timeOut(sandbox: SandboxRecord, running: Running, at: Time): void {
  if (running.exec !== undefined) running.exec.timedOut = true;
  endOf(sandbox, running, at);
}

/** One move of one process, by running, signalling or input; what it comes to is written down. */
export function step(
  context: RuntimeContext,
  sandbox: SandboxRecord,
  { container, record, exec }: Running,
  now: Time,
  move: (behaviour: Behaviour, host: ProcessHost, process: StartedProcess) => StepResult,
  until?: number,
): void {
  const process = record.process;
  const behaviour = context.behaviours.find((one) => one.name === process?.behaviour);
  if (process === undefined || behaviour === undefined) {
    delete record.next;
    return;
  }
  // While it moves it is not due: it may ask itself (or who asks it back) over the network.
  delete record.next;
  let result: StepResult;
  try {
    result = move(behaviour, hostOf(context, sandbox, container, now, exec, until), process);
  } catch (error) {
    // It is to be tried again when a webhook has answered what it has asked.
    if (error instanceof Unanswered) record.next = now;
    throw error;
  }
  take(sandbox, container, exec, result, now);
  expect(context, sandbox, { container, record, ...(exec === undefined ? {} : { exec }) }, result);
}

/** What of its needs the node cannot see to. */
function expect(context: RuntimeContext, sandbox: SandboxRecord, running: Running, { exit, errands, follows }: StepResult): void {
  const { container, record, exec } = running;
  const id = exec === undefined ? container.id : (Object.entries(sandbox.execs ?? {}).find(([, one]) => one === exec)?.[0] ?? '');
  if (exit === undefined && errands !== undefined)
    for (const { pid, errand } of errands)
      context.errand?.({ id: `${id}#${pid}`, errand, answer: (step) => answerErrand(context, sandbox.id, id, pid, step) }, sandbox.config.podKey);
  const now = exit === undefined ? follows : undefined;
  if (now === undefined && record.follows === undefined) return;
  if (now === undefined) delete record.follows;
  else record.follows = now;
  const all = new Set(runningIn(sandbox).flatMap((one) => one.record.follows ?? []));
  context.follow?.(sandbox.id, sandbox.config.podKey, all.size === 0 ? undefined : [...all].sort());
}

/** Whoever changes a process from outside has it run next, at this instant. */
function change(
  context: RuntimeContext,
  sandbox: SandboxRecord,
  running: readonly Running[],
  how: (behaviour: Behaviour, process: StartedProcess) => void,
): void {
  for (const { record } of running) {
    const behaviour = context.behaviours.find((one) => one.name === record.process?.behaviour);
    if (behaviour === undefined || record.process === undefined) continue;
    how(behaviour, record.process);
    record.next = context.now();
    delete record.lazy;
  }
  context.state.set(keys.sandbox(context.node, sandbox.id), sandbox);
}

function answerErrand(context: RuntimeContext, sandboxId: string, id: string, pid: number, answer: ErrandStep): void {
  const sandbox = loadSandbox(context.state, context.node, sandboxId);
  if (sandbox === undefined) return;
  const exec = sandbox.execs?.[id];
  const isIt = (one: Running): boolean => (exec === undefined ? one.record === one.container && one.container.id === id : one.exec === exec);
  change(context, sandbox, runningIn(sandbox).filter(isIt), (behaviour, process) => behaviour.answer?.(process, pid, answer));
}

/** Processes that follow what is in the cluster are to look at it. */
export function noticeChanges(context: RuntimeContext, sandboxId: string): void {
  const sandbox = loadSandbox(context.state, context.node, sandboxId);
  const following = sandbox === undefined ? [] : runningIn(sandbox).filter(({ record }) => record.follows !== undefined);
  if (sandbox === undefined || following.length === 0) context.follow?.(sandboxId, '', undefined);
  else change(context, sandbox, following, (behaviour, process) => behaviour.notice?.(process));
}

/** Standard input, or its end. Who does not read goes on as before. */
export function feed(context: RuntimeContext, sandbox: SandboxRecord, running: Running, data: string | undefined, now: Time): void {
  const behaviour = context.behaviours.find((one) => one.name === running.record.process?.behaviour);
  if (behaviour?.input === undefined) return;
  step(context, sandbox, running, now, (reader, host, process) => reader.input?.(process, data, host) ?? { state: process });
}

function take(sandbox: SandboxRecord, container: ContainerRecord, exec: ExecRecord | undefined, result: StepResult, now: Time): void {
  const record: ProcessRecord = exec ?? container;
  record.process = result.state;
  setDue(record, result.next, result.lazyUntil);
  const { exit } = result;
  if (exit === undefined) return;
  const at = exit.at ?? now;
  if (exec !== undefined) finishExec(exec, exit.code, at, exit.steady);
  else finishContainer(sandbox, container, exit.code, at, exit.reason, exit.message);
}

function setDue(record: ProcessRecord, next: number | undefined, lazy: number | undefined): void {
  if (next === undefined) delete record.next;
  else record.next = next;
  if (lazy === undefined) delete record.lazy;
  else record.lazy = lazy;
}

export function finishContainer(sandbox: SandboxRecord, container: ContainerRecord, code: number, at: number, reason?: string, message?: string): void {
  container.state = 'exited';
  container.exitCode = code;
  container.finishedAt = at;
  container.reason = reason ?? (code === 0 ? 'Completed' : 'Error');
  if (message !== undefined) container.message = message;
  delete container.next;
  delete container.lazy;
  delete container.killAt;
  releasePorts(sandbox, container.id);
  for (const [id, exec] of Object.entries(sandbox.execs ?? {})) if (id.startsWith(container.id) && exec.finishedAt === undefined) finishExec(exec, 137, at);
}

function finishExec(exec: ExecRecord, code: number, at: number, steady?: boolean): void {
  exec.exitCode = code;
  exec.finishedAt = at;
  if (steady === true) exec.steady = true;
  delete exec.next;
  delete exec.lazy;
  delete exec.killAt;
}

function releasePorts(sandbox: SandboxRecord, owner: string): void {
  for (const [port, claimant] of Object.entries(sandbox.ports ?? {})) if (claimant === owner) delete sandbox.ports?.[port];
}

/** Asks the behaviours in order; RuntimeError when none can start it. Runs it at once unless it says when it is next due. */
export function startProcess(
  context: RuntimeContext,
  sandbox: SandboxRecord,
  container: ContainerRecord,
  exec: ExecRecord | undefined,
  spec: ProcessSpec,
  now: Time,
): void {
  const host = hostOf(context, sandbox, container, now, exec);
  for (const behaviour of context.behaviours) {
    const started = behaviour.start(spec, host);
    if (started === undefined) continue;
    const record: ProcessRecord = exec ?? container;
    record.process = { behaviour: started.behaviour, state: started.state };
    setDue(record, started.next ?? now, started.lazyUntil);
    return;
  }
  throw new RuntimeError(`exec: "${spec.argv[0] ?? ''}": executable file not found in $PATH`);
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What runc hands a process: PATH, the image's environment, HOSTNAME, the pod's, HOME last if nobody set it. */
export function specOf(
  context: RuntimeContext,
  sandbox: SandboxRecord,
  container: ContainerRecord,
  argv: readonly string[],
  options: { tty: boolean; stdin: boolean },
): ProcessSpec {
  const { config, uid, gid } = container;
  const image = imageDataOf(context, container);
  const env: Record<string, string> = { PATH: DEFAULT_PATH, ...image?.env, HOSTNAME: sandbox.config.hostname };
  if (options.tty) env['TERM'] = 'xterm';
  Object.assign(env, config.env);
  env['HOME'] ??= uid === 0 ? '/root' : image?.user !== undefined && /^[a-z]/.test(image.user) ? `/home/${image.user}` : '/';
  return { argv, env, cwd: config.workingDir ?? image?.workingDir ?? '/', uid, gid, tty: options.tty, stdin: options.stdin };
}

/** The argv of a container: command replaces entrypoint and cmd, args replace cmd. */
export function argvOf(container: ContainerRecord, image: ImageData | undefined): readonly string[] {
  const { command = [], args = [] } = container.config;
  if (command.length > 0) return throughEntrypoint([...command, ...args], image);
  if (image === undefined) return [ENTRYPOINT, ...args];
  return throughEntrypoint([...(image.entrypoint ?? []), ...(args.length > 0 ? args : (image.cmd ?? []))], image);
}
