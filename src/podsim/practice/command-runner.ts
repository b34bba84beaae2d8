/** Runs kubectl's and podsim's command lines inside this process, on a cluster at hand, and keeps what they print. */
import type { Transport } from '../../api/transport.js';
import { readClientStructs } from '../../cluster/assets.js';
import type { Turn } from '../../cluster/turn.js';
import type { IOStreams } from '../../kubectl/command.js';
import { run as runKubectl, type Surroundings } from '../../kubectl/command-line.js';
import type { Target } from '../../kubectl/kubeconfig.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { runPodsim } from '../program.js';
import { factoryOn } from '../surroundings.js';
import { wordsOf } from './words-of.js';

export interface Ran {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard output and error as they came. */
  readonly text: string;
}

export interface CommandRunner {
  readonly turn: Turn;
  /** `kubectl get pods -o name`; nothing of the host's (its files, its kubeconfig) is read or written. */
  run(line: string, stdin?: string): Promise<Ran>;
}

/** A place in which there is no kubeconfig, so that the cluster is the runner's and the namespace `default`. */
const NOWHERE = '/nonexistent';

export function commandRunner(turn: Turn, machine: () => number): CommandRunner {
  return {
    turn,
    async run(line, stdin = '') {
      const [program, ...argv] = wordsOf(line);
      const heard = listen(stdin);
      const kubectl: Surroundings = {
        transport: async (target) => impersonating(target, turn.transport),
        streams: heard.streams,
        env: { HOME: NOWHERE, PATH: NOWHERE },
        cwd: NOWHERE,
        structs: async () => readClientStructs(),
        now: () => turn.now(),
        sleep: (ms, signal) => turn.sleep(ms, signal),
      };
      const code = program === 'kubectl' ? await runKubectl(argv, kubectl) : await runPodsim(argv, contextOn(turn, kubectl, machine));
      return { code, ...heard.said() };
    },
  };
}

function listen(stdin: string): { readonly streams: IOStreams; said(): { readonly out: string; readonly text: string } } {
  const decoder = new TextDecoder();
  const bytes = new TextEncoder().encode(stdin);
  let out = '';
  let text = '';
  const streams: IOStreams = {
    in: {
      read: async () => bytes,
      isTTY: false,
      async *chunks() {
        if (bytes.length > 0) yield bytes;
      },
    },
    out: (data) => {
      const piece = typeof data === 'string' ? data : decoder.decode(data, { stream: true });
      out += piece;
      text += piece;
    },
    err: (data) => {
      text += data;
    },
    outIsTTY: false,
    columns: undefined,
  };
  return { streams, said: () => ({ out, text }) };
}

function impersonating({ impersonate, impersonateGroups }: Target, transport: Transport): Transport {
  if (impersonate === '' && impersonateGroups.length === 0) return transport;
  const identity = {
    ...(impersonate === '' ? {} : { 'impersonate-user': impersonate }),
    ...(impersonateGroups.length === 0 ? {} : { 'impersonate-group': impersonateGroups.join(',') }),
  };
  return (request) => transport({ ...request, headers: { ...request.headers, ...identity } });
}

function contextOn(turn: Turn, kubectl: Surroundings, machine: () => number): PodsimContext {
  const none = (): never => {
    throw new PodsimError('a scenario has one cluster and no state file');
  };
  return {
    streams: kubectl.streams,
    env: {},
    cwd: NOWHERE,
    home: NOWHERE,
    state: NOWHERE,
    contextGiven: '',
    program: [],
    machine,
    current: async () => 'practice',
    open: async () => turn,
    file: none,
    remote: async () => undefined,
    factory: (flags) => factoryOn(kubectl, flags),
    backend: none,
    onSignal: () => () => undefined,
    stopped: new AbortController().signal,
  };
}
