/** What `podsim ui` shows and does: the contract between the screen (ui/, a bundle of its own) and the cluster. Types only. */

/** How it stands with a pod, for whoever chooses colours. */
export type Tone = 'good' | 'waiting' | 'trouble' | 'done' | 'ending';

export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** As `get pods -o wide` has them, under {@link Screen.columns}. */
  readonly cells: readonly string[];
  readonly tone: Tone;
  /** In the order of the spec: init containers, containers, ephemeral containers. */
  readonly containers: readonly string[];
  /** Whose log is the one to look at first: an index into `containers`. */
  readonly container: number;
  /** Its own grace period, in seconds. */
  readonly grace: number;
}

export interface Screen {
  /** RFC 3339, the simulation's. */
  readonly now: string;
  /** Simulated seconds a second; 0: paused. */
  readonly rate: number;
  readonly isFrozen: boolean;
  /** The address of the `podsim serve` that has the cluster. */
  readonly servedAt: string | undefined;
  /** NAME, READY, STATUS …; NAMESPACE first when all namespaces are shown. */
  readonly columns: readonly string[];
  /** Of all the pods that `get pods` would list. */
  readonly rows: readonly PodRow[];
}

export interface DetailOptions {
  /** Columns there are. */
  readonly width: number;
  readonly isColoured: boolean;
  /** The name of the container whose log is meant. */
  readonly container: string | undefined;
  /** The log of the run before. */
  readonly isPrevious: boolean;
}

/** What is to be seen of one pod, as text. */
export interface Tab {
  readonly name: string;
  /** What it is called by. */
  readonly key: string;
  /** New lines come at the end, which is what one wants to see. */
  readonly isLog?: true;
  /** Its lines are as wide as they may be, and may hold escapes for colours. Else they are as kubectl prints them. */
  readonly isDrawn?: true;
}

export interface Dashboard {
  /** The name of the cluster, or its file. */
  readonly cluster: string;
  /** Where to begin; '': all namespaces. */
  readonly namespace: string;
  readonly tabs: readonly Tab[];
  /** `namespace`: '' for all. Rejects when the cluster cannot be read. */
  look(namespace: string): Promise<Screen>;
  detail(tab: Tab, pod: PodRow, options: DetailOptions): Promise<string>;
  namespaces(): Promise<readonly string[]>;
  /** Resolves when there may be something new, or the signal aborts. The passing of time alone is nothing new. */
  change(signal: AbortSignal): Promise<void>;
  /** 0: pause. */
  setRate(rate: number): Promise<void>;
  /** Moves the time on by so many ms. */
  step(span: number): Promise<void>;
  /** `grace` in seconds, 0: by force; undefined: the pod's own. What kubectl says to it. */
  delete(pod: PodRow, grace: number | undefined): Promise<string>;
}
