/** Prints scenarios: the list, a task, hints, the solution. */
import Table from 'cli-table3';
import { widthOf } from '../../text/display-width.js';
import { PLAIN_TABLE } from '../table.js';
import { clusterOf } from './contexts.js';
import { cut, padded } from './layout.js';
import type { Scores, Session, Task } from './records.js';
import { pointsOf, type Scenario, type Step } from './scenario.js';
import { elapsed, type Speaker, typed } from './speaker.js';

/** Between columns; the title's place among them. */
const GAP = 3;
const TITLE = 2;

/** The best points of a scenario as `4/6`; '' when it was never checked. */
function bestOf(scores: Scores, id: string): string {
  const [best] = scores.attempts.filter((attempt) => attempt.id === id).sort((a, b) => b.points - a.points);
  return best === undefined ? '' : `${best.points}/${best.of}`;
}

/** A narrow terminal goes without the level, then the time, then the topic; a title that still does not fit is cut. */
export function showList(speaker: Speaker, scenarios: readonly Scenario[], scores: Scores): void {
  const { words, layout } = speaker;
  const columns: readonly (readonly [name: string, cell: (one: Scenario) => string])[] = [
    [words.columns.id, (one) => one.id],
    [words.columns.topic, (one) => one.topic],
    [words.columns.title, (one) => speaker.text(one.title)],
    [words.columns.level, (one) => words.difficulties[one.difficulty]],
    [words.columns.time, (one) => `${one.minutes}m`],
    [words.columns.points, (one) => String(pointsOf(one))],
    [words.columns.best, (one) => bestOf(scores, one.id)],
  ];
  const widths = columns.map(([name, cell]) => Math.max(widthOf(name), ...scenarios.map((one) => widthOf(cell(one)))) + GAP);
  const roomWithout = (left: readonly number[]): number =>
    (speaker.streams.columns ?? Number.POSITIVE_INFINITY) - widths.reduce((sum, width, i) => sum + (i === TITLE || left.includes(i) ? 0 : width), 0) - GAP;
  const left = [[], [3], [3, 4], [1, 3, 4], [1, 3, 4, 5]].find((some) => roomWithout(some) >= Math.min(24, widths[TITLE] ?? 0)) ?? [1, 3, 4, 5, 6];
  const shown = columns.filter((_, i) => !left.includes(i));
  const table = new Table({ ...PLAIN_TABLE, head: shown.map(([name]) => layout.colour.bold(name)) });
  const room = Math.max(8, roomWithout(left));
  table.push(...scenarios.map((one) => shown.map(([name, cell]) => (name === words.columns.title ? cut(cell(one), room) : cell(one)))));
  speaker.say(table.toString().replace(/ +$/gm, ''));
}

/** The task, what it is worth, and what one can do. */
export function showTask(speaker: Speaker, scenario: Scenario, session: Session, now: number): void {
  const { words, layout, say } = speaker;
  const { colour } = layout;
  const { exam } = session;
  const title = `${scenario.id}: ${speaker.text(scenario.title)}`;
  const facts = [words.topics[scenario.topic], words.difficulties[scenario.difficulty], words.points(pointsOf(scenario)), words.minutes(scenario.minutes)];
  const label = exam === undefined ? words.scenario : words.question_(session.current + 1, session.tasks.length);
  const indent = Math.max(widthOf(label), widthOf(words.context)) + 2;
  say(`${colour.bold(padded(label, indent))}${colour.bold(title)}`, `${' '.repeat(indent)}${facts.join(' · ')}`);
  say(`${padded(words.context, indent)}${clusterOf(scenario.id)} ${words.before(session.back)}`);
  if (exam !== undefined && exam.endedAt === undefined) say(`${' '.repeat(indent)}${timeLeft(speaker, exam, now)}`);
  say('', layout.prose(speaker.text(scenario.task)), '', colour.dim(layout.prose(words.mayUse)), '');
  say(...(exam === undefined ? practiceCommands(speaker, scenario, session) : examCommands(speaker)));
}

