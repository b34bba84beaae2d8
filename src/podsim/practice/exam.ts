/** Exams: which questions, and what a result is worth. */
import { draw } from '../../sim/random.js';
import { PodsimError } from '../context.js';
import type { ExamResult } from './records.js';
import { type Scenario, TOPICS, type Topic } from './scenario.js';

/** In percent, as for the CKAD (docs.linuxfoundation.org/tc-docs/certification/faq-cka-ckad-cks). */
export const PASS_MARK = 66;

/** So many questions, the topics by their weights; the same seed gives the same ones in the same order. */
export function drawQuestions(scenarios: readonly Scenario[], count: number, seed: number): readonly Scenario[] {
  if (count > scenarios.length) throw new PodsimError(`there are only ${scenarios.length} scenarios to ask`);
  const shuffled = [...scenarios].sort(byDraw((scenario) => draw(seed, `practice/${scenario.id}`, 0)));
  const wanted = shares(count, seed);
  const taken = (Object.keys(TOPICS) as Topic[]).flatMap((topic) => shuffled.filter((one) => one.topic === topic).slice(0, wanted[topic]));
  // Topics with too few scenarios leave room for others.
  const rest = shuffled.filter((one) => !taken.includes(one)).slice(0, count - taken.length);
  return [...taken, ...rest].sort(byDraw((scenario) => draw(seed, `practice/${scenario.id}`, 1)));
}

/** Largest remainders; equal ones by lot. */
function shares(count: number, seed: number): Readonly<Record<Topic, number>> {
  const rows = (Object.keys(TOPICS) as Topic[]).map((topic) => {
    const exact = (count * TOPICS[topic]) / 100;
    return { topic, whole: Math.floor(exact), rest: exact - Math.floor(exact), lot: draw(seed, `practice/${topic}`, 0) };
  });
  const left = count - rows.reduce((sum, row) => sum + row.whole, 0);
  const more = [...rows].sort((a, b) => b.rest - a.rest || a.lot - b.lot).slice(0, left);
  return Object.fromEntries(rows.map((row) => [row.topic, row.whole + (more.includes(row) ? 1 : 0)])) as Record<Topic, number>;
}

const byDraw =
  <T>(drawn: (item: T) => number) =>
  (a: T, b: T): number =>
    drawn(a) - drawn(b);

export interface Sum {
  readonly points: number;
  readonly of: number;
}

export const sumOf = (rows: readonly Sum[]): Sum => ({
  points: rows.reduce((sum, row) => sum + row.points, 0),
  of: rows.reduce((sum, row) => sum + row.of, 0),
});

/** Whole percent, rounded down: 65.9 is not 66. */
export const percentOf = ({ points, of }: Sum): number => (of === 0 ? 0 : Math.floor((100 * points) / of));

/** One row for each topic asked, in the order of the curriculum. */
export function byTopic(questions: ExamResult['questions']): readonly (Sum & { readonly topic: Topic })[] {
  return (Object.keys(TOPICS) as Topic[])
    .map((topic) => ({ topic, ...sumOf(questions.filter((question) => question.topic === topic)) }))
    .filter(({ of }) => of > 0);
}
