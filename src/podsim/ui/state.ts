/** What the user has chosen, and what each key makes of it. Pure: whatever is to be done comes back as an {@link Effect}. */
import type { PodRow, Tab } from '../dashboard/model.js';

export type Mode = 'list' | 'filter' | 'namespace' | 'delete' | 'help';

export interface State {
  readonly mode: Mode;
  /** '': all. */
  readonly namespace: string;
  /** Before all of them were shown. */
  readonly lastNamespace: string;
  /** Part of the names that are shown. */
  readonly filter: string;
  /** The chosen pod: its uid, and where it was in case it goes. */
  readonly chosen: { readonly uid: string; readonly at: number } | undefined;
  readonly tab: number;
  readonly isZoomed: boolean;
  /** Lines away from where the tab begins: from the top, or of a log from the end. */
  readonly scroll: number;
  /** An index into the pod's containers; undefined: the one that matters. */
  readonly container: number | undefined;
  readonly isPrevious: boolean;
  /** The pod that is to be deleted, and the grace period as it is being typed ('': the pod's own). */
  readonly victim: PodRow | undefined;
  readonly grace: string;
  /** In the list of namespaces; 0: all. */
  readonly choice: number;
  /** What the clock goes at when it goes. */
  readonly rate: number;
}

export interface Key {
  readonly input: string;
  readonly name?: 'up' | 'down' | 'left' | 'right' | 'pageUp' | 'pageDown' | 'home' | 'end' | 'enter' | 'escape' | 'tab' | 'backTab' | 'backspace';
  readonly ctrl?: boolean;
}

export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'redraw' }
  | { readonly type: 'rate'; readonly rate: number }
  | { readonly type: 'step'; readonly span: number }
  | { readonly type: 'delete'; readonly pod: PodRow; readonly grace: number | undefined }
  | { readonly type: 'namespaces' };

/** What the state alone does not know. */
export interface Surroundings {
  /** Those that the filter lets through. */
  readonly rows: readonly PodRow[];
  readonly tabs: readonly Tab[];
  readonly namespaces: readonly string[];
  /** The clock's. */
  readonly rate: number;
  /** Lines of the tab that are to be seen at once, and that there are. */
  readonly page: number;
  readonly lines: number;
}

export interface Pressed {
  readonly state: State;
  readonly effect?: Effect;
}

export const initialState = (namespace: string): State => ({
  mode: 'list',
  namespace,
  lastNamespace: namespace === '' ? 'default' : namespace,
  filter: '',
  chosen: undefined,
  tab: 0,
  isZoomed: false,
  scroll: 0,
  container: undefined,
  isPrevious: false,
  victim: undefined,
  grace: '',
  choice: 0,
  rate: 1,
});

export const visible = (rows: readonly PodRow[], filter: string): readonly PodRow[] =>
  filter === '' ? rows : rows.filter(({ name }) => name.includes(filter.toLowerCase()));

/** An index into the rows; -1: there are none. A pod that has gone leaves its place to the one after it. */
export function chosenIndex({ chosen }: Pick<State, 'chosen'>, rows: readonly PodRow[]): number {
  const at = rows.findIndex(({ uid }) => uid === chosen?.uid);
  return at >= 0 ? at : Math.min(chosen?.at ?? 0, rows.length - 1);
}

/** Rates one may choose between. */
const RATES: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 120, 600];

export function press(state: State, key: Key, around: Surroundings): Pressed {
  if (key.ctrl === true && key.input === 'c') return { state, effect: { type: 'quit' } };
  if (key.ctrl === true && key.input === 'l') return { state, effect: { type: 'redraw' } };
  return MODES[state.mode](state, key, around);
}

const MODES: Readonly<Record<Mode, (state: State, key: Key, around: Surroundings) => Pressed>> = {
  list: pressInList,
  filter: pressInFilter,
  namespace: pressInNamespaces,
  delete: pressInDelete,
  help: (state) => ({ state: { ...state, mode: 'list' } }),
};

