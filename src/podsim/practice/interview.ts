/** The interview questions of all scenarios: to be asked, and one by one to be answered. */
import { PodsimError } from '../context.js';
import { padded } from './layout.js';
import type { Question, Scenario } from './scenario.js';
import type { Speaker } from './speaker.js';

interface Numbered extends Question {
  /** From 1, over all scenarios in their order: the same whatever is chosen. */
  readonly number: number;
  readonly scenario: Scenario;
}

function numbered(all: readonly Scenario[]): readonly Numbered[] {
  return all.flatMap((scenario) => scenario.interview.map((one) => ({ ...one, scenario }))).map((one, i) => ({ ...one, number: i + 1 }));
}

/** The questions of the scenarios chosen, without their answers. */
export function showQuestionsOf(speaker: Speaker, all: readonly Scenario[], chosen: readonly Scenario[]): void {
  const { words, layout, say } = speaker;
  const questions = numbered(all).filter(({ scenario }) => chosen.includes(scenario));
  for (const { number, question } of questions) {
    const lines = layout.prose(speaker.text(question), 5).split('\n');
    say(`${padded(`${number}.`, 5)}${(lines[0] as string).trimStart()}`, ...lines.slice(1));
  }
  say('', layout.prose(words.interviewAnswers(questions[0]?.number ?? 1)));
}

/** One question with its model answer, and the scenario that lets one try it. */
export function showAnswer(speaker: Speaker, all: readonly Scenario[], word: string): void {
  const { words, layout, say } = speaker;
  const questions = numbered(all);
  const found = /^\d+$/.test(word) ? questions[Number(word) - 1] : undefined;
  if (found === undefined) throw new PodsimError(`there is no question ${JSON.stringify(word)}: they have the numbers 1 to ${questions.length}`);
  say(layout.colour.bold(layout.prose(`${found.number}. ${speaker.text(found.question)}`)), '', layout.prose(speaker.text(found.answer)));
  say('', layout.prose(words.tryIt(found.scenario.id, speaker.text(found.scenario.title))));
}
