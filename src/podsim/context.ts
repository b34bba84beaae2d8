/** All a command of podsim's own may reach for. */
import type { Turn } from '../cluster/turn.js';
import type { Factory, IOStreams, Signal } from '../kubectl/command.js';
import type { Backend } from '../store/backend/backend.js';

export interface PodsimContext {
  readonly streams: IOStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** PODSIM_HOME. */
  readonly home: string;
  /** `--state` or PODSIM_STATE: the one file this command is about; undefined: clusters are named. */
  readonly state: string | undefined;
  /** `--context`, or PODSIM_CONTEXT; '': the current one. */
  readonly contextGiven: string;
  /** What runs podsim: Node and the script, whose arguments follow. */
  readonly program: readonly string[];
  /** The name of the current (or `--context`'s) cluster. */
  readonly current: () => Promise<string>;
  /** The machine's clock, in ms since 1970. */
  machine(): number;
  /** The cluster this command is about; made if there is none. */
  open(): Promise<Turn>;
  /** The current (or `--context`'s) cluster is at an http(s) address: all there is of it is what its API says, by way of `factory`. Else it is in a state file. */
  isRemote(): Promise<boolean>;
  /** The state file it is in. */
  file(): Promise<string>;
  /**
   * What kubectl's commands reach for: the API of the cluster that the kubeconfig's context means, over HTTP where it is served or
   * somewhere else. `flags` are kubectl's global ones (`--namespace=shop`); they count more than those before the command's name.
   */
  factory(flags: readonly string[]): Promise<Factory>;
  /** A state file as a place for a cluster, also while `podsim serve` has it. */
  backend(file: string): Backend;
  /** Aborts when podsim is told to end (SIGINT, SIGTERM). Whoever takes it up ends by themselves. */
  readonly stopped: AbortSignal;
  /** From now on these signals do not end podsim but come here. Gives what undoes it. */
  onSignal(signals: readonly Signal[], listener: (signal: Signal) => void): () => void;
}

/** A podsim command cannot do what it was asked: printed as `error: …`, exit 1. */
export class PodsimError extends Error {
  override readonly name = 'PodsimError';
}