function pressInList(state: State, key: Key, around: Surroundings): Pressed {
  const { input } = key;
  if (key.name !== undefined) return { state: moved(state, key.name, around) };
  if (key.ctrl === true) {
    const half = Math.max(1, Math.floor(around.page / 2));
    if (input === 'd') return { state: scrolled(state, half, around) };
    return { state: input === 'u' ? scrolled(state, -half, around) : state };
  }
  const tab = around.tabs.findIndex((one, i) => one.key === input || String(i + 1) === input);
  if (tab >= 0) return { state: inTab(state, tab) };
  return (COMMANDS[input] ?? still)(state, around);
}

const still = (state: State): Pressed => ({ state });
const step = (seconds: number) => (state: State) => ({ state, effect: { type: 'step', span: seconds * 1000 } as const });
const inTab = (state: State, tab: number): State => (tab === state.tab ? state : { ...state, tab, scroll: 0 });

/** By the key in the list. */
const COMMANDS: Readonly<Record<string, (state: State, around: Surroundings) => Pressed>> = {
  q: (state) => ({ state, effect: { type: 'quit' } }),
  ' ': (state, { rate }) => ({ state: rate === 0 ? state : { ...state, rate }, effect: { type: 'rate', rate: rate === 0 ? state.rate : 0 } }),
  s: step(1),
  S: step(10),
  m: step(60),
  '+': (state, around) => faster(state, around, 1),
  '=': (state, around) => faster(state, around, 1),
  '-': (state, around) => faster(state, around, -1),
  j: (state, around) => ({ state: moved(state, 'down', around) }),
  k: (state, around) => ({ state: moved(state, 'up', around) }),
  J: (state, around) => ({ state: scrolled(state, 1, around) }),
  K: (state, around) => ({ state: scrolled(state, -1, around) }),
  g: (state, around) => ({ state: scrolled(state, -around.lines, around) }),
  G: (state, around) => ({ state: scrolled(state, around.lines, around) }),
  '/': (state) => ({ state: { ...state, mode: 'filter' } }),
  '?': (state) => ({ state: { ...state, mode: 'help' } }),
  a: (state) => ({
    state: state.namespace === '' ? inNamespace(state, state.lastNamespace) : inNamespace(state, ''),
  }),
  n: (state) => ({ state: { ...state, mode: 'namespace', choice: -1 }, effect: { type: 'namespaces' } }),
  c: (state, { rows }) => {
    const pod = rows[chosenIndex(state, rows)];
    if (pod === undefined) return { state };
    return { state: { ...state, container: ((state.container ?? pod.container) + 1) % pod.containers.length, scroll: 0 } };
  },
  p: (state) => ({ state: { ...state, isPrevious: !state.isPrevious, scroll: 0 } }),
  x: (state, { rows }) => {
    const victim = rows[chosenIndex(state, rows)];
    return { state: victim === undefined ? state : { ...state, mode: 'delete', victim, grace: '' } };
  },
};

const inNamespace = (state: State, namespace: string): State => ({
  ...state,
  mode: 'list',
  namespace,
  lastNamespace: namespace === '' ? state.lastNamespace : namespace,
  scroll: 0,
  container: undefined,
});

function faster(state: State, { rate }: Surroundings, by: 1 | -1): Pressed {
  const now = rate === 0 ? state.rate : rate;
  const next = by > 0 ? RATES.find((one) => one > now) : RATES.findLast((one) => one < now);
  if (next === undefined) return { state };
  // A clock that stands goes on standing: what it goes at is chosen for when it goes.
  return { state: { ...state, rate: next }, ...(rate === 0 ? {} : { effect: { type: 'rate', rate: next } as const }) };
}