export function timeLeft({ words }: Speaker, exam: NonNullable<Session['exam']>, now: number): string {
  const left = exam.startedAt + exam.minutes * 60_000 - now;
  return left > 0 ? words.left(elapsed(left), exam.minutes) : words.timeIsUp;
}

function practiceCommands(speaker: Speaker, scenario: Scenario, session: Session): readonly string[] {
  const { commands } = speaker.words;
  const { hints } = session.tasks[session.current] as Task;
  const left = scenario.hints.length - hints;
  return commandLines(speaker, [
    ['check', commands.check],
    ['hint', commands.hint(left, scenario.hints[hints]?.cost ?? 0)],
    ['solution', commands.solution],
    [`start ${scenario.id}`, commands.again],
    ['stop', commands.stop(session.back)],
  ]);
}

function examCommands(speaker: Speaker): readonly string[] {
  const { commands } = speaker.words;
  return commandLines(speaker, [
    ['start next', commands.other],
    ['status', commands.status],
    ['score', commands.score],
  ]);
}

function commandLines({ layout }: Speaker, rows: readonly (readonly [name: string, meaning: string])[]): readonly string[] {
  const names = rows.map(([name]) => `podsim practice ${name}`);
  const width = Math.max(...names.map((name) => name.length));
  return rows.flatMap(([, meaning], i) => {
    const name = `  ${(names[i] as string).padEnd(width)}`;
    const room = layout.width - width - 5;
    // On a narrow terminal the meaning goes below.
    if (room < 24) return [layout.colour.cyan(name.trimEnd()), layout.prose(meaning, 6)];
    const [first = '', ...others] = layout.prose(meaning, layout.width - room).split('\n');
    return [`${layout.colour.cyan(name)}   ${first.trimStart()}`, ...others];
  });
}

export function showHint(speaker: Speaker, scenario: Scenario, number: number, isFree: boolean): void {
  const hint = scenario.hints[number - 1];
  if (hint === undefined) return;
  const title = speaker.words.hint(number, scenario.hints.length, isFree ? 0 : hint.cost);
  speaker.say(speaker.layout.colour.bold(title), speaker.layout.prose(speaker.text(hint.text), 2));
}

export function showSolution(speaker: Speaker, scenario: Scenario): void {
  const { words, layout, say } = speaker;
  const { bold } = layout.colour;
  say(bold(`${words.solutionTitle}: ${speaker.text(scenario.title)}`), '', layout.prose(speaker.text(scenario.solution.explanation)), '');
  for (const { step, note } of scenario.solution.steps) {
    if (note !== undefined) say(layout.colour.dim(layout.prose(speaker.text(note), 4).replace(/^ {4}/gm, '  # ')));
    say(...stepLines(step).map((line, i) => `${i === 0 ? '  $ ' : '  '}${layout.colour.cyan(line)}`));
  }
  say('', bold(words.interviewTitle));
  for (const { question, answer } of scenario.interview)
    say(
      '',
      bold(`${words.question}. `) + layout.prose(speaker.text(question), 3).trimStart(),
      `${words.answer}. ${layout.prose(speaker.text(answer), 3).trimStart()}`,
    );
}

/** As one would type it. */
function stepLines(step: Step): readonly string[] {
  if ('run' in step) return typed(step.run).split('\n');
  if ('advance' in step) return [`sleep ${step.advance / 1000}`];
  if ('files' in step) return fileLines(step.files);
  return typedIn('podsim apply -f -', step.apply);
}

const typedIn = (command: string, text: string): readonly string[] => [`${command} <<'EOF'`, ...text.trimEnd().split('\n'), 'EOF'];

function fileLines(files: Readonly<Record<string, string>>): readonly string[] {
  const directories = [...new Set(Object.keys(files).flatMap((path) => path.match(/^(.+)\//)?.[1] ?? []))];
  return [
    ...(directories.length === 0 ? [] : [`mkdir -p ${directories.join(' ')}`]),
    ...Object.entries(files).flatMap(([path, text]) => typedIn(`cat > ${path}`, text)),
  ];
}
