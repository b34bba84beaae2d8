/** `podsim timeline`: reads its command line, collects, draws. */
import type { Command } from 'commander';
import type { ObjectKey } from '../../api/object.js';
import { parseDuration, type Time } from '../../api/time.js';
import { pause } from '../../store/backend/pause.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { known, podTarget } from '../pod-target.js';
import type { Scale } from './axis.js';
import { type Evidence, evidenceOf } from './evidence.js';
import { timelineJson } from './json.js';
import { listingOf, stamp } from './listing.js';
import { type PodTimeline, podTimeline } from './model.js';
import { timelineSvg } from './svg.js';
import { timelineText } from './text.js';

export interface TimelineFlags {
  readonly namespace?: string;
  readonly output?: string;
  readonly watch?: boolean;
  readonly scale: string;
  readonly first?: string;
  readonly last?: string;
  readonly all?: boolean;
  readonly ascii?: boolean;
}

const HELP = `
Examples:
  # The life of a pod: phase, conditions, containers, and what happened when
  podsim timeline web
  # Its first half minute only, and every event one by one
  podsim timeline pod/web --first 30s --all
  # A picture to put into notes
  podsim timeline web -o svg > web.svg
  # Follow it
  podsim timeline web --watch

Bars: the phase, the conditions, each container. Times marked ~ are worked out from something else, or known to the second only.
Deleted pods are shown for about an hour, as long as their Events are kept.`;

export function define(command: Command, context: PodsimContext): void {
  command
    .argument('<pod...>', 'POD or pod/POD')
    .option('-n, --namespace <name>', "the pod's namespace")
    .option('-o, --output <format>', 'json or svg; a picture of text if not given')
    .option('-w, --watch', 'draw it again whenever something happens, until the pod is gone')
    .option('--scale <scale>', 'linear, stretched (where much happens), or auto', 'auto')
    .option('--first <duration>', 'only its first so much time')
    .option('--last <duration>', 'only the last so much time')
    .option('--all', 'list what repeats one by one')
    .option('--ascii', 'draw with ASCII only')
    .addHelpText('after', HELP)
    .action((words: string[], flags: TimelineFlags) => timeline(context, words, flags));
}

async function timeline(context: PodsimContext, words: readonly string[], flags: TimelineFlags): Promise<void> {
  const draw = await drawer(context, flags);
  const key = await podTarget(context, words, flags.namespace, 'timeline');
  const { streams } = context;
  const collect = await collector(context, key);
  const look = async (): Promise<PodTimeline> => podTimeline(await collect());
  if (flags.watch !== true) streams.out(await draw(await look()));
  else if (streams.outIsTTY === true) await redraw(context, look, draw);
  else await follow(context, look, flags);
}

/** Collects anew each time it is called, from the state file or over the network. */
async function collector(context: PodsimContext, key: ObjectKey): Promise<() => Promise<Evidence>> {
  if (await context.isRemote()) {
    const { remotePod } = await import('../remote-pod.js');
    const { client } = await context.factory([]);
    return async () => known(await remotePod(client, key, context.machine()), key);
  }
  const turn = await context.open();
  return async () => known(await turn.read((cluster) => evidenceOf(cluster, key)), key);
}

/** How often, in ms of the machine, a watch looks for something new. */
const LOOK = 500;

/** The picture in place, whenever it looks different; until the pod is gone or the user has enough. */
async function redraw({ streams, stopped }: PodsimContext, look: () => Promise<PodTimeline>, draw: (timeline: PodTimeline) => Promise<string>): Promise<void> {
  const signal = stopped;
  let shown = '';
  for (;;) {
    const now = await look();
    const picture = await draw(now);
    // Cleared to the end line by line: a terminal that is wiped first flickers.
    if (picture !== shown) streams.out(`${shown === '' ? '\x1b[2J' : ''}\x1b[H${picture.replaceAll('\n', '\x1b[K\n')}\x1b[J`);
    shown = picture;
    if (now.isGone || signal.aborted) return;
    await pause(LOOK, signal);
  }
}

/** Into a pipe: what happens, line by line as it comes. */
async function follow({ streams, stopped }: PodsimContext, look: () => Promise<PodTimeline>, { output }: TimelineFlags): Promise<void> {
  if (output === 'svg') throw new PodsimError('--watch draws on a terminal; -o svg is one picture');
  const signal = stopped;
  const told = new Set<string>();
  for (;;) {
    const now = await look();
    for (const mark of now.marks) {
      const { last: _, count = 1, ...same } = mark;
      const id = JSON.stringify({ ...same, count });
      if (told.has(id)) continue;
      told.add(id);
      const [line] = listingOf(now, [mark], true);
      if (line === undefined) continue;
      if (output === 'json') streams.out(`${JSON.stringify(timelineJson({ ...now, rows: [], marks: [mark] }).events[0])}\n`);
      else streams.out(`${stamp(now, mark.at, mark.isApproximate)}  ${mark.component}  ${mark.reason}  ${line.text}\n`);
    }
    if (now.isGone || signal.aborted) return;
    await pause(LOOK, signal);
  }
}

/** Judges the flags before anything is read. */
async function drawer(context: PodsimContext, flags: TimelineFlags): Promise<(timeline: PodTimeline) => Promise<string>> {
  const { streams, env } = context;
  const { output, scale } = flags;
  if (output !== undefined && output !== 'json' && output !== 'svg')
    throw new PodsimError(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,svg`);
  if (!['auto', 'linear', 'stretched'].includes(scale)) throw new PodsimError(`invalid scale ${JSON.stringify(scale)}: expected auto, linear or stretched`);
  const first = spanOf('--first', flags.first);
  const last = spanOf('--last', flags.last);
  if (first !== undefined && last !== undefined) throw new PodsimError('--first and --last cannot be used together');
  const part = ({ from, to }: PodTimeline): { from?: Time; to?: Time } => {
    if (first !== undefined) return { to: Math.min(to, from + first) as Time };
    return last === undefined ? {} : { from: Math.max(from, to - last) as Time };
  };
  if (output === 'json') return async (one) => `${JSON.stringify(timelineJson(one), null, 4)}\n`;
  if (output === 'svg') return async (one) => timelineSvg(one, { scale: scale as Scale, isWhole: flags.all === true, ...part(one) });
  const { Chalk } = await import('chalk');
  const isColoured = streams.outIsTTY === true && (env['NO_COLOR'] ?? '') === '';
  return async (one) =>
    timelineText(one, {
      width: (streams.outIsTTY ? streams.columns : undefined) ?? 80,
      scale: scale as Scale,
      isAscii: flags.ascii === true || isPlainLocale(env),
      isWhole: flags.all === true,
      isWrapped: streams.outIsTTY === true,
      ...(flags.watch === true && streams.outIsTTY === true && streams.rows !== undefined ? { height: streams.rows - 1 } : {}),
      colour: new Chalk({ level: isColoured ? 1 : 0 }),
      ...part(one),
    });
}

function spanOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const span = parseDuration(text);
  if (span === undefined || span <= 0)
    throw new PodsimError(`invalid argument ${JSON.stringify(text)} for ${JSON.stringify(flag)}: expected a duration, for example 30s`);
  return span;
}

/** The locale says that its characters are those of ASCII; one that says nothing is taken for a modern terminal's. */
function isPlainLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /^(C|POSIX)$/.test(locale);
}