function moved(state: State, name: NonNullable<Key['name']>, around: Surroundings): State {
  const { rows, tabs, page, lines } = around;
  switch (name) {
    case 'up':
    case 'down': {
      if (state.isZoomed) return scrolled(state, name === 'down' ? 1 : -1, around);
      const at = Math.min(rows.length - 1, Math.max(0, chosenIndex(state, rows) + (name === 'down' ? 1 : -1)));
      const pod = rows[at];
      if (pod === undefined || pod.uid === state.chosen?.uid) return state;
      return { ...state, chosen: { uid: pod.uid, at }, scroll: 0, container: undefined, isPrevious: false };
    }
    case 'left':
    case 'backTab':
      return inTab(state, (state.tab + tabs.length - 1) % tabs.length);
    case 'right':
    case 'tab':
      return inTab(state, (state.tab + 1) % tabs.length);
    case 'pageUp':
      return scrolled(state, -page, around);
    case 'pageDown':
      return scrolled(state, page, around);
    case 'home':
      return scrolled(state, -lines, around);
    case 'end':
      return scrolled(state, lines, around);
    case 'enter':
      return { ...state, isZoomed: !state.isZoomed };
    case 'escape':
      return state.isZoomed ? { ...state, isZoomed: false } : { ...state, filter: '' };
    default:
      return state;
  }
}

/** Down by so many lines, as far as there are any. */
function scrolled(state: State, by: number, { tabs, page, lines }: Surroundings): State {
  const most = Math.max(0, lines - page);
  const down = tabs[state.tab]?.isLog === true ? -by : by;
  const scroll = Math.min(most, Math.max(0, Math.min(state.scroll, most) + down));
  return scroll === state.scroll ? state : { ...state, scroll };
}

function pressInFilter(state: State, { name, input, ctrl }: Key, around: Surroundings): Pressed {
  if (name === 'escape') return { state: { ...state, mode: 'list', filter: '' } };
  if (name === 'enter') return { state: { ...state, mode: 'list' } };
  if (name === 'backspace') return { state: { ...state, filter: state.filter.slice(0, -1) } };
  if (name !== undefined) return { state: moved(state, name, around) };
  const typed = ctrl === true ? '' : input.replace(/[^\w.-]/g, '');
  return { state: { ...state, filter: state.filter + typed } };
}

function pressInNamespaces(state: State, { name, input }: Key, { namespaces }: Surroundings): Pressed {
  const names = ['', ...namespaces];
  const at = namespaceIndex(state, namespaces);
  if (name === 'escape' || input === 'q' || input === 'n') return { state: { ...state, mode: 'list' } };
  if (name === 'enter') return { state: inNamespace(state, names[at] ?? state.namespace) };
  if (name === 'up' || input === 'k') return { state: { ...state, choice: Math.max(0, at - 1) } };
  if (name === 'down' || input === 'j') return { state: { ...state, choice: Math.min(names.length - 1, at + 1) } };
  // A letter leads to the next name that begins with it.
  const after = [...names.slice(at + 1), ...names.slice(0, at + 1)].find((one) => input !== '' && one.startsWith(input));
  return { state: after === undefined ? state : { ...state, choice: names.indexOf(after) } };
}

/** Where the cursor is among `all` and the namespaces. */
export const namespaceIndex = ({ choice, namespace }: Pick<State, 'choice' | 'namespace'>, namespaces: readonly string[]): number =>
  choice >= 0 ? choice : Math.max(0, ['', ...namespaces].indexOf(namespace));

function pressInDelete(state: State, { name, input }: Key): Pressed {
  const { victim, grace } = state;
  const back: State = { ...state, mode: 'list', victim: undefined, grace: '' };
  if (victim === undefined || name === 'escape' || input === 'n' || input === 'q') return { state: back };
  if (name === 'backspace') return { state: { ...state, grace: grace.slice(0, -1) } };
  if (/^\d+$/.test(input)) return { state: { ...state, grace: `${grace}${input}`.slice(0, 5) } };
  if (input === 'f') return { state: back, effect: { type: 'delete', pod: victim, grace: 0 } };
  if (input === 'y') return { state: back, effect: { type: 'delete', pod: victim, grace: grace === '' ? undefined : Number(grace) } };
  return { state };
}
