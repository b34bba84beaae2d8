/**
 * kubectl as pods have it: the same that podsim itself is (src/kubectl), run as an errand (api/errand.ts). What it asks for is got here: from the
 * API server over the pod's network, from the container's files and standard input, in simulated time.
 */
import { bytesOf, textOf } from '../../../api/bytes.js';
import type { Ask, Errand, ErrandResponse, Heard, Reply } from '../../../api/errand.js';
import { after, milliseconds, type Time } from '../../../api/time.js';
import { spreadOf } from '../../identity.js';
import { FileError, FOREVER, type GoesOn, type NetworkResult } from '../../process.js';
import type { Program, ProgramContext, Wait } from '../program.js';

type Http = Ask & { readonly type: 'http' };

/** What was asked for and has not been got yet. */
interface Open {
  readonly id: number;
  readonly ask: Ask;
  /** It is here, and comes at that time. */
  reply?: Reply;
  due?: number;
  /** The program that was started for it. */
  pid?: number;
}

/** An answer that goes on. */
interface Stream {
  readonly ask: Http;
  goesOn: GoesOn;
  /** The server ends it then. */
  readonly ends: number;
}

interface State {
  readonly errand: Omit<Errand, 'heard' | 'shown'>;
  shown?: number;
  heard: Heard[];
  open: Open[];
  streams: Record<string, Stream>;
  onSignal?: number;
  /** A signal has ended it. */
  killed?: number;
}

/** Milliseconds that it takes to start. */
const STARTS = 30;
/** An API server ends a watch after half an hour, or up to an hour (--min-request-timeout). */
const WATCH_LASTS = 1_800_000;

export const kubectl: Program = {
  name: 'kubectl',
  run(context) {
    const state = (context.state ?? begin(context)) as State;
    context.state = state;
    if (state.killed !== undefined) return state.killed;
    const started = after(state.errand.began, milliseconds(STARTS));
    if (context.now < started) return { wait: 'time', until: started };
    const step = context.step();
    if (step !== undefined) {
      state.shown = state.heard.length;
      for (const { fd, text } of step.said)
        if (fd === '1') context.out(text);
        else context.err(text);
      if (step.exit !== undefined) return step.exit;
      if (step.onSignal === undefined) delete state.onSignal;
      else state.onSignal = step.onSignal;
      state.open = [...state.open, ...step.asks].filter(({ id }) => !step.dropped.includes(id));
      for (const id of step.dropped) delete state.streams[id];
    }
    let isTold = state.open.length === 0;
    for (const one of [...state.open]) {
      const reply = get(context, state, one);
      if (reply === undefined) continue;
      state.open = state.open.filter((other) => other !== one);
      state.heard.push({ ask: one.id, at: context.now, reply });
      isTold = true;
    }
    return isTold
      ? { wait: 'errand', errand: { ...state.errand, heard: state.heard, ...(state.shown === undefined ? {} : { shown: state.shown }) } }
      : waitOf(state, context.now);
  },
  signal(context, signal) {
    const code = (context.state as State | undefined)?.onSignal ?? (context.pid === 1 ? FATAL : undefined);
    if (code === undefined || !ENDING.has(signal)) return false;
    context.state = { ...(context.state as State), killed: code };
    return true;
  },
};

/** Process 1 has no default actions, and Go's runtime, which finds itself alive after a deadly signal, exits with 2. */
const FATAL = 2;
const ENDING: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

function begin(context: ProgramContext): State {
  const { calledAs, args, env, cwd, now, tty } = context;
  const terminal = { in: tty && context.isOwn('0'), out: tty && context.isOwn('1') };
  return { errand: { argv: [calledAs, ...args], env, cwd, terminal, began: now }, heard: [], open: [], streams: {} };
}

/** When there may be something for it. */
function waitOf({ open, streams }: State, now: Time): Wait {
  let until: number = FOREVER;
  const follows = new Set<string>();
  let reads = false;
  const pids: number[] = [];
  for (const { ask, due, pid } of open) {
    if (due !== undefined) until = Math.min(until, due);
    if (ask.type === 'input') reads = true;
    if (pid !== undefined) pids.push(pid);
    const stream = ask.type === 'more' ? streams[ask.of] : undefined;
    if (stream === undefined) continue;
    until = Math.min(until, stream.ends, Math.max(stream.goesOn.next ?? FOREVER, now + 1));
    for (const resource of stream.goesOn.resources) follows.add(resource);
  }
  if (pids.length > 0) return { wait: 'children', pids, until: until as Time };
  const more = follows.size === 0 ? {} : { follows: [...follows].sort() };
  return { wait: reads ? 'stdin' : 'time', until: until as Time, ...more };
}

/** Undefined: it is not here yet. */
function get(context: ProgramContext, state: State, one: Open): Reply | undefined {
  const { ask } = one;
  if (one.reply === undefined) {
    if (ask.type === 'http') arrive(context, one, request(context, state, one.id, ask));
    else if (ask.type === 'send') {
      const stream = state.streams[ask.of];
      if (stream !== undefined)
        takeMore(
          state,
          ask.of,
          continueStream(context, stream, { channel: ask.channel, ...(ask.data === undefined ? {} : { data: Buffer.from(ask.data, 'base64') }) }),
        );
      return { value: null };
    } else if (ask.type === 'more') return more(context, state, ask.of);
    else if (ask.type === 'input') {
      const text = context.read();
      return text === '' ? undefined : { value: text ?? null };
    } else if (ask.type === 'sleep') {
      one.due ??= context.now + Math.max(0, Math.ceil(ask.span));
      return context.now < one.due ? undefined : { value: null };
    } else if (ask.type === 'run') return run(context, one, ask);
    else return filed(context, ask);
  }
  return context.now < (one.due ?? 0) ? undefined : one.reply;
}

