/** `podsim practice`: graded scenarios, each in a cluster of its own, and mock exams made of them. */
import { type Command, Option } from 'commander';
import { ExitError } from '../kubectl/command.js';
import { type PodsimContext, PodsimError } from './context.js';
import { rateGiven, seedGiven, timeGiven, wholeNumber } from './flag-values.js';
import { languageGiven } from './language.js';
import { check, hint, questionsOf, score, solution, status } from './practice/actions.js';
import { beginExam } from './practice/exam-session.js';
import { showAnswer, showQuestionsOf } from './practice/interview.js';
import { allScenarios } from './practice/library.js';
import { loadScores, loadSession } from './practice/records.js';
import { DIFFICULTIES, type Scenario, TOPICS } from './practice/scenario.js';
import { showQuestions } from './practice/score-view.js';
import { type Speaker, speakerFor } from './practice/speaker.js';
import { type SceneFlags, start, stop } from './practice/start.js';
import { showList, showTask } from './practice/task-view.js';

interface StartFlags {
  readonly lang?: string;
  readonly seed?: string;
  readonly clock?: string;
  readonly time?: string;
}

interface ExamWords extends StartFlags {
  readonly minutes: string;
  readonly questions: string;
}

const TOPIC_HELP = `Topics (the domains of the CKAD, with their weights):
${Object.entries(TOPICS)
  .map(([topic, percent]) => `  ${topic.padEnd(15)}${percent}%`)
  .join('\n')}
Tags such as probes, init-containers, scheduling or pod-lifecycle, and the levels
${DIFFICULTIES.join(', ')} do as well.`;

const HELP = `
How it goes:
  podsim practice list                     what there is
  podsim practice start crashloop-command  makes the scene in a cluster of its own, and switches to it
  podsim get pods -A                       … work as in any cluster …
  podsim practice check                    grades what is there; as often as you like (exit code 0: solved)
  podsim practice stop                     deletes that cluster and goes back to your own

An exam:
  podsim practice exam --minutes 30 --questions 10
  podsim practice start next|prev|N        goes from question to question; your work stays
  podsim practice status                   the questions, the time left, and the task once more
  podsim practice score                    ends it and grades it: 66% pass

Interview questions:
  podsim practice interview --topic pod-lifecycle
  podsim practice interview 7              … with a model answer, and the scenario to try it in

Scores are kept in PODSIM_HOME/practice. Every subcommand speaks English or Korean (--lang en|ko; default: by the locale).`;

