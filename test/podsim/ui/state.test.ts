/** What each key of `podsim ui` makes of the state: a table of keys typed one after the other. */
import { describe, expect, test } from 'vitest';
import type { PodRow, Tab } from '../../../src/podsim/dashboard/model.js';
import { chosenIndex, type Effect, initialState, type Key, press, type State, type Surroundings, visible } from '../../../src/podsim/ui/state.js';

const pod = (name: string): PodRow => ({
  namespace: 'default',
  name,
  uid: name,
  cells: [name],
  tone: 'good',
  containers: ['init', 'main', 'side'],
  container: 1,
  grace: 30,
});
const rows = ['api', 'db', 'web-1', 'web-2'].map(pod);
const tabs: readonly Tab[] = [
  { name: 'Events', key: 'e' },
  { name: 'Logs', key: 'l', isLog: true },
  { name: 'Describe', key: 'd' },
];
const around = (state: State, more: Partial<Surroundings> = {}): Surroundings => ({
  rows: visible(rows, state.filter),
  tabs,
  namespaces: ['default', 'kube-system', 'shop'],
  rate: 0,
  page: 10,
  lines: 35,
  ...more,
});

const NAMES = ['up', 'down', 'left', 'right', 'pageUp', 'pageDown', 'home', 'end', 'enter', 'escape', 'tab', 'backTab', 'backspace'] as const;
function key(word: string): Key {
  const name = NAMES.find((one) => one === word);
  if (name !== undefined) return { input: '', name };
  if (/^\^./.test(word)) return { input: word.slice(1), ctrl: true };
  return { input: word === 'space' ? ' ' : word };
}

/** Keys parted by blanks. */
function typed(keys: string, more: Partial<Surroundings> = {}): { readonly state: State; readonly effects: readonly Effect[] } {
  let state = initialState('default');
  const effects: Effect[] = [];
  for (const word of keys.split(' ').filter((one) => one !== '')) {
    const pressed = press(state, key(word), around(state, more));
    state = pressed.state;
    if (pressed.effect !== undefined) effects.push(pressed.effect);
  }
  return { state, effects };
}
const chosen = ({ state }: { readonly state: State }) => around(state).rows[chosenIndex(state, around(state).rows)]?.name;

describe('choosing a pod', () => {
  test.each([
    { keys: '', name: 'api' },
    { keys: 'down', name: 'db' },
    { keys: 'j j k', name: 'db' },
    { keys: 'up', name: 'api' },
    { keys: 'down down down down down', name: 'web-2' },
    { keys: '/ w e b enter', name: 'web-1' },
    { keys: '/ w e b down enter', name: 'web-2' },
    { keys: '/ W E B enter', name: 'web-1' },
    { keys: '/ w e b escape', name: 'api' },
    { keys: '/ w x backspace enter', name: 'web-1' },
    { keys: '/ w e b enter down escape', name: 'web-2' },
  ])('$keys → $name', ({ keys, name }) => expect(chosen(typed(keys))).toBe(name));

  test('who has gone leaves the place to the next', () => {
    const { state } = typed('down');
    expect(chosenIndex(state, [pod('api'), pod('web-1')])).toBe(1);
    expect(chosenIndex(state, [pod('api')])).toBe(0);
    expect(chosenIndex(state, [])).toBe(-1);
  });
  test('who has been chosen stays so wherever it goes', () => {
    const { state } = typed('down');
    expect(chosenIndex(state, [pod('aaa'), pod('api'), pod('db')])).toBe(2);
  });
});

test.each<{ keys: string; want: Partial<State> }>([
  { keys: 'l', want: { tab: 1 } },
  { keys: '3', want: { tab: 2 } },
  { keys: '9', want: { tab: 0 } },
  { keys: 'left', want: { tab: 2 } },
  { keys: 'right tab backTab', want: { tab: 1 } },
  { keys: 'pageDown', want: { scroll: 10 } },
  { keys: 'pageDown pageDown pageDown pageDown', want: { scroll: 25 } },
  { keys: 'end K ^u', want: { scroll: 19 } },
  { keys: 'pageDown home', want: { scroll: 0 } },
  { keys: 'pageDown l', want: { scroll: 0, tab: 1 } },
  { keys: 'pageDown down', want: { scroll: 0 } },
  // A log is looked at from its end
  { keys: 'l pageUp', want: { scroll: 10 } },
  { keys: 'l g', want: { scroll: 25 } },
  { keys: 'l g G', want: { scroll: 0 } },
  { keys: 'l c', want: { container: 2 } },
  { keys: 'l c c', want: { container: 0 } },
  { keys: 'l c down', want: { container: undefined } },
  { keys: 'l p', want: { isPrevious: true } },
  { keys: 'enter down', want: { isZoomed: true, scroll: 1 } },
  { keys: 'enter escape', want: { isZoomed: false } },
  { keys: 'a', want: { namespace: '', lastNamespace: 'default' } },
  { keys: 'a a', want: { namespace: 'default' } },
  { keys: 'n down enter', want: { namespace: 'kube-system', mode: 'list' } },
  { keys: 'n up enter', want: { namespace: '' } },
  { keys: 'n s enter', want: { namespace: 'shop' } },
  { keys: 'n s escape', want: { namespace: 'default', mode: 'list' } },
  { keys: 'n s enter a a', want: { namespace: 'shop' } },
  { keys: '? x', want: { mode: 'list', victim: undefined } },
  { keys: '/ q', want: { mode: 'filter', filter: 'q' } },
])('$keys', ({ keys, want }) => expect(typed(keys).state).toMatchObject(want));

describe('what is done', () => {
  const [api] = rows as [PodRow];
  test.each<{ keys: string; rate?: number; effects: readonly Effect[] }>([
    { keys: 's S m', effects: [1000, 10_000, 60_000].map((span) => ({ type: 'step', span })) },
    { keys: 'space', effects: [{ type: 'rate', rate: 1 }] },
    { keys: 'space', rate: 5, effects: [{ type: 'rate', rate: 0 }] },
    { keys: '+', rate: 1, effects: [{ type: 'rate', rate: 2 }] },
    { keys: '-', rate: 1, effects: [{ type: 'rate', rate: 0.5 }] },
    { keys: '+', rate: 3, effects: [{ type: 'rate', rate: 5 }] },
    { keys: '+', rate: 600, effects: [] },
    // While the clock stands: for when it goes
    { keys: '+ + space', effects: [{ type: 'rate', rate: 5 }] },
    { keys: 'x y', effects: [{ type: 'delete', pod: api, grace: undefined }] },
    { keys: 'x 1 5 backspace 2 y', effects: [{ type: 'delete', pod: api, grace: 12 }] },
    { keys: 'x f', effects: [{ type: 'delete', pod: api, grace: 0 }] },
    { keys: 'x n', effects: [] },
    { keys: 'x escape y', effects: [] },
    { keys: 'x q', effects: [] },
    { keys: 'x enter', effects: [] },
    { keys: '/ n o n e enter x y', effects: [] },
    { keys: 'q', effects: [{ type: 'quit' }] },
    { keys: '/ ^c', effects: [{ type: 'quit' }] },
    { keys: 'x ^c', effects: [{ type: 'quit' }] },
    { keys: '^l', effects: [{ type: 'redraw' }] },
  ])('$keys at $rate', ({ keys, rate = 0, effects }) => {
    const filtered = keys.includes('n o n e') ? { rows: [] } : {};
    expect(typed(keys, { rate, ...filtered }).effects).toEqual(effects);
  });
});
