/** Prints the questions of an exam, its grade, and the scores kept so far. */
import Table from 'cli-table3';
import { formatTime, time } from '../../api/time.js';
import { widthOf } from '../../text/display-width.js';
import { PLAIN_TABLE } from '../table.js';
import { byTopic, PASS_MARK, percentOf, sumOf } from './exam.js';
import { cut } from './layout.js';
import type { Attempt, ExamResult, Scores, Session } from './records.js';
import { pointsOf, type Scenario, TOPICS, type Topic } from './scenario.js';
import { elapsed, type Speaker } from './speaker.js';
import { timeLeft } from './task-view.js';

/** The questions, which one is being worked at, and the time left. */
export function showQuestions(speaker: Speaker, session: Session, scenarios: readonly Scenario[], now: number): void {
  const { words, layout, say } = speaker;
  const { exam, tasks, current } = session;
  if (exam === undefined) return;
  const { number, topic, title, points, time, state } = words.columns;
  say(
    layout.colour.bold(
      words.exam(
        exam.seed,
        tasks.length,
        exam.minutes,
        scenarios.reduce((sum, one) => sum + one.minutes, 0),
      ),
    ),
    exam.endedAt === undefined ? timeLeft(speaker, exam, now) : words.examOver,
    '',
  );
  print(
    speaker,
    ['', number, topic, title, points, time, state],
    scenarios.map((one, i) => [
      i === current ? '*' : '',
      String(i + 1),
      one.topic,
      speaker.text(one.title),
      String(pointsOf(one)),
      `${one.minutes}m`,
      tasks[i]?.startedAt === undefined ? words.notBegun : words.begun,
    ]),
  );
}

/** Points by question and by topic, and whether that is enough. */
export function showGrade(speaker: Speaker, result: ExamResult, scenarios: readonly Scenario[]): void {
  const { words, layout, say } = speaker;
  const { number, title, topic, points } = words.columns;
  const cell = (row: { readonly points: number; readonly of: number }) => `${row.points}/${row.of}`;
  print(
    speaker,
    [number, topic, title, points],
    result.questions.map((one, i) => [String(i + 1), one.topic, speaker.text((scenarios[i] as Scenario).title), cell(one)]),
  );
  const total = sumOf(result.questions);
  say('');
  print(
    speaker,
    [topic, points, '%'],
    [
      ...byTopic(result.questions).map((row) => [words.topics[row.topic], cell(row), String(percentOf(row))]),
      [words.total, cell(total), String(percentOf(total))],
    ],
  );
  const used = elapsed(result.endedAt - result.startedAt);
  const verdict = result.passed
    ? layout.colour.green.bold(words.passed)
    : layout.colour.red.bold(result.isLate ? words.late(used, result.minutes) : words.failed(PASS_MARK));
  say('', `${verdict} ${percentOf(total)}%, ${words.used(used, result.minutes)}`);
}

/** The best of each scenario tried, the sums by topic, and past exams. */
export function showScores(speaker: Speaker, scores: Scores, scenarios: readonly Scenario[]): void {
  const { words, layout, say } = speaker;
  const { id, topic, points, time: used, state } = words.columns;
  if (scores.attempts.length === 0 && scores.exams.length === 0) {
    speaker.streams.err(`${words.noScores}\n`);
    return;
  }
  const best = scenarios.flatMap((scenario) => bestAttempt(scores, scenario.id).map((attempt) => ({ scenario, attempt })));
  if (best.length > 0) {
    say(layout.colour.bold(words.scoresTitle), '');
    const rows = best.map(({ scenario, attempt }) => [
      scenario.id,
      scenario.topic,
      `${attempt.points}/${attempt.of}`,
      `${elapsed(attempt.checkedAt - attempt.startedAt)} / ${scenario.minutes}m`,
      remarks(speaker, attempt),
    ]);
    print(speaker, [id, topic, points, used, state], rows);
    say('');
    const sums = (Object.keys(TOPICS) as Topic[]).map((name) => {
      const of = scenarios.filter((one) => one.topic === name).reduce((sum, one) => sum + pointsOf(one), 0);
      return [words.topics[name], `${best.filter(({ scenario }) => scenario.topic === name).reduce((sum, one) => sum + one.attempt.points, 0)}/${of}`];
    });
    print(speaker, [topic, points], sums);
  }
  if (scores.exams.length === 0) return;
  say(...(best.length > 0 ? [''] : []), layout.colour.bold(words.examsTitle), '');
  for (const exam of scores.exams) {
    const total = sumOf(exam.questions);
    const verdict = exam.passed ? words.passed : words.failed(PASS_MARK);
    say(
      `${formatTime(time(exam.startedAt))}  ${total.points}/${total.of}  ${percentOf(total)}%  ${elapsed(exam.endedAt - exam.startedAt)} / ${exam.minutes}m  ${verdict}`,
    );
  }
}

const bestAttempt = ({ attempts }: Scores, id: string): readonly Attempt[] =>
  attempts
    .filter((attempt) => attempt.id === id)
    .sort((a, b) => b.points - a.points || a.checkedAt - a.startedAt - (b.checkedAt - b.startedAt))
    .slice(0, 1);

const remarks = ({ words }: Speaker, { hints, solutionShown }: Attempt): string =>
  [...(hints > 0 ? [words.hintsUsed(hints)] : []), ...(solutionShown ? [words.bySolution] : [])].join(', ');

/** Where the terminal is too narrow, the widest column gives way. */
function print({ streams, layout, say }: Speaker, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, i) => Math.max(widthOf(name), ...rows.map((row) => widthOf(row[i] as string))));
  const widest = widths.indexOf(Math.max(...widths));
  const excess = widths.reduce((sum, width) => sum + width + 3, 0) - (streams.columns ?? Number.POSITIVE_INFINITY);
  const room = excess > 0 ? Math.max(8, (widths[widest] as number) - excess) : Number.POSITIVE_INFINITY;
  const table = new Table({ ...PLAIN_TABLE, head: head.map((name) => layout.colour.bold(name)) });
  table.push(...rows.map((row) => row.map((cell, i) => (i === widest ? cut(cell, room) : cell))));
  say(table.toString().replace(/ +$/gm, ''));
}
