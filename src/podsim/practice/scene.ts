/** Clusters of scenarios: the scene as the task begins, and copies of a cluster to look at it without touching it. */
import { type Duration, milliseconds, type Time } from '../../api/time.js';
import { paused, running } from '../../cluster/clock.js';
import { openCluster } from '../../cluster/open.js';
import type { Turn } from '../../cluster/turn.js';
import type { Entries } from '../../store/backend/backend.js';
import { MemoryBackend } from '../../store/backend/memory.js';
import { PodsimError } from '../context.js';
import { errandRunner } from '../errands.js';
import { type CommandRunner, commandRunner } from './command-runner.js';
import type { Scenario, Step } from './scenario.js';

export interface SceneOptions {
  readonly seed: number;
  /** The moment at which the task begins: what the scene needed to come about lies before it. */
  readonly time: Time;
  /** Simulated seconds a second of the machine; 0: paused. */
  readonly rate: number;
  machine(): number;
}

/** Makes the scenario's cluster, in memory, and plays its set-up. The clock stands still. */
export async function setScene(scenario: Scenario, { seed, time, machine }: Omit<SceneOptions, 'rate'>): Promise<CommandRunner> {
  const span = scenario.setup.reduce((sum, step) => sum + ('advance' in step ? step.advance : 0), 0);
  const { nodes, cni, cpu, memory } = scenario.cluster;
  const create = { nodes, cni, cpu, memory, seed, time: (time - span) as Time, rate: 0 };
  const turn = openCluster({ backend: new MemoryBackend(), create, errands: errandRunner(), machine });
  const runner = commandRunner(turn, machine);
  for (const step of scenario.setup) await play(runner, step, scenario.id);
  return runner;
}

/** The scene as it is kept, its clock going at the rate from the moment at which the task begins. */
export async function sceneEntries(scenario: Scenario, options: SceneOptions): Promise<Entries> {
  const { turn } = await setScene(scenario, options);
  await turn.write((cluster) => {
    // Commands that wait may have moved the clock a little further.
    const now = Math.max(cluster.now, options.time) as Time;
    cluster.advanceTo(now);
    cluster.setClock(running(options.rate, now, options.machine()));
  });
  return turn.entries();
}

/** Does one step; throws when a command ends otherwise than the scenario says. */
export async function play(runner: CommandRunner, step: Step, id: string): Promise<void> {
  if ('advance' in step) return advance(runner.turn, step.advance);
  if ('files' in step) return runner.write(step.files);
  const line = 'apply' in step ? 'kubectl apply -f -' : step.run;
  const { code, text } = await runner.run(line, 'apply' in step ? step.apply : '');
  if ((code !== 0) !== ('run' in step && step.fails)) throw new PodsimError(`scenario ${id}: ${line}: exit code ${code}: ${text.trim()}`);
}

export const advance = (turn: Turn, span: Duration): Promise<void> => turn.write((cluster) => cluster.advanceTo((cluster.now + span) as Time));

/** A copy of a kept cluster as it is at this moment, in memory, its clock standing still: whatever is done to it, nobody sees it. */
export async function copyOf(entries: Entries, machine: () => number): Promise<CommandRunner> {
  const texts = new Map(entries.keys('').map((key) => [key, entries.get(key)]));
  const backend = new MemoryBackend();
  await backend.save(undefined, texts);
  const turn = openCluster({ backend, errands: errandRunner(), machine });
  await turn.write((cluster) => cluster.setClock(paused));
  return commandRunner(turn, machine);
}

/** How long until the next thing happens by itself in a cluster that stands still; undefined: nothing will. */
export async function untilNext(turn: Turn): Promise<Duration | undefined> {
  return turn.read((cluster) => (cluster.nextDue === undefined ? undefined : milliseconds(Math.max(0, cluster.nextDue - cluster.now))));
}
