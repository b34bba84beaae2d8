/** One entry of a scenario's `checks`. */
import { compileCel } from '../../cel/cel.js';
import { parseJsonPath } from '../../text/jsonpath.js';
import { TextError } from '../../text/text-error.js';
import { type Fields, ScenarioError } from './fields.js';
import type { Assertion, Check, Matcher, Subject } from './scenario.js';
import { wordsOf } from './words-of.js';

const MATCHERS = ['equals', 'oneOf', 'contains', 'excludes', 'matches'] as const;

/** Reads all members of the map that a check may have. Throws ScenarioError. */
export function decodeCheck(fields: Fields): Check {
  const subject = decodeSubject(fields);
  return {
    text: fields.ownText(),
    points: fields.optionalNumber('points') ?? 1,
    isGuard: fields.optionalBoolean('guard') ?? false,
    subject,
    assertion: decodeAssertion(fields, subject),
    within: fields.has('within') ? fields.duration('within') : (0 as Check['within']),
  };
}

function decodeSubject(fields: Fields): Subject {
  const kind = fields.only(['object', 'list', 'run'] as const);
  if (kind === 'run') {
    const line = fields.string('run');
    if (wordsOf(line)[0] !== 'kubectl') throw new ScenarioError(fields.at('run'), 'must begin with kubectl');
    return { kind, line, exitCode: fields.optionalBoolean('anyExitCode') === true ? undefined : (fields.optionalNumber('exitCode') ?? 0) };
  }
  const namespace = fields.optionalString('namespace') ?? 'default';
  if (kind === 'list') return { kind, type: fields.string('list'), selector: fields.optionalString('selector') ?? '', namespace };
  const [type = '', name = '', ...rest] = fields.string('object').split('/');
  if (type === '' || name === '' || rest.length > 0) throw new ScenarioError(fields.at('object'), 'must be TYPE/NAME');
  return { kind, type, name, namespace };
}

function decodeAssertion(fields: Fields, subject: Subject): Assertion {
  if (subject.kind === 'run') return { kind: 'text', jsonpath: '', matcher: decodeMatcher(fields) };
  const kind = fields.only(['exists', 'jsonpath', 'cel'] as const);
  if (kind === 'exists') return { kind, value: fields.boolean('exists') };
  if (kind === 'jsonpath') {
    const matcher = decodeMatcher(fields);
    if (matcher === undefined) throw new ScenarioError(fields.at('jsonpath'), `needs one of ${MATCHERS.join(', ')}`);
    return { kind: 'text', jsonpath: jsonPath(fields, 'jsonpath'), matcher };
  }
  const cel = fields.string('cel').trim();
  const program = compileCel(cel, ['object']);
  if ('problem' in program) throw new ScenarioError(fields.at('cel'), program.problem);
  return { kind, cel, show: jsonPath(fields, 'show'), expected: fields.textOrValue('expected') };
}

function decodeMatcher(fields: Fields): Matcher | undefined {
  if (!MATCHERS.some((name) => fields.has(name))) return undefined;
  const kind = fields.only(MATCHERS);
  if (kind === 'oneOf') return { oneOf: fields.strings(kind) };
  const value = fields.string(kind);
  if (kind === 'equals') return { equals: value };
  if (kind === 'contains') return { contains: value };
  if (kind === 'excludes') return { excludes: value };
  try {
    new RegExp(value);
  } catch (error) {
    throw new ScenarioError(fields.at(kind), (error as Error).message);
  }
  return { matches: value };
}

function jsonPath(fields: Fields, name: string): string {
  const text = fields.string(name);
  try {
    parseJsonPath(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new ScenarioError(fields.at(name), error.message);
  }
  return text;
}
