/** An exam from its beginning to its grade. */
import { hostFiles } from '../../kubectl/files.js';
import { clusterFile } from '../cluster-files.js';
import { type PodsimContext, PodsimError } from '../context.js';
import type { Language } from '../language.js';
import { inspect } from './checks.js';
import { clusterOf, currentContext, keptEntries, leave } from './contexts.js';
import { drawQuestions, PASS_MARK, percentOf, sumOf } from './exam.js';
import { earned } from './grade.js';
import { allScenarios, scenarioOf } from './library.js';
import { type ExamResult, loadSession, recordExam, type Session, saveSession } from './records.js';
import { pointsOf } from './scenario.js';
import { type Begun, begunIn, goTo } from './start.js';

export interface ExamFlags {
  readonly minutes: number;
  readonly questions: number;
  readonly seed: number | undefined;
  readonly rate: number;
}

/** Draws the questions, lets the machine's clock run, and goes to the first one. */
export async function beginExam(context: PodsimContext, flags: ExamFlags, lang: Language | undefined): Promise<Begun> {
  const session = await loadSession(context);
  if (session?.exam !== undefined && session.exam.endedAt === undefined) throw new PodsimError('an exam is running: podsim practice stop ends it');
  const seed = flags.seed ?? Math.floor(context.machine()) % 2 ** 31;
  const questions = drawQuestions(allScenarios(), flags.questions, seed);
  const back = session?.back ?? (await currentContext(context));
  if (session !== undefined) await leave(context, begunIn(session), back);
  const begun: Session = {
    back,
    ...(lang === undefined ? {} : { lang }),
    tasks: questions.map(({ id }) => ({ id, hints: 0, solutionShown: false })),
    current: 0,
    exam: { seed, minutes: flags.minutes, rate: flags.rate, startedAt: context.machine() },
  };
  return goTo(context, begun, 0, { seed, rate: flags.rate, time: undefined });
}

/** Grades all questions as they stand, keeps the result, and ends the exam. Questions never begun are worth nothing. */
export async function gradeExam(context: PodsimContext, session: Session & { readonly exam: NonNullable<Session['exam']> }): Promise<ExamResult> {
  const { exam } = session;
  const endedAt = context.machine();
  const deadline = exam.startedAt + exam.minutes * 60_000;
  let isLate = false;
  const questions: ExamResult['questions'][number][] = [];
  for (const { id, startedAt } of session.tasks) {
    const scenario = scenarioOf(id);
    const row = { id, topic: scenario.topic, of: pointsOf(scenario) };
    if (startedAt === undefined) {
      questions.push({ ...row, points: 0 });
      continue;
    }
    const file = await hostFiles(context.cwd).kind(clusterFile(context, clusterOf(id)));
    if (file !== undefined && file.modified > deadline) isLate = true;
    // Who has deleted the cluster of a question has not solved it.
    const points = file === undefined ? 0 : earned(await inspect(scenario, await keptEntries(context, id), context.machine));
    questions.push({ ...row, points });
  }
  const passed = !isLate && percentOf(sumOf(questions)) >= PASS_MARK;
  const result = { startedAt: exam.startedAt, endedAt, seed: exam.seed, minutes: exam.minutes, isLate, passed, questions };
  await recordExam(context, result);
  await saveSession(context, { ...session, exam: { ...exam, endedAt } });
  return result;
}
