/** The dashboard: what has been seen of the cluster, what the user has chosen, and the keys that change either. */
import { Box, Text, useApp, useInput, useStdout } from 'ink';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Dashboard } from '../dashboard/model.js';
import { Footer, Header, PodList, TabBar, TabText } from './areas.js';
import { DeleteDialog, Help, NamespaceList } from './dialogs.js';
import { follow, type Seen } from './follow.js';
import { keyOf } from './keys.js';
import { LEAST, layoutOf, wrapped } from './layout.js';
import { palette } from './palette.js';
import { chosenIndex, type Effect, initialState, press, type State, visible } from './state.js';

export interface AppProps {
  readonly dashboard: Dashboard;
  readonly isColoured: boolean;
  /** The next frame is to be drawn whole. */
  forget(): void;
}

/** What was seen last, and what keeps it from being seen anew. */
interface Look {
  readonly seen: Seen | undefined;
  readonly problem: string | undefined;
}

interface Note {
  readonly text: string;
  readonly isBad: boolean;
}

export function App({ dashboard, isColoured, forget }: AppProps): ReactNode {
  const size = useSize(forget);
  const [{ seen, problem }, setLook] = useState<Look>({ seen: undefined, problem: undefined });
  // Counts only so that there is something new to draw
  const [, setFrame] = useState(0);
  const [note, setNote] = useState<Note>();
  const [namespaces, setNamespaces] = useState<readonly string[]>([]);
  const [state, setState] = useState<State>(() => initialState(dashboard.namespace));
  // Keys may come faster than React draws, and each goes on from where the one before has led.
  const current = useRef(state);
  const change = useCallback((next: State): void => {
    current.current = next;
    setState(next);
  }, []);
  const width = useRef(size.columns);
  width.current = size.columns;
  const follower = useRef<ReturnType<typeof follow>>(undefined);
  const { exit } = useApp();

  useEffect(() => {
    follower.current = follow(
      dashboard,
      () => ({ state: current.current, width: width.current, isColoured }),
      (found, trouble) => {
        setLook((before) => ({ seen: found ?? before.seen, problem: trouble }));
        if (found !== undefined) change(anchored(current.current, found));
      },
    );
    return () => follower.current?.stop();
  }, [dashboard, isColoured, change]);

  const rows = visible(seen?.screen.rows ?? [], state.filter);
  const at = chosenIndex(state, rows);
  const pod = rows[at];
  const tab = dashboard.tabs[state.tab];
  const layout = layoutOf(size.columns, size.rows, rows.length, state.isZoomed);
  const isShown = seen?.detail !== undefined && seen.detail.uid === pod?.uid && seen.detail.tab === tab?.name;
  const text = isShown ? (seen?.detail?.text ?? '') : '…';
  const drawn = tab?.isDrawn === true ? text.replace(/\n$/, '').split('\n') : wrapped(text, size.columns);
  // What is wrong takes the place of what may be no longer so
  const lines = problem === undefined ? drawn : wrapped(`error: ${problem.replace(/^error: /, '')}`, size.columns);

  const run = (work: () => Promise<string | undefined>): void => {
    setNote(undefined);
    work().then(
      (said) => {
        if (said !== undefined) setNote({ text: said.trim(), isBad: /^error|^Error/.test(said) });
        follower.current?.poke();
      },
      (error: unknown) => setNote({ text: `error: ${error instanceof Error ? error.message : String(error)}`, isBad: true }),
    );
  };
  const act = (effect: Effect): void => {
    if (effect.type === 'quit') exit();
    else if (effect.type === 'redraw') {
      forget();
      setFrame((count) => count + 1);
    } else if (effect.type === 'namespaces') run(async () => void setNamespaces(await dashboard.namespaces()));
    else run(() => done(effect, dashboard));
  };
  useInput((input, key) => {
    setNote(undefined);
    const around = {
      rows: visible(seen?.screen.rows ?? [], current.current.filter),
      tabs: dashboard.tabs,
      namespaces,
      rate: seen?.screen.rate ?? 1,
      page: layout.page,
      lines: lines.length,
    };
    for (const one of keyOf(input, key)) {
      const pressed = press(current.current, one, around);
      if (pressed.state !== current.current) {
        change(pressed.state);
        follower.current?.poke();
      }
      if (pressed.effect !== undefined) act(pressed.effect);
    }
  });

  const paint = palette(isColoured);
  if (size.columns < LEAST.width || size.rows < LEAST.height)
    return (
      <Text wrap="truncate">
        {size.columns}x{size.rows} is too small: {LEAST.width}x{LEAST.height} at least
      </Text>
    );
  const shared = { paint, state, layout, width: size.columns };
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Header {...shared} cluster={dashboard.cluster} screen={seen?.screen} count={rows.length} problem={problem} />
      {state.mode === 'help' ? (
        <Help {...shared} tabs={dashboard.tabs} height={size.rows - 1} />
      ) : state.mode === 'namespace' ? (
        <NamespaceList {...shared} namespaces={namespaces} height={size.rows - 1} />
      ) : (
        <>
          {layout.list > 0 ? <PodList {...shared} columns={seen?.screen.columns ?? []} rows={rows} at={at} total={seen?.screen.rows.length} /> : null}
          <TabBar {...shared} tabs={dashboard.tabs} pod={pod} lines={lines.length} />
          <TabText {...shared} lines={pod === undefined && problem === undefined ? [] : lines} tab={tab} />
          {state.mode === 'delete' ? <DeleteDialog {...shared} /> : <Footer {...shared} note={note} rate={seen?.screen.rate ?? 1} />}
        </>
      )}
    </Box>
  );
}

/** The chosen pod stays chosen though others come before it; one that has gone gives its place to the next. */
function anchored(state: State, { screen }: Seen): State {
  const rows = visible(screen.rows, state.filter);
  const at = chosenIndex(state, rows);
  const pod = rows[at];
  if (pod === undefined || (pod.uid === state.chosen?.uid && at === state.chosen.at)) return state;
  const isSame = pod.uid === state.chosen?.uid || state.chosen === undefined;
  return { ...state, chosen: { uid: pod.uid, at }, ...(isSame ? {} : { scroll: 0, container: undefined, isPrevious: false }) };
}

/** What there is to say of it. */
async function done(effect: Exclude<Effect, { type: 'quit' | 'redraw' | 'namespaces' }>, dashboard: Dashboard): Promise<string | undefined> {
  if (effect.type === 'delete') return dashboard.delete(effect.pod, effect.grace);
  if (effect.type === 'rate') await dashboard.setRate(effect.rate);
  else await dashboard.step(effect.span);
  return undefined;
}

const sizeNow = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });

/** Of the terminal, also when it changes. */
function useSize(forget: () => void): { readonly columns: number; readonly rows: number } {
  const { stdout } = useStdout();
  const [size, setSize] = useState(sizeNow);
  useEffect(() => {
    const resized = (): void => {
      forget();
      setSize(sizeNow());
    };
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout, forget]);
  return size;
}
