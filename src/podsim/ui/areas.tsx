/** The parts of the screen, from the top: header, pods, tabs, the chosen tab's text, keys. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { PodRow, Screen, Tab } from '../dashboard/model.js';
import { containerOf } from './follow.js';
import { columnsOf, firstShown, type Layout, rowText } from './layout.js';
import type { Palette } from './palette.js';
import type { State } from './state.js';

export interface Shared {
  readonly paint: Palette;
  readonly state: State;
  readonly layout: Layout;
  readonly width: number;
}

interface HeaderProps extends Shared {
  readonly cluster: string;
  readonly screen: Screen | undefined;
  readonly count: number;
  readonly problem: string | undefined;
}

/** What is shown, and the time. */
export function Header({ paint, state, width, cluster, screen, count, problem }: HeaderProps): ReactNode {
  if (problem !== undefined)
    return (
      <Text wrap="truncate" bold {...paint.bad}>
        error: the cluster cannot be read; trying again (q quits)
      </Text>
    );
  const where = state.namespace === '' ? 'all namespaces' : `namespace ${state.namespace}`;
  const pods = screen === undefined ? '' : ` · ${state.filter === '' ? '' : `${count} of `}${screen.rows.length} ${screen.rows.length === 1 ? 'pod' : 'pods'}`;
  const served = screen?.servedAt === undefined ? '' : ` · served at ${screen.servedAt}`;
  const time = screen === undefined ? '' : `${screen.now}  ${clockText(screen, state.rate)}`;
  const name = cluster.slice(cluster.lastIndexOf('/') + 1);
  return (
    <Box width={width} justifyContent="space-between">
      <Box flexShrink={1}>
        <Text wrap="truncate">
          <Text bold {...paint.accent}>
            podsim {name}
          </Text>
          {` · ${where}${pods}${served} `}
        </Text>
      </Box>
      <Box flexShrink={0} marginLeft={1}>
        <Text bold {...(screen?.rate === 0 ? paint.warning : {})}>
          {time}
        </Text>
      </Box>
    </Box>
  );
}

/** `paused`, `real` or `10x`, as podsim clock has it. */
function clockText({ rate, isFrozen }: Screen, next: number): string {
  const word = rate === 0 ? (next === 1 ? 'paused' : `paused (${next}x)`) : rate === 1 ? 'real' : `${rate}x`;
  return isFrozen ? `${word}, frozen` : word;
}

interface PodListProps extends Shared {
  readonly columns: readonly string[];
  readonly rows: readonly PodRow[];
  readonly at: number;
  /** Without the filter; undefined: it is not known yet. */
  readonly total: number | undefined;
}

export function PodList({ paint, state, layout, width, columns, rows, at, total }: PodListProps): ReactNode {
  const shape = columnsOf(
    columns,
    rows.map(({ cells }) => cells),
    width - 2,
  );
  const first = firstShown(at, layout.list, rows.length);
  const shown = rows.slice(first, first + layout.list);
  const status = columns.indexOf('STATUS');
  const empty = total === undefined ? '' : total > 0 ? `No pod has ${JSON.stringify(state.filter)} in its name.` : nothing(state);
  return (
    <Box flexDirection="column" height={layout.list + 1} flexShrink={0}>
      <Text wrap="truncate" bold>
        {'  '}
        {rowText(columns, shape)}
      </Text>
      {rows.length === 0 ? <Text dimColor>{`  ${empty}`}</Text> : null}
      {shown.map((row, i) => {
        const isChosen = first + i === at;
        const gap = ' '.repeat(shape.gap);
        return (
          <Text key={row.uid} wrap="truncate" inverse={isChosen}>
            {isChosen ? '> ' : '  '}
            {rowText(row.cells, shape, 0, status) + gap}
            <Text {...paint.tone(row.tone)}>{rowText(row.cells, shape, status, status + 1)}</Text>
            {gap + rowText(row.cells, shape, status + 1)}
          </Text>
        );
      })}
    </Box>
  );
}

/** In kubectl's words. */
const nothing = ({ namespace }: State): string => (namespace === '' ? 'No resources found' : `No resources found in ${namespace} namespace.`);

interface TabBarProps extends Shared {
  readonly tabs: readonly Tab[];
  readonly pod: PodRow | undefined;
  readonly lines: number;
}

