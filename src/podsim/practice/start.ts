/** Beginning a scenario, going from question to question, and ending. */
import type { Time } from '../../api/time.js';
import { hostFiles } from '../../kubectl/files.js';
import type { Entries } from '../../store/backend/backend.js';
import { clusterFile, useContext } from '../cluster-files.js';
import { type PodsimContext, PodsimError } from '../context.js';
import type { Language } from '../language.js';
import { clusterOf, currentContext, leave } from './contexts.js';
import { allScenarios, scenarioOf } from './library.js';
import { loadScores, loadSession, type Session, saveSession, type Task } from './records.js';
import type { Scenario } from './scenario.js';
import { sceneEntries } from './scene.js';

/** How the cluster of a scenario is made. */
export interface SceneFlags {
  readonly seed: number | undefined;
  /** Simulated seconds a second; 0: paused. Not given: as the exam has it, or real. */
  readonly rate: number | undefined;
  readonly time: Time | undefined;
}

export interface Begun {
  readonly session: Session;
  readonly scenario: Scenario;
}

/** `start WORD`: a scenario's ID, `next`, or in an exam also `prev` and a question's number. */
export async function start(context: PodsimContext, word: string, flags: SceneFlags, lang: Language | undefined): Promise<Begun> {
  const session = await loadSession(context);
  if (session?.exam !== undefined && !isLeaving(session, word)) return goTo(context, session, questionOf(session, word), flags);
  if (word === 'prev' || /^\d+$/.test(word)) throw new PodsimError('questions have numbers in an exam: podsim practice exam begins one');
  const scenario = word === 'next' ? await nextOf(context, session) : scenarioOf(word);
  const entries = await makeScene(context, scenario, flags);
  await refuseForeign(context, scenario.id, session);
  const back = session?.back ?? (await currentContext(context));
  if (session !== undefined) await leave(context, begunIn(session), back);
  const next: Session = { back, ...(lang === undefined ? {} : { lang }), tasks: [begunTask(scenario.id, context)], current: 0 };
  await saveSession(context, next);
  await keep(context, scenario.id, entries);
  return { session: next, scenario };
}

/** Goes to a question of the exam; its scene is made the first time. */
export async function goTo(context: PodsimContext, session: Session, index: number, flags: SceneFlags): Promise<Begun> {
  const task = session.tasks[index] as Task;
  const { exam } = session;
  if (exam !== undefined && exam.endedAt === undefined && context.machine() >= exam.startedAt + exam.minutes * 60_000)
    throw new PodsimError('the time is up: podsim practice score grades the exam');
  const scenario = scenarioOf(task.id);
  if (task.startedAt !== undefined) {
    const next = { ...session, current: index };
    await saveSession(context, next);
    await useContext(context, clusterOf(task.id));
    return { session: next, scenario };
  }
  const entries = await makeScene(context, scenario, { ...flags, seed: flags.seed ?? exam?.seed, rate: flags.rate ?? exam?.rate });
  await refuseForeign(context, scenario.id, session);
  const tasks = session.tasks.map((one, i) => (i === index ? begunTask(one.id, context) : one));
  const next = { ...session, tasks, current: index };
  await saveSession(context, next);
  await keep(context, scenario.id, entries);
  return { session: next, scenario };
}

/** Ends the session: its clusters go, and the learner is where they came from. */
export async function stop(context: PodsimContext): Promise<{ readonly session: Session; readonly context: string }> {
  const session = await running(context);
  await leave(context, begunIn(session), session.back);
  await saveSession(context, undefined);
  return { session, context: await currentContext(context) };
}

/** The session that goes on. Throws PodsimError when there is none. */
export async function running(context: PodsimContext): Promise<Session> {
  const session = await loadSession(context);
  if (session === undefined) throw new PodsimError('no scenario is running: podsim practice list shows them, podsim practice start ID begins one');
  return session;
}

/** The scenarios of which there are clusters. */
export const begunIn = ({ tasks }: Session): readonly string[] => tasks.filter(({ startedAt }) => startedAt !== undefined).map(({ id }) => id);
const begunTask = (id: string, { machine }: PodsimContext): Task => ({ id, startedAt: machine(), hints: 0, solutionShown: false });

/** An exam that is over is left for another scenario. */
const isLeaving = ({ exam, tasks }: Session, word: string): boolean =>
  exam?.endedAt !== undefined && !/^(next|prev|\d+)$/.test(word) && !tasks.some(({ id }) => id === word);

/** The index of the question that is meant. */
function questionOf({ tasks, current }: Session, word: string): number {
  const last = tasks.length - 1;
  if (word === 'next' && current < last) return current + 1;
  if (word === 'prev' && current > 0) return current - 1;
  if (word === 'next' || word === 'prev') throw new PodsimError(`question ${current + 1} is the ${word === 'next' ? 'last' : 'first'} one`);
  if (/^\d+$/.test(word) && Number(word) >= 1 && Number(word) <= tasks.length) return Number(word) - 1;
  const known = tasks.findIndex(({ id }) => id === word);
  if (known >= 0) return known;
  if (/^\d+$/.test(word)) throw new PodsimError(`there is no question ${word}: the exam has ${tasks.length}`);
  throw new PodsimError(`${JSON.stringify(word)} is no question of the exam; podsim practice score ends it`);
}

/** The first in the list that is not solved yet, after the one that is being practised. */
async function nextOf(context: PodsimContext, session: Session | undefined): Promise<Scenario> {
  const all = allScenarios();
  const { attempts } = await loadScores(context);
  const at = all.findIndex(({ id }) => id === session?.tasks[session.current]?.id);
  const open = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].filter(({ id }) => !attempts.some((attempt) => attempt.id === id && attempt.solved));
  if (open[0] === undefined) throw new PodsimError('all scenarios are solved; podsim practice exam puts some of them together');
  return open[0];
}

function makeScene(context: PodsimContext, scenario: Scenario, { seed, rate, time }: SceneFlags): Promise<Entries> {
  const machine = context.machine();
  return sceneEntries(scenario, {
    seed: seed ?? Math.floor(machine) % 2 ** 31,
    time: time ?? ((Math.floor(machine / 1000) * 1000) as Time),
    rate: rate ?? 1,
    machine: context.machine,
  });
}

/** A cluster that somebody else has made under this name stays. */
async function refuseForeign(context: PodsimContext, id: string, session: Session | undefined): Promise<void> {
  const name = clusterOf(id);
  const isOurs = session?.tasks.some((task) => task.id === id && task.startedAt !== undefined) === true;
  if (!isOurs && (await hostFiles(context.cwd).kind(clusterFile(context, name))) !== undefined)
    throw new PodsimError(`cluster "${name}" exists, and no practice session has made it: podsim cluster delete ${name}`);
}

async function keep(context: PodsimContext, id: string, entries: Entries): Promise<void> {
  const backend = context.backend(clusterFile(context, clusterOf(id)));
  await backend.hold(async () => {
    await backend.save(await backend.load(), new Map(entries.keys('').map((key) => [key, entries.get(key)])));
  });
  await useContext(context, clusterOf(id));
}
