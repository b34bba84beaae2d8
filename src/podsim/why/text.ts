/** A diagnosis as text: coloured and folded for a terminal, plain for a pipe. */
import type { ChalkInstance } from 'chalk';
import { widthOf } from '../../text/display-width.js';
import type { Language } from '../language.js';
import type { Diagnosis } from './diagnosis.js';
import type { Cause, Evidence } from './rule.js';

const HEADS: Readonly<Record<Language, Readonly<Record<'cause' | 'evidence' | 'todo' | 'proof', string>>>> = {
  en: { cause: 'Cause', evidence: 'Evidence', todo: 'What to do', proof: 'See for yourself' },
  ko: { cause: '원인', evidence: '근거', todo: '해결 방법', proof: '직접 확인하기' },
};
const SOURCES: Readonly<Record<Evidence['from'], string>> = {
  event: 'Event',
  condition: 'Condition',
  container: 'Container',
  log: 'Log',
  spec: 'Spec',
  object: 'Object',
};
const WIDEST = 100;

export interface Look {
  readonly colour: ChalkInstance;
  /** Of the terminal; undefined: no terminal, evidence is not folded. */
  readonly columns: number | undefined;
  readonly language: Language;
}

export function toText(diagnosis: Diagnosis, look: Look): string {
  const { kind, name, status, meaning, healthy, causes } = diagnosis;
  const { colour } = look;
  const prose = Math.min(look.columns ?? WIDEST, WIDEST);
  const tint = healthy ? colour.green : colour.red;
  const lines = [`${colour.bold(`${kind.toLowerCase()}/${name}`)}  ${tint.bold(status)}`];
  if (meaning !== '') lines.push(...fold(meaning, prose, '  '));
  for (const cause of causes) lines.push('', ...causeLines(cause, diagnosis, look, prose));
  return `${lines.join('\n')}\n`;
}

function causeLines(cause: Cause, { kind, name, causes }: Diagnosis, { colour, columns, language }: Look, prose: number): readonly string[] {
  const heads = HEADS[language];
  const isElsewhere = cause.object !== `${kind.toLowerCase()}/${name}`;
  const where = [isElsewhere ? cause.object : undefined, cause.container === undefined ? undefined : `container ${cause.container}`, more(cause)]
    .filter((part) => part !== undefined)
    .join(', ');
  const isNamed = isElsewhere || (cause.container !== undefined && (causes.length > 1 || cause.container !== name));
  const lines = [`${colour.bold.yellow(heads.cause)}${isNamed ? ` (${where})` : ''}  ${colour.dim(cause.id)}`, ...fold(cause.cause, prose, '  ')];
  if (cause.evidence.length > 0) {
    lines.push(colour.bold(heads.evidence));
    for (const [i, { from, text }] of shortened(cause.evidence).entries()) {
      const label = cause.evidence[i - 1]?.from === from ? '' : SOURCES[from];
      const head = `  ${label.padEnd(11)}`;
      for (const [j, line] of text.split('\n').entries())
        lines.push(...fold(line, columns ?? Number.POSITIVE_INFINITY, j === 0 ? head : ' '.repeat(13), ' '.repeat(13)));
    }
  }
  lines.push(colour.bold(heads.todo), ...fold(cause.todo, prose, '  '), ...cause.fix.map((line) => `    ${colour.cyan(line)}`));
  lines.push(colour.bold(heads.proof), ...cause.proof.map((line) => `    ${colour.cyan(line)}`));
  return lines;
}

/** So long a text is not said twice. */
const LONG = 50;

/** Without what an earlier piece has said already: Events repeat the message of the container. */
function shortened(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.map((one, i) => {
    for (let at = one.text.indexOf(': '); at >= 0; at = one.text.indexOf(': ', at + 1)) {
      const tail = one.text.slice(at + 2);
      if (tail.length >= LONG && evidence.slice(0, i).some((other) => other.text.includes(tail))) return { ...one, text: `${one.text.slice(0, at)}: …` };
    }
    return one;
  });
}

/** Those that have the same cause, by name while they are few. */
function more({ also = [] }: Cause): string | undefined {
  if (also.length === 0) return undefined;
  return also.length <= 3 ? `also ${also.join(', ')}` : `also ${also.slice(0, 2).join(', ')} and ${also.length - 2} more`;
}

/** Folds at blanks; words longer than a line stay whole. `head` begins the first line, `indent` the others. */
export function fold(text: string, columns: number, head: string, indent: string = head): readonly string[] {
  const lines: string[] = [];
  let line = head;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
