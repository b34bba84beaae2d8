/** Runs kubectl's and podsim's command lines inside this process, on a cluster at hand, and keeps what they print. */
import type { Turn } from '../../cluster/turn.js';
import { run as runKubectl, type Surroundings } from '../../kubectl/command-line.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { kubectlOn, listen, NOWHERE } from '../in-process.js';
import { runPodsim } from '../program.js';
import { factoryOn } from '../surroundings.js';
import { ownFiles } from './own-files.js';
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
  /** Files for the commands that follow. */
  write(files: Readonly<Record<string, string>>): void;
}

export function commandRunner(turn: Turn, machine: () => number): CommandRunner {
  const texts = new Map<string, string>();
  return {
    turn,
    write(files) {
      for (const [path, text] of Object.entries(files)) texts.set(`/${path}`, text);
    },
    async run(line, stdin = '') {
      const [program, ...argv] = wordsOf(line);
      const heard = listen(stdin);
      const kubectl = { ...kubectlOn(turn, heard.streams), files: ownFiles(texts) };
      const code = program === 'kubectl' ? await runKubectl(argv, kubectl) : await runPodsim(argv, contextOn(turn, kubectl, machine));
      return { code, out: heard.out(), text: heard.text() };
    },
  };
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
    isRemote: async () => false,
    factory: (flags) => factoryOn(kubectl, flags),
    backend: none,
    onSignal: () => () => undefined,
    stopped: new AbortController().signal,
  };
}