export function TabBar({ paint, state, layout, width, tabs, pod, lines }: TabBarProps): ReactNode {
  const tab = tabs[state.tab];
  const which = pod === undefined ? '' : state.isZoomed || tab?.isLog === true ? ` ${pod.name}` : '';
  const log = pod !== undefined && tab?.isLog === true ? `/${containerOf(state, pod)}${state.isPrevious ? ' (previous)' : ''}` : '';
  const last = tab?.isLog === true ? lines - state.scroll : Math.min(lines, state.scroll + layout.page);
  const place = lines > layout.page ? ` ${Math.max(0, last)}/${lines}` : '';
  return (
    <Box width={width} height={1} flexShrink={0} justifyContent="space-between">
      <Box flexShrink={0}>
        <Text wrap="truncate">
          {tabs.map(({ name }, i) => (
            <Text key={name} inverse={i === state.tab} bold={i === state.tab} {...paint.accent}>
              {` ${name} `}
            </Text>
          ))}
        </Text>
      </Box>
      <Box flexShrink={1}>
        <Text wrap="truncate-start">{`${which}${log}${place}`}</Text>
      </Box>
    </Box>
  );
}

interface TabTextProps extends Shared {
  readonly lines: readonly string[];
  readonly tab: Tab | undefined;
}

/** What draws itself has its own colours; else a line that warns stands out. */
const WARNING = /(^|\s)(Warning|error:|Error from server)\s/;

export function TabText({ paint, state, layout, lines, tab }: TabTextProps): ReactNode {
  const { page } = layout;
  const isLog = tab?.isLog === true;
  const most = Math.max(0, lines.length - page);
  const first = isLog ? most - Math.min(state.scroll, most) : Math.min(state.scroll, most);
  return (
    <Box flexDirection="column" height={page} flexShrink={0}>
      {lines.slice(first, first + page).map((line, i) => (
        // Lines have no names: where they stand is what they are.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Text key={first + i} wrap="truncate" {...(tab?.isDrawn !== true && WARNING.test(line) ? paint.warning : {})}>
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
}

interface FooterProps extends Shared {
  readonly note: { readonly text: string; readonly isBad: boolean } | undefined;
  readonly rate: number;
}

/** What the last key has done, or the keys; those that matter most first. */
export function Footer({ paint, state, layout, width, note, rate }: FooterProps): ReactNode {
  if (note !== undefined)
    return (
      <Box height={layout.keys} flexShrink={0}>
        <Text wrap="wrap" {...(note.isBad ? paint.bad : paint.accent)}>
          {note.text.split('\n').slice(0, layout.keys).join('\n')}
        </Text>
      </Box>
    );
  if (state.mode === 'filter')
    return (
      <Box height={layout.keys} flexShrink={0}>
        <Text wrap="truncate">
          filter: <Text bold>{state.filter}</Text>
          <Text inverse> </Text>
          {'   enter keep   esc all pods'}
        </Text>
      </Box>
    );
  const keys: readonly (readonly [string, string])[] = [
    ['↑↓', state.isZoomed ? 'scroll' : 'pod'],
    ['←→', 'tab'],
    ['space', rate === 0 ? 'resume' : 'pause'],
    ['s S m', '+1s +10s +1m'],
    ['+-', 'speed'],
    ['?', 'all keys'],
    ['q', 'quit'],
    ['/', 'filter'],
    ['n', 'namespace'],
    ['a', 'all'],
    ['x', 'delete'],
    ['enter', state.isZoomed ? 'back' : 'zoom'],
    ['PgUp PgDn', 'scroll'],
  ];
  return (
    <Box flexDirection="column" height={layout.keys} flexShrink={0}>
      {keyLines(keys, width, layout.keys).map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is what stands in it
        <Text key={i} wrap="truncate">
          {line.map(([key, what], k) => (
            <Text key={key}>
              <Text bold {...paint.accent}>
                {key}
              </Text>
              <Text dimColor>{` ${what}${k === line.length - 1 ? '' : '   '}`}</Text>
            </Text>
          ))}
        </Text>
      ))}
    </Box>
  );
}

/** As many as fit, line by line. */
function keyLines(keys: readonly (readonly [string, string])[], width: number, count: number): readonly (readonly (readonly [string, string])[])[] {
  const lines: (readonly [string, string])[][] = [[]];
  let used = 0;
  for (const one of keys) {
    const length = one[0].length + 1 + one[1].length;
    if (used + length > width) {
      if (lines.length === count) continue;
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(one);
    used += length + 3;
  }
  return lines;
}
