/** `podsim clock`: show, move, stop and speed up the simulation's time. */
import type { Command } from 'commander';
import { formatTime, parseDuration, parseTime, type Time } from '../api/time.js';
import { paused, running } from '../cluster/clock.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Turn } from '../cluster/turn.js';
import { type PodsimContext, PodsimError } from './context.js';
import { newEvents } from './event-lines.js';
import { untilCondition } from './until.js';

export function define(command: Command, context: PodsimContext): void {
  const { streams } = context;
  const show = async (): Promise<void> => {
    const turn = await context.open();
    streams.out(`${await turn.read(describe)}\n`);
  };
  command.action(show);
  command.command('show').description('Print the time and how it goes').action(show);
  command
    .command('advance <duration>')
    .description('Move the time on, printing what happens on the way, one event a line')
    .option('-q, --quiet', 'print nothing')
    .action(async (text: string, options: { quiet?: boolean }) => {
      const span = parseDuration(text);
      if (span === undefined) throw new PodsimError(`invalid argument ${JSON.stringify(text)}: time: invalid duration ${JSON.stringify(text)}`);
      if (span < 0) throw new PodsimError('time goes only forward; to go back, restore a snapshot: podsim cluster restore NAME');
      await move(await context.open(), context, (cluster) => (cluster.now + span) as Time, options.quiet === true);
    });
  command
    .command('set <time>')
    .description('Move the time on to an RFC 3339 instant')
    .option('-q, --quiet', 'print nothing')
    .action(async (text: string, options: { quiet?: boolean }) => {
      const time = parseTime(text);
      if (time === undefined) throw new PodsimError(`invalid time ${JSON.stringify(text)}: expected RFC 3339, for example 2026-01-01T00:00:00Z`);
      const turn = await context.open();
      await move(
        turn,
        context,
        (cluster) => {
          if (time < cluster.now)
            throw new PodsimError(`${text} is before now (${formatTime(cluster.now)}); to go back, restore a snapshot: podsim cluster restore NAME`);
          return time;
        },
        options.quiet === true,
      );
    });
  command
    .command('until <condition...>')
    .description("Move the time on until a condition holds: TYPE/NAME and condition=NAME[=VALUE], jsonpath='{…}'=VALUE, delete, or a STATUS word")
    .option('--timeout <duration>', 'give up after so much simulated time', '1h')
    .option('-q, --quiet', 'print nothing')
    .action(async (words: string[], options: { timeout: string; quiet?: boolean }) => {
      const timeout = parseDuration(options.timeout);
      if (timeout === undefined)
        throw new PodsimError(`invalid argument ${JSON.stringify(options.timeout)} for "--timeout": time: invalid duration ${JSON.stringify(options.timeout)}`);
      const condition = untilCondition(words);
      const turn = await context.open();
      let events: (() => readonly string[]) | undefined;
      let end: Time | undefined;
      const goThere = (cluster: Cluster) => {
        events ??= newEvents(cluster);
        end ??= (cluster.now + timeout) as Time;
        while (!condition(cluster)) {
          const next = cluster.nextDue;
          const isLast = next === undefined || next > end;
          cluster.advanceTo(isLast ? end : next);
          // Something outside has to be done first: then the way goes on.
          if (cluster.isHeldUp) return undefined;
          if (!isLast) continue;
          goOn(cluster, context);
          return { lines: events(), held: condition(cluster), now: cluster.now };
        }
        cluster.settle();
        goOn(cluster, context);
        return { lines: events(), held: true, now: cluster.now };
      };
      let result: ReturnType<typeof goThere>;
      do result = await turn.write(goThere);
      while (result === undefined);
      if (options.quiet !== true) streams.out(`${[...result.lines, formatTime(result.now)].join('\n')}\n`);
      if (!result.held) throw new PodsimError(`timed out waiting for the condition ${words.join(' ')}`);
    });
  const change = (how: (cluster: Cluster) => void) => async (): Promise<void> => {
    const turn = await context.open();
    await turn.write(how);
    streams.out(`${await turn.read(describe)}\n`);
  };
  command
    .command('pause')
    .description('Stop the time; it moves only when it is told to, or when a command waits')
    .action(change((cluster) => cluster.setClock(paused)));
  command
    .command('resume')
    .description('Let the time go on at one second a second')
    .action(change((cluster) => cluster.setClock(running(1, cluster.now, context.machine()))));
  command
    .command('rate <rate>')
    .description('Let the time go N times as fast: 10x')
    .action(async (text: string) => {
      const rate = parseRate(text);
      await change((cluster) => cluster.setClock(running(rate, cluster.now, context.machine())))();
    });
}

/** `10x`, `0.5x`; throws for anything else. */
export function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)x$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new PodsimError(`invalid rate ${JSON.stringify(text)}: expected a number followed by x, for example 10x`);
  return Number(match[1]);
}

async function move(turn: Turn, context: PodsimContext, target: (cluster: Cluster) => Time, quiet: boolean): Promise<void> {
  const moved = await turn.write((cluster) => {
    const events = quiet ? undefined : newEvents(cluster);
    cluster.advanceTo(target(cluster));
    goOn(cluster, context);
    return { tell: () => ({ lines: events?.() ?? [], now: cluster.now }), isHeldUp: cluster.isHeldUp };
  });
  // What was to be done outside has kept the time from getting there.
  if (moved.isHeldUp) await turn.write((cluster) => goOn(cluster, context));
  const result = moved.isHeldUp ? await turn.read(moved.tell) : moved.tell();
  if (!quiet) context.streams.out(`${[...result.lines, formatTime(result.now)].join('\n')}\n`);
}

/** A clock that runs goes on from where it has been moved to. */
export function goOn(cluster: Cluster, { machine }: Pick<PodsimContext, 'machine'>): void {
  const { rate } = cluster.clock;
  if (rate !== 0) cluster.setClock(running(rate, cluster.now, machine()));
}

/** `2026-01-01T00:00:30Z  paused`. */
export function describe(cluster: Cluster): string {
  return `${formatTime(cluster.now)}  ${clockWord(cluster)}`;
}

export function clockWord(cluster: Cluster): string {
  const { rate } = cluster.clock;
  return rate === 0 ? 'paused' : rate === 1 ? 'real' : `${rate}x`;
}
