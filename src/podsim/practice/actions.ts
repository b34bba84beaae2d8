/** What one does within a session: status, check, hint, solution, score. */
import { type PodsimContext, PodsimError } from '../context.js';
import { showFindings, showStanding } from './check-view.js';
import { inspect } from './checks.js';
import { clusterOf, currentContext, keptEntries } from './contexts.js';
import { gradeExam } from './exam-session.js';
import { isSolved, worth } from './grade.js';
import { allScenarios, scenarioOf } from './library.js';
import { loadScores, loadSession, recordAttempt, type Session, saveSession, type Task } from './records.js';
import { pointsOf, type Scenario } from './scenario.js';
import { showGrade, showQuestions, showScores } from './score-view.js';
import { elapsed, type Speaker } from './speaker.js';
import { running } from './start.js';
import { showHint, showSolution, showTask } from './task-view.js';

export async function status(context: PodsimContext, speaker: Speaker): Promise<void> {
  const session = await running(context);
  const task = taskOf(session);
  const scenario = scenarioOf(task.id);
  if (session.exam !== undefined) {
    showQuestions(speaker, session, questionsOf(session), context.machine());
    speaker.say('');
  }
  showTask(speaker, scenario, session, context.machine());
  if (session.exam === undefined) {
    const { attempts } = await loadScores(context);
    const last = attempts.find((one) => one.id === task.id && one.startedAt === task.startedAt);
    const used = speaker.words.used(elapsed(context.machine() - (task.startedAt ?? 0)), scenario.minutes);
    speaker.say('', last === undefined ? used : `${used}; ${speaker.words.of(last.points, last.of)}`);
  }
  await remindOfContext(context, speaker, task);
}

/** True: everything holds. What it came to is kept (of exams only the grade is). */
export async function check(context: PodsimContext, speaker: Speaker): Promise<boolean> {
  const session = await running(context);
  refuseInExam(session, 'nothing is graded before the end');
  const task = begun(taskOf(session));
  const scenario = scenarioOf(task.id);
  const findings = await inspect(scenario, await keptEntries(context, task.id), context.machine);
  const checkedAt = context.machine();
  speaker.say(speaker.layout.colour.bold(`${scenario.id}: ${speaker.text(scenario.title)}`));
  showFindings(speaker, findings);
  if (session.exam !== undefined) {
    showStanding(speaker, scenario, findings, undefined);
    return isSolved(findings);
  }
  const { id, startedAt, hints, solutionShown } = task;
  const points = worth(scenario, task, findings);
  const kept = await recordAttempt(context, { id, startedAt, checkedAt, points, of: pointsOf(scenario), hints, solutionShown, solved: isSolved(findings) });
  // Once it is solved, hints and the solution cost nothing, and breaking it again neither.
  const counted = kept.solved ? kept : { ...kept, points, hints, solutionShown };
  showStanding(speaker, scenario, findings, { points: counted.points, hints: counted.hints, solutionShown: counted.solutionShown });
  speaker.say(speaker.words.used(elapsed((kept.solved ? kept.checkedAt : checkedAt) - startedAt), scenario.minutes));
  if (kept.solved && !solutionShown) speaker.say(speaker.words.interviewHint);
  return isSolved(findings);
}

export async function hint(context: PodsimContext, speaker: Speaker): Promise<void> {
  const session = await running(context);
  refuseInExam(session, 'there are no hints');
  const task = begun(taskOf(session));
  const scenario = scenarioOf(task.id);
  // Those that are paid for are shown again with the new one.
  for (let number = 1; number <= task.hints; number += 1) showHint(speaker, scenario, number, true);
  if (task.hints >= scenario.hints.length) return;
  const isFree = session.exam !== undefined || task.solutionShown || (await isSolvedBefore(context, task));
  await saveTask(context, session, { ...task, hints: task.hints + 1 });
  showHint(speaker, scenario, task.hints + 1, isFree);
}

export async function solution(context: PodsimContext, speaker: Speaker): Promise<void> {
  const session = await running(context);
  refuseInExam(session, 'there are no solutions');
  const task = taskOf(session);
  await saveTask(context, session, { ...task, solutionShown: true });
  showSolution(speaker, scenarioOf(task.id));
  if (session.exam === undefined && !(await isSolvedBefore(context, task))) speaker.say('', speaker.words.solutionCosts);
}

/** In an exam: grades and ends it. */
export async function score(context: PodsimContext, speaker: Speaker): Promise<void> {
  const session = await loadSession(context);
  const { exam } = session ?? {};
  if (session === undefined || exam === undefined || exam.endedAt !== undefined) {
    const scores = await loadScores(context);
    return showScores(speaker, scores, allScenarios());
  }
  showGrade(speaker, await gradeExam(context, { ...session, exam }), questionsOf(session));
  speaker.say(speaker.words.examOver);
}

const taskOf = (session: Session): Task => session.tasks[session.current] as Task;

function begun(task: Task): Task & { readonly startedAt: number } {
  const { startedAt } = task;
  if (startedAt === undefined) throw new PodsimError(`question ${task.id} has not been begun: podsim practice start ${task.id}`);
  return { ...task, startedAt };
}

function refuseInExam({ exam }: Session, rule: string): void {
  if (exam !== undefined && exam.endedAt === undefined) throw new PodsimError(`in an exam ${rule}; podsim practice score ends it`);
}

/** The scenarios of an exam, in its order. */
export function questionsOf({ tasks }: Session): readonly Scenario[] {
  return tasks.map(({ id }) => scenarioOf(id));
}

const saveTask = (context: PodsimContext, session: Session, task: Task): Promise<void> =>
  saveSession(context, { ...session, tasks: session.tasks.map((one, i) => (i === session.current ? task : one)) });

async function isSolvedBefore(context: PodsimContext, task: Task): Promise<boolean> {
  const { attempts } = await loadScores(context);
  return attempts.some((one) => one.id === task.id && one.startedAt === task.startedAt && one.solved);
}

async function remindOfContext(context: PodsimContext, { words, say }: Speaker, task: Task): Promise<void> {
  const now = await currentContext(context);
  const own = clusterOf(task.id);
  if (task.startedAt !== undefined && now !== own) say(words.elsewhere(now || words.noContext, own));
}
