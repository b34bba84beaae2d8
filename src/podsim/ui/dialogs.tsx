/** What takes the place of something else for a while: the question before deleting, the namespaces, the keys. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Tab } from '../dashboard/model.js';
import type { Shared } from './areas.js';
import { firstShown } from './layout.js';
import { namespaceIndex } from './state.js';

export function DeleteDialog({ paint, state, layout }: Shared): ReactNode {
  const { victim, grace } = state;
  if (victim === undefined) return null;
  const seconds = grace === '' ? `${victim.grace}s, its own` : `${grace}s`;
  return (
    <Box height={layout.keys} flexShrink={0} flexDirection="column">
      <Text wrap="truncate" bold {...paint.bad}>
        {`Delete pod ${victim.namespace}/${victim.name}? Grace period: ${seconds}`}
      </Text>
      {layout.keys > 1 ? <Text wrap="truncate">{'y delete   0-9 grace period in seconds   f by force, at once   n no'}</Text> : null}
    </Box>
  );
}

interface NamespaceListProps extends Shared {
  readonly namespaces: readonly string[];
  readonly height: number;
}

export function NamespaceList({ paint, state, namespaces, height }: NamespaceListProps): ReactNode {
  const names = ['all namespaces', ...namespaces];
  const at = namespaceIndex(state, namespaces);
  const room = height - 2;
  const first = firstShown(at, room, names.length);
  return (
    <Box flexDirection="column" height={height}>
      <Text bold {...paint.accent}>
        Namespace
      </Text>
      {names.slice(first, first + room).map((name, i) => (
        <Text key={name} wrap="truncate" inverse={first + i === at}>
          {`${first + i === at ? '> ' : '  '}${name}`}
        </Text>
      ))}
      <Text dimColor>{'↑↓ or its first letter   enter choose   esc back'}</Text>
    </Box>
  );
}

interface HelpProps extends Shared {
  readonly tabs: readonly Tab[];
  readonly height: number;
}

/** Two columns where there is room for them. */
export function Help({ paint, width, tabs, height }: HelpProps): ReactNode {
  const keys: readonly (readonly [string, string])[] = [
    ['↑ ↓  j k', 'choose a pod'],
    ['← →  tab', 'choose a tab'],
    ...tabs.map(({ name, key }, i): readonly [string, string] => [`${key}  ${i + 1}`, name]),
    ['enter', 'the tab on the whole screen, and back'],
    ['PgUp PgDn', 'scroll by a page; ^U ^D by half'],
    ['J K  g G', 'scroll by a line; to either end'],
    ['c', 'the next container (Logs)'],
    ['p', 'its previous run (Logs)'],
    ['space', 'pause and resume the time'],
    ['s  S  m', 'move it on by 1s, 10s, 1m'],
    ['+  -', 'faster, slower'],
    ['/', 'filter by name; esc: all pods'],
    ['n', 'choose a namespace'],
    ['a', 'all namespaces, and back'],
    ['x', 'delete the pod'],
    ['^L', 'draw the screen anew'],
    ['q  ^C', 'quit'],
  ];
  const room = Math.max(1, height - 1);
  const columns = Math.min(Math.ceil(keys.length / room), width >= 90 ? 2 : width >= 60 ? 2 : 1);
  const each = Math.ceil(keys.length / columns);
  return (
    <Box flexDirection="column" height={height}>
      <Text dimColor>Any key goes back.</Text>
      <Box>
        {Array.from({ length: columns }, (_, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are what they are by their place
          <Box key={column} flexDirection="column" width={Math.floor(width / columns)}>
            {keys.slice(column * each, (column + 1) * each).map(([key, what]) => (
              <Text key={key} wrap="truncate">
                <Text bold {...paint.accent}>
                  {key.padEnd(11)}
                </Text>
                {what}
              </Text>
            ))}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
