/** Says of each requirement whether it holds, and by what one sees it. Looks at copies: the learner's cluster is not touched. */
import type { KubeObject } from '../../api/object.js';
import { milliseconds } from '../../api/time.js';
import { CelError, compileCel, fromJson } from '../../cel/cel.js';
import type { Entries } from '../../store/backend/backend.js';
import { parseJsonPath } from '../../text/jsonpath.js';
import { TextError } from '../../text/text-error.js';
import type { CommandRunner, Ran } from './command-runner.js';
import type { Assertion, Check, Matcher, Scenario, Text } from './scenario.js';
import { advance, copyOf, untilNext } from './scene.js';
import { quoted } from './words-of.js';

export interface Finding {
  readonly check: Check;
  readonly holds: boolean;
  /** What should be there. */
  readonly expected: Text;
  /** What is there: a value, or what kubectl says. */
  readonly found: string;
  /** The command that shows it. */
  readonly command: string;
  /** It held only after so much simulated time; 0: at once. */
  readonly after: number;
}

/** All findings, in the order of the scenario. `entries`: the learner's cluster as it is kept. */
export async function inspect({ checks }: Pick<Scenario, 'checks'>, entries: Entries, machine: () => number): Promise<readonly Finding[]> {
  const shared = await copyOf(entries, machine);
  const findings: Finding[] = [];
  for (const check of checks) {
    // Commands may change things and take time, and so does waiting: each such check has a copy of its own.
    const runner = check.within > 0 || check.subject.kind === 'run' ? await copyOf(entries, machine) : shared;
    findings.push(await findingOf(check, runner));
  }
  return findings;
}

/** The first time at which it holds, or how things are when its time is up. */
async function findingOf(check: Check, runner: CommandRunner): Promise<Finding> {
  const start = runner.turn.now();
  for (;;) {
    const finding = { check, ...(await look(check, runner)) };
    const gone = runner.turn.now() - start;
    if (finding.holds) return { ...finding, after: check.within === 0 ? 0 : gone };
    const next = await untilNext(runner.turn);
    if (gone >= check.within) return { ...finding, after: gone };
    await advance(runner.turn, milliseconds(Math.min(Math.max(next ?? check.within, 1), check.within - gone)));
  }
}

type Look = Omit<Finding, 'check' | 'after'>;

async function look(check: Check, runner: CommandRunner): Promise<Look> {
  const { subject, assertion } = check;
  if (subject.kind === 'run') return judgeRun(subject.line, subject.exitCode, assertion, await runner.run(subject.line));
  const get = ['kubectl get', subject.type];
  if (subject.kind === 'object') get.push(subject.name);
  else if (subject.selector !== '') get.push('-l', quoted(subject.selector));
  if (subject.namespace !== 'default') get.push('-n', subject.namespace);
  const ran = await runner.run([...get, '-o json'].join(' '));
  return judgeObject(get.join(' '), assertion, ran);
}

function judgeRun(line: string, exitCode: number | undefined, assertion: Assertion, { code, text }: Ran): Look {
  const matcher = assertion.kind === 'text' ? assertion.matcher : undefined;
  const isCodeRight = exitCode === undefined || code === exitCode;
  const printed = text.trim();
  const words = [
    ...(exitCode === undefined || (exitCode === 0 && matcher !== undefined) ? [] : [same(`exit code ${exitCode}`)]),
    ...(matcher === undefined ? [] : [wanted(matcher)]),
  ];
  return {
    holds: isCodeRight && (matcher === undefined || fits(matcher, printed)),
    expected: joined(words),
    found: isCodeRight && printed !== '' ? printed : `${printed === '' ? '' : `${printed} `}(exit code ${code})`,
    command: line,
  };
}

function judgeObject(get: string, assertion: Assertion, { code, out, text }: Ran): Look {
  const isThere = code === 0;
  const missing = text.trim();
  if (assertion.kind === 'exists') {
    const found = isThere ? namedIn(out) : missing;
    return { holds: isThere === assertion.value, expected: assertion.value ? EXISTS : ABSENT, found, command: get };
  }
  const path = assertion.kind === 'cel' ? assertion.show : assertion.jsonpath;
  const command = `${get} -o jsonpath=${quoted(path)}`;
  const expected = assertion.kind === 'cel' ? assertion.expected : wanted(assertion.matcher as Matcher);
  if (!isThere) return { holds: false, expected, found: missing, command: get };
  const object: unknown = JSON.parse(out);
  const found = resultOf(path, object);
  const holds = assertion.kind === 'cel' ? isTrue(assertion.cel, object) : fits(assertion.matcher as Matcher, found);
  return { holds, expected, found, command };
}

/** `deployment/web`. */
function namedIn(json: string): string {
  const { kind, metadata } = JSON.parse(json) as KubeObject;
  return `${kind.toLowerCase()}/${metadata.name}`;
}

/** What `-o jsonpath` prints; nothing where there is nothing. */
function resultOf(path: string, object: unknown): string {
  try {
    return parseJsonPath(path, { allowMissingKeys: true }).execute(object).trim();
  } catch (error) {
    if (error instanceof TextError) return '';
    throw error;
  }
}

/** An expression that meets what is not there does not hold. */
function isTrue(cel: string, object: unknown): boolean {
  const program = compileCel(cel, ['object']);
  if ('problem' in program) return false;
  try {
    return program.run({ object: fromJson(object) }) === true;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

function fits(matcher: Matcher, text: string): boolean {
  if ('equals' in matcher) return text === matcher.equals;
  if ('oneOf' in matcher) return matcher.oneOf.includes(text);
  if ('contains' in matcher) return text.includes(matcher.contains);
  if ('excludes' in matcher) return !text.includes(matcher.excludes);
  return new RegExp(matcher.matches, 'm').test(text);
}

const EXISTS: Text = { en: 'it exists', ko: '존재함' };
const ABSENT: Text = { en: 'it does not exist', ko: '존재하지 않음' };
const same = (text: string): Text => ({ en: text, ko: text });

function wanted(matcher: Matcher): Text {
  if ('equals' in matcher) return same(matcher.equals);
  if ('oneOf' in matcher) return { en: matcher.oneOf.join(' or '), ko: matcher.oneOf.join(' 또는 ') };
  if ('contains' in matcher) return { en: `output with ${matcher.contains}`, ko: `${matcher.contains} 포함` };
  if ('excludes' in matcher) return { en: `output without ${matcher.excludes}`, ko: `${matcher.excludes} 미포함` };
  return { en: `output that matches /${matcher.matches}/`, ko: `정규식 /${matcher.matches}/ 일치` };
}

const joined = (texts: readonly Text[]): Text => ({
  en: texts.map(({ en }) => en).join(', '),
  ko: texts.map(({ ko }) => ko).join(', '),
});
