/** The tabs of `podsim ui`: what there is to be seen of one pod. */
import type { Turn } from '../../cluster/turn.js';
import type { PodsimContext } from '../context.js';
import { isPodsimCommand } from '../index.js';
import { kubectlText, podsimText } from './command-text.js';
import type { DetailOptions, PodRow, Tab } from './model.js';

/** Where it comes from. */
export interface Source {
  readonly turn: Turn;
  readonly context: PodsimContext;
}

interface Detail extends Tab {
  text(source: Source, pod: PodRow, options: DetailOptions): Promise<string>;
}

/** So many lines of a log are shown. */
const TAIL = 1000;

const kubectl =
  (verb: string, more: readonly string[] = []) =>
  ({ turn }: Source, { namespace, name }: PodRow) =>
    kubectlText(turn, [...verb.split(' '), name, '-n', namespace, ...more]);

const podsim =
  (verb: string) =>
  ({ context }: Source, { namespace, name }: PodRow, { width, isColoured }: DetailOptions) =>
    podsimText(context, [verb, `pod/${name}`, '-n', namespace], width, isColoured);

/** They are all about the one pod: its name has not to stand in every line. */
function withoutObject(text: string, object: string): string {
  const [head = ''] = text.split('\n', 1);
  const [from, to] = [head.indexOf('OBJECT'), head.indexOf('MESSAGE')];
  if (from < 0 || to < 0) return text;
  const isAbout = (line: string) => ['OBJECT', object].includes(line.slice(from, to).trim());
  return text
    .split('\n')
    .map((line) => (isAbout(line) ? line.slice(0, from) + line.slice(to) : line))
    .join('\n');
}

const all: readonly Detail[] = [
  { name: 'Timeline', key: 't', isDrawn: true, text: podsim('timeline') },
  {
    name: 'Events',
    key: 'e',
    text: async ({ turn }, { namespace, name }) => withoutObject(await kubectlText(turn, ['events', '--for', `pod/${name}`, '-n', namespace]), `Pod/${name}`),
  },
  {
    name: 'Logs',
    key: 'l',
    isLog: true,
    text: async ({ turn }, { namespace, name }, { container, isPrevious }) => {
      const which = [...(container === undefined ? [] : ['-c', container]), ...(isPrevious ? ['--previous'] : [])];
      const text = await kubectlText(turn, ['logs', name, '-n', namespace, `--tail=${TAIL}`, ...which]);
      return text === '' ? '(kubectl logs prints nothing)\n' : text;
    },
  },
  { name: 'Describe', key: 'd', text: kubectl('describe pod') },
  { name: 'Why', key: 'w', isDrawn: true, text: podsim('why') },
  { name: 'YAML', key: 'y', text: kubectl('get pod', ['-o', 'yaml']) },
];

/** Tabs that show a podsim command are there if the command is. */
export const details: readonly Detail[] = all.filter(({ name, isDrawn }) => isDrawn !== true || isPodsimCommand(name.toLowerCase()));
