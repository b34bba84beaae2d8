/** Keeps the screen up to date: looks again when something has changed, when time has passed, and when the user wants to see something else. */
import type { Dashboard, PodRow, Screen } from '../dashboard/model.js';
import { chosenIndex, type State, visible } from './state.js';

/** All that one look gives. */
export interface Seen {
  readonly screen: Screen;
  /** What the tab shows, of which pod; undefined: there is none to be seen. */
  readonly detail: { readonly uid: string; readonly tab: string; readonly text: string } | undefined;
}

export interface Wanted {
  readonly state: State;
  readonly width: number;
  readonly isColoured: boolean;
}

export interface Follower {
  /** Look again, now. */
  poke(): void;
  stop(): void;
}

/** In ms of the machine: at most so often, while time passes, and after something went wrong. */
const LEAST = 100;
const TICK = 1000;
const AGAIN = 1000;
/** So that what has been seen is drawn before more is looked for. */
const DRAWN = 5;

/** `show` gets what is seen, or what kept it from being seen, in words. */
export function follow(dashboard: Dashboard, wanted: () => Wanted, show: (seen: Seen | undefined, problem: string | undefined) => void): Follower {
  const end = new AbortController();
  let poked = new AbortController();
  const poke = () => poked.abort();
  let last: Seen | undefined;
  const loop = async (): Promise<void> => {
    while (!end.signal.aborted) {
      poked = new AbortController();
      const { signal } = poked;
      let rest = AGAIN;
      try {
        const seen = await see(dashboard, wanted(), async (early) => {
          // The list is there first; a detail that is there already stays until the new one is.
          if (last?.detail?.uid === early.pod && last.detail.tab === early.tab) return;
          show({ screen: early.screen, detail: undefined }, undefined);
          await pause(DRAWN, signal);
        });
        last = seen;
        show(seen, undefined);
        rest = LEAST;
        await anyOf(signal, [(stopped) => dashboard.change(stopped), ...(seen.screen.rate === 0 ? [] : [(stopped: AbortSignal) => pause(TICK, stopped)])]);
      } catch (error) {
        show(undefined, error instanceof Error ? error.message : String(error));
      }
      // Who presses a key is answered at once
      await pause(rest, signal);
    }
  };
  void loop();
  return {
    poke,
    stop: () => {
      end.abort();
      poke();
    },
  };
}

interface Early {
  readonly screen: Screen;
  readonly pod: string;
  readonly tab: string;
}

async function see(dashboard: Dashboard, { state, width, isColoured }: Wanted, begun: (early: Early) => Promise<void>): Promise<Seen> {
  const screen = await dashboard.look(state.namespace);
  const rows = visible(screen.rows, state.filter);
  const pod = rows[chosenIndex(state, rows)];
  const tab = dashboard.tabs[state.tab];
  if (pod === undefined || tab === undefined) return { screen, detail: undefined };
  await begun({ screen, pod: pod.uid, tab: tab.name });
  const text = await dashboard.detail(tab, pod, { width, isColoured, container: containerOf(state, pod), isPrevious: state.isPrevious });
  return { screen, detail: { uid: pod.uid, tab: tab.name, text } };
}

export const containerOf = ({ container }: Pick<State, 'container'>, pod: PodRow): string | undefined => pod.containers[container ?? pod.container];

/** The first to end ends the others. */
async function anyOf(signal: AbortSignal, waits: readonly ((stopped: AbortSignal) => Promise<void>)[]): Promise<void> {
  const done = new AbortController();
  const stop = () => done.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await Promise.race(waits.map((wait) => wait(done.signal)));
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