export function define(command: Command, context: PodsimContext): void {
  command.addHelpText('after', HELP);
  const sub = (usage: string, description: string): Command =>
    command.command(usage).description(description).addOption(new Option('--lang <language>', 'en or ko (default: by LC_ALL, LC_MESSAGES, LANG)'));
  const speaker = async (flags: { readonly lang?: string }): Promise<Speaker> => speakerFor(context, flags.lang, (await loadSession(context))?.lang);
  sub('list', 'List the scenarios')
    .option('--topic <topic>', 'only those of a topic, tag or level')
    .addHelpText('after', `\n${TOPIC_HELP}`)
    .action(async (flags: { lang?: string; topic?: string }) => showList(await speaker(flags), chosen(allScenarios(), flags.topic), await loadScores(context)));
  withScene(
    sub('start <id>', "Begin a scenario in a cluster of its own ('next': the next unsolved one); in an exam, go to a question: N, next or prev"),
  ).action(async (id: string, flags: StartFlags) => {
    refuseStateFile(context);
    const lang = languageGiven(flags.lang);
    const { session, scenario } = await start(context, id, sceneFlags(flags), lang);
    showTask(await speaker(flags), scenario, session, context.machine());
  });
  sub('status', 'Show the task, the time, and in an exam the questions').action(async (flags: { lang?: string }) => status(context, await speaker(flags)));
  sub('check', 'Say of each requirement whether it holds, and what shows it; exit code 1 if one does not').action(async (flags: { lang?: string }) => {
    if (!(await check(context, await speaker(flags)))) throw new ExitError(1);
  });
  sub('hint', 'Show the next hint; it costs points').action(async (flags: { lang?: string }) => hint(context, await speaker(flags)));
  sub('solution', 'Show a worked solution and interview questions; an unsolved try then counts 0 points').action(async (flags: { lang?: string }) =>
    solution(context, await speaker(flags)),
  );
  sub('stop', 'End the scenario or exam: delete its clusters and go back to the context before').action(async (flags: { lang?: string }) => {
    const voice = await speaker(flags);
    const { session, context: now } = await stop(context);
    const isUngraded = session.exam !== undefined && session.exam.endedAt === undefined;
    const ended =
      session.exam === undefined ? voice.words.ended(session.tasks[0]?.id ?? '') : isUngraded ? voice.words.examEndedUngraded : voice.words.examEnded;
    voice.say(ended, voice.words.backTo(now));
  });
  withClock(sub('exam', 'Begin a mock exam: questions over all topics, weighted as in the CKAD'))
    .option('--minutes <n>', 'how long it takes, by the clock on the wall', '30')
    .option('--questions <n>', 'how many questions', '10')
    .option('--seed <n>', 'what the questions are drawn from')
    .addHelpText('after', `\n${TOPIC_HELP}`)
    .action((flags: ExamWords) => exam(context, flags));
  sub('interview [number]', 'Ask the interview questions; with a number, show that one with a model answer')
    .option('--topic <topic>', 'only those of a topic, tag or level')
    .addHelpText('after', `\n${TOPIC_HELP}`)
    .action(async (number: string | undefined, flags: { lang?: string; topic?: string }) => {
      const voice = await speaker(flags);
      const all = allScenarios();
      if (number === undefined) showQuestionsOf(voice, all, chosen(all, flags.topic));
      else showAnswer(voice, all, number);
    });
  sub('score', 'End and grade the exam; without one, show the scores so far').action(async (flags: { lang?: string }) => score(context, await speaker(flags)));
}

async function exam(context: PodsimContext, flags: ExamWords): Promise<void> {
  refuseStateFile(context);
  const lang = languageGiven(flags.lang);
  const { seed, rate } = sceneFlags(flags);
  const asked = { minutes: wholeNumber('minutes', flags.minutes, 1, 600), questions: wholeNumber('questions', flags.questions, 1, 100), seed, rate: rate ?? 1 };
  const { session, scenario } = await beginExam(context, asked, lang);
  const voice = await speakerFor(context, flags.lang, session.lang);
  showQuestions(voice, session, questionsOf(session), context.machine());
  voice.say('');
  showTask(voice, scenario, session, context.machine());
}

const withClock = (command: Command): Command => command.option('--clock <clock>', "how the scenario's time goes: real, paused, or Nx (default: real)");

const withScene = (command: Command): Command =>
  withClock(command)
    .option('--seed <n>', 'what names, addresses and uids are drawn from')
    .option('--time <time>', 'the moment at which the task begins (RFC 3339); now if not given');

function sceneFlags({ seed, clock, time }: StartFlags): SceneFlags {
  const moment = time === undefined ? undefined : timeGiven(time);
  return {
    seed: seed === undefined ? undefined : seedGiven(seed),
    rate: clock === undefined ? undefined : rateGiven(clock),
    time: moment,
  };
}

function chosen(scenarios: readonly Scenario[], word: string | undefined): readonly Scenario[] {
  if (word === undefined) return scenarios;
  const found = scenarios.filter(({ topic, tags, difficulty }) => [topic, difficulty, ...tags].includes(word));
  if (found.length > 0) return found;
  const tags = [...new Set(scenarios.flatMap((one) => one.tags))].sort();
  throw new PodsimError(`no scenario is about ${JSON.stringify(word)}: topics are ${Object.keys(TOPICS).join(', ')}; tags are ${tags.join(', ')}`);
}

function refuseStateFile({ state }: PodsimContext): void {
  if (state !== undefined) throw new PodsimError('scenarios have clusters of their own, which --state and PODSIM_STATE would hide: go without them');
}
