/** A command is Options + Complete / Validate / Run, as in k8s.io/kubectl; flags have pflag's meaning. */

import type { Structs } from '../api/structs.js';
import type { Time } from '../api/time.js';
import type { RestClient } from '../client/rest-client.js';
import type { RestMapper } from '../client/rest-mapper.js';
import type { Files } from './files.js';
import type { Kubeconfig } from './kubeconfig.js';

/** Output is text in UTF-8 or bytes; nothing else of podsim writes to the terminal. */
export interface IOStreams {
  readonly in: {
    read(): Promise<Uint8Array>;
    readonly isTTY: boolean;
    chunks(): AsyncIterable<Uint8Array>;
    /** Keys come one by one and unechoed, Ctrl-C among them: the other side is the terminal. Absent: there is none. */
    setRaw?(isRaw: boolean): void;
    /** Nobody waits for what may still come. */
    release?(): void;
  };
  out(text: string | Uint8Array): void;
  err(text: string): void;
  readonly outIsTTY: boolean;
  readonly columns: number | undefined;
  /** Of the terminal; absent: it does not say. */
  readonly rows?: number | undefined;
}

/** One flag as pflag knows it. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly type: 'bool' | 'string' | 'int' | 'int32' | 'int64' | 'duration' | 'stringSlice' | 'stringArray' | 'tristate';
  /** As printed in help: `false`, `''`, `[]`, `30s`. Absent: the type's zero. */
  readonly default?: string;
  /** The value a bare `--flag` has (NoOptDefVal): `unchanged` for --dry-run, `strict` for --validate. */
  readonly bare?: string;
  readonly usage: string;
  readonly hidden?: boolean;
  readonly required?: boolean;
  readonly deprecated?: string;
}

/** Parsed flags. `changed(name)`: it stood on the command line. */
export interface FlagValues {
  bool(name: string): boolean;
  string(name: string): string;
  int(name: string): number;
  strings(name: string): readonly string[];
  /** Milliseconds. */
  duration(name: string): number;
  changed(name: string): boolean;
  /** The command has such a flag. */
  has(name: string): boolean;
}

export interface Command<O = unknown> {
  /** `get [(-o|--output=)json|yaml|…] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]`. */
  readonly use: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  readonly examples?: string;
  readonly flags: readonly Flag[];
  /** Everything after the command's name is an argument, flags too. */
  readonly rawArguments?: boolean;
  /** The exit code of whatever fails, where 1 is an answer (diff). */
  readonly failureCode?: number;
  /** `dash` is the position of `--` among args, or -1 (exec, run). */
  complete(args: readonly string[], flags: FlagValues, factory: Factory, dash: number): Promise<O>;
  /** Throws UsageError. */
  validate?(options: O): void;
  run(options: O, factory: Factory): Promise<void>;
  /**
   * A command that only holds others: prints its help to this stream. `exit` is the code it then ends with, without or
   * (absent: an error instead) with a word that names none of them.
   */
  readonly group?: { readonly stream: 'out' | 'err'; readonly exit: number };
}

/** All a command may reach for. */
export interface Factory {
  readonly client: RestClient;
  readonly streams: IOStreams;
  /** -n, or the context's, or `default`. */
  readonly namespace: string;
  /** -n was given. */
  readonly namespaceGiven: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** `kubectl get`: what usage hints name. */
  readonly commandPath: string;
  /** This command line, as --record notes it. */
  readonly changeCause: string;
  /** The flags every command has: `context`, `request-timeout`, `v` … */
  readonly globals: FlagValues;
  readonly files: Files;
  /** Discovery, asked for once. */
  mapper(): Promise<RestMapper>;
  /** The kubeconfig in force and the file it is in. */
  kubeconfig(): Promise<{ readonly path: string; readonly config: Kubeconfig }>;
  /** The address of the API server, as cluster-info says it. */
  server(): Promise<string>;
  /** The order of the fields of Go's types. */
  structs(): Promise<Structs>;
  /** Writes `Warning: text` to stderr. */
  warn(text: string): void;
  /** The simulation's time. */
  now(): Time;
  /** Gets what is at a URL; absent: the host's network does. */
  fetch?(url: string): Promise<{ readonly ok: boolean; readonly status: number; readonly statusText: string; text(): Promise<string> }>;
  /** Resolves after so many ms of simulated time, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * From now on these signals (default: all) end the process with this code, as where kubectl has an interrupt handler
   * (k8s.io/kubectl pkg/util/interrupt: 1). Elsewhere they kill it. Gives what undoes it.
   */
  endOnSignal(code: number, signals?: readonly Signal[]): () => void;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT';

/** The command line is wrong: printed as `error: …`, then the hint if `hint` says so; exit 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    /**
     * `help`: `See 'kubectl get -h' for help and examples`; `usage`: `See 'kubectl get --help' for usage.`; `bare`: no `error: ` before it;
     * `page`: the whole help page goes to stdout first; `pageOnly`: that is all, and no failure.
     */
    readonly hint: 'help' | 'usage' | 'none' | 'bare' | 'page' | 'pageOnly' = 'none',
  ) {
    super(message);
  }
}

/** Ends quietly with a code; whatever was to be said has been printed. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}