function arrive(context: ProgramContext, one: Open, { reply, takes }: { readonly reply: Reply; readonly takes: number }): void {
  one.reply = reply;
  one.due = context.now + Math.max(0, Math.ceil(takes));
}

function request(context: ProgramContext, state: State, id: number, ask: Http): { readonly reply: Reply; readonly takes: number } {
  const { network } = context.host;
  const answer = network.http(ask);
  if ('failure' in answer) return { reply: failed(answer.failure, ask), takes: answer.takes };
  const { status = 200, headers = {}, body, goesOn, takes } = answer;
  if (goesOn !== undefined) {
    const ends = goesOn.as === 'lines' ? context.now + WATCH_LASTS * (1 + spreadOf(`watch/${context.host.hostname}/${context.pid}/${context.now}`)) : FOREVER;
    state.streams[id] = { ask, goesOn, ends: ask.path.includes('/log?') ? FOREVER : Math.ceil(ends) };
  }
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const value: ErrandResponse = { status, headers: named, body, ...(goesOn === undefined ? {} : { goesOn: goesOn.as }) };
  return { reply: { value }, takes };
}

type Failure = (NetworkResult & { readonly failure: string })['failure'];

function failed(failure: Failure, { host, port }: Http): Reply {
  if (failure === 'refused') return { error: { code: 'ECONNREFUSED', address: host === '::1' ? 'localhost' : host, port } };
  if (failure === 'no-host') return { error: { code: 'ENOTFOUND', message: `dial tcp: lookup ${host}: no such host` } };
  const why = failure === 'timeout' ? 'i/o timeout' : 'connect: no route to host';
  return { error: { code: failure === 'timeout' ? 'ETIMEDOUT' : 'EHOSTUNREACH', message: `dial tcp ${host}:${port}: ${why}` } };
}

function continueStream({ host }: ProgramContext, { ask, goesOn }: Stream, input?: { readonly channel: number; readonly data?: Uint8Array }): NetworkResult {
  return host.network.http({ ...ask, body: '', continues: goesOn.from, ...(input === undefined ? {} : { input }) });
}

/** The chunks that have come; where it goes on is kept. A connection that breaks ends it. */
function takeMore(state: State, id: number, answer: NetworkResult): readonly unknown[] {
  const stream = state.streams[id];
  if (stream === undefined) return [];
  if ('failure' in answer || answer.goesOn === undefined) delete state.streams[id];
  else stream.goesOn = answer.goesOn;
  return 'failure' in answer || answer.body === '' ? [] : (JSON.parse(answer.body) as readonly unknown[]);
}

function more(context: ProgramContext, state: State, id: number): Reply | undefined {
  const stream = state.streams[id];
  if (stream === undefined) return { value: null };
  const chunks = takeMore(state, id, continueStream(context, stream));
  if (chunks.length > 0) return { value: chunks };
  if (context.now >= stream.ends) delete state.streams[id];
  return state.streams[id] === undefined ? { value: null } : undefined;
}

function run(context: ProgramContext, one: Open, { argv, captures }: Ask & { readonly type: 'run' }): Reply | undefined {
  one.pid ??= context.spawn(argv, captures ? { capture: true } : {});
  const code = context.child(one.pid);
  return code === undefined ? undefined : { value: { code, out: captures ? context.captured(one.pid) : '' } };
}

type Filed = Exclude<Ask, { readonly type: 'http' | 'more' | 'send' | 'input' | 'sleep' | 'run' }>;

function filed(context: ProgramContext, ask: Filed): Reply {
  try {
    return { value: file(context, ask) };
  } catch (error) {
    if (error instanceof FileError) return { error: { code: error.code } };
    throw error;
  }
}

function file({ files, now, umask }: ProgramContext, ask: Filed): unknown {
  const { path } = ask;
  switch (ask.type) {
    case 'kind': {
      const found = files.stat(path);
      return found === undefined
        ? null
        : { kind: found.type === 'directory' ? 'directory' : 'file', mode: found.mode & 0o777, size: found.size, modified: found.mtime };
    }
    case 'linkTarget':
      return files.stat(path, false)?.target ?? null;
    case 'read':
      return files.read(path);
    case 'list':
      return [...files.list(path)];
    case 'remove':
      removeAll(files, path);
      return null;
    case 'makeDirectory':
      makeAll(files, path);
      return null;
    case 'write': {
      makeAll(files, path.slice(0, path.lastIndexOf('/')) || '/');
      files.write(path, textOf(bytesOf(ask.data)), { at: now, mode: (ask.mode ?? 0o666) & ~umask });
      return null;
    }
  }
}

type FilesOf = ProgramContext['files'];

function makeAll(files: FilesOf, path: string): void {
  if (path === '/' || files.stat(path) !== undefined) return;
  makeAll(files, path.slice(0, path.lastIndexOf('/')) || '/');
  files.makeDirectory(path);
}

function removeAll(files: FilesOf, path: string): void {
  const found = files.stat(path, false);
  if (found === undefined) return;
  if (found.type === 'directory') for (const name of files.list(path)) removeAll(files, `${path}/${name}`);
  files.remove(path);
}
