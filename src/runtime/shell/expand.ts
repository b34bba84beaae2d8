/**
 * Word expansion, in POSIX's order: tilde, parameters, command substitution, arithmetic, field splitting, pathnames, quote
 * removal. It may need the output of a command that has not run yet: then it throws {@link NeedsCommand}, the machine runs the
 * command, and the expansion is done again with one more answer in its memo. Assignments it makes count only when it succeeds.
 */
import { binaryOf, byteLength } from '../../api/bytes.js';
import { FileError, type Files } from '../process.js';
import { ArithmeticError, evaluateArithmetic, type Variables } from './arithmetic.js';
import type { Parser, Word, WordPart } from './ast.js';
import { hasPattern, patternRegExp, quotePattern, unquotePattern } from './pattern.js';
import type { ShellProcess, Variable } from './state.js';

/** The expansion waits for the output of this source text; `operator`: for the name of a pipe that it reads or writes. */
export class NeedsCommand extends Error {
  constructor(
    readonly source: string,
    readonly operator?: '<' | '>',
  ) {
    super('needs a command');
  }
}

/** The expansion failed (`${x:?}`, set -u, bad substitution): the message without the shell's name. */
export class ExpansionError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export interface Expansion {
  readonly shell: ShellProcess;
  readonly pid: number;
  readonly cwd: string;
  readonly files: Files;
  readonly parser: Parser;
  /** `${#x}` counts bytes. */
  readonly isBytewise: boolean;
  /** Values of dynamic variables ($RANDOM, $SECONDS, $LINENO …); undefined: an ordinary one. */
  dynamic(name: string): string | undefined;
  /** Answers of the command substitutions met so far, in order. */
  readonly memo: readonly string[];
  /** How many of the memo have been used in this run. */
  used: number;
  /** Variables assigned by this expansion, not yet in effect. */
  readonly assigned: Record<string, string>;
}

type Piece = { readonly text: string; readonly mode: 'plain' | 'quoted' | 'split' } | 'break' | 'empty';

export function getVariable(x: Expansion, name: string): string | undefined {
  if (Object.hasOwn(x.assigned, name)) return x.assigned[name];
  const { shell } = x;
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.args.length);
    case '$':
      return String(x.pid);
    case '!':
      return shell.bang === undefined ? undefined : String(shell.bang);
    case '0':
      return shell.name;
    case '-':
      return flagsOf(shell);
    case '*':
    case '@':
      return shell.args.length === 0 ? undefined : shell.args.join(' ');
    default:
      if (/^\d+$/.test(name)) return shell.args[Number(name) - 1];
      return x.dynamic(name) ?? variableValue(shell.vars, name);
  }
}

/** `$-`: bash sorts its letters and has h and B on; c says that the commands came with -c. */
function flagsOf(shell: ShellProcess): string {
  const own = Object.keys(shell.options).filter((option) => option.length === 1 && shell.options[option] === true);
  if (shell.flavour === 'dash') return own.join('');
  const always = shell.flavour === 'bash' ? ['h', 'B'] : [];
  const order = shell.flavour === 'bash' ? 'abefhiklmnprtuvxBCEHPTc' : 'cefhiklmnprtuvxaC';
  return [...order].filter((letter) => own.includes(letter) || always.includes(letter) || (letter === 'c' && shell.command === true)).join('');
}

function variableValue(vars: Readonly<Record<string, Variable>>, given: string): string | undefined {
  const [, name = '', index = '0'] = /^([^[]*)(?:\[(.*)\])?$/s.exec(referent(vars, given)) ?? [];
  const variable = Object.hasOwn(vars, name) ? vars[name] : undefined;
  if (variable === undefined) return undefined;
  return variable.list === undefined ? (index === '0' ? variable.value : undefined) : variable.list[index];
}

/** Which element of an array a subscript names: a number, from the end if it is negative; of an associative array a text. */
export function subscriptOf(variable: Variable | undefined, index: string, x: Expansion): string {
  if (variable?.map !== true) {
    const n = Number(arithmetic(index, x));
    return String(n < 0 ? Math.max(-1, ...Object.keys(variable?.list ?? {}).map(Number)) + 1 + n : n);
  }
  if (!/["'$`\\]/.test(index)) return index;
  const command = x.parser(`: ${/\s/.test(index) && !/["']/.test(index) ? `"${index}"` : index}`).root.commands[0]?.command;
  const word = command?.type === 'Command' ? command.suffix[0] : undefined;
  return word?.type === 'Word' ? expandString(word, x) : index;
}

/** What a name stands for: of a reference (`declare -n`) what it names, which may be an array's element. */
export function referent(vars: Readonly<Record<string, Variable>>, name: string): string {
  let at = name;
  for (let i = 0; i < 8 && Object.hasOwn(vars, at) && vars[at]?.ref === true && vars[at]?.value !== ''; i += 1) at = (vars[at] as Variable).value;
  return at;
}

/** An array's elements in the order bash has them: by number, or as its hash table keeps names (assoc.c: 1024 buckets; hashlib.c: FNV-1). */
export function elementsOf({ list = {}, map }: Variable): readonly (readonly [string, string])[] {
  const entries = Object.entries(list);
  if (map !== true) return entries;
  const bucketOf = (key: string): number => {
    let hash = 2_166_136_261;
    for (const byte of binaryOf(key)) hash = (Math.imul(hash, 16_777_619) ^ byte.charCodeAt(0)) >>> 0;
    return hash & 1023;
  };
  return entries
    .map((entry) => ({ entry, bucket: bucketOf(entry[0]) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry);
}

const ifsOf = (x: Expansion): string => getVariable(x, 'IFS') ?? ' \t\n';

/** All fields of a command's words. */
export function expandWords(words: readonly Word[], x: Expansion): string[] {
  return words.flatMap((word) => expandFields(word, x));
}

export function expandFields(word: Word, x: Expansion): string[] {
  if (x.shell.flavour === 'bash' && word.parts?.some((part) => part.type === 'BraceExpansion')) {
    return expandBraces(word.text).flatMap((text) => {
      const command = x.parser(`: ${text}`).root.commands[0]?.command;
      const again = command?.type === 'Command' ? command.suffix[0] : undefined;
      return again?.type === 'Word' ? fields(again, x) : [text];
    });
  }
  return fields(word, x);
}

function fields(word: Word, x: Expansion): string[] {
  const found = assemble(pieces(word, x, 'word'), ifsOf(x));
  if (x.shell.options['f'] === true) return found.map(unquotePattern);
  return found.flatMap((pattern) => (hasPattern(pattern) ? (glob(pattern, x) ?? [unquotePattern(pattern)]) : [unquotePattern(pattern)]));
}

/** One string: assignments, redirection targets, here-documents, case words. No splitting, no pathnames. */
export function expandString(word: Word, x: Expansion): string {
  return unquotePattern(joinPieces(pieces(word, x, 'assignment'), x));
}

/** A pattern (case, `${x#…}`, `[[ == ]]`): what was quoted is escaped. */
export function expandPattern(word: Word, x: Expansion): string {
  return joinPieces(pieces(word, x, 'pattern'), x);
}

/** A word as a regular expression: what is quoted in it stands for itself. */
export function expandRegExp(word: Word, x: Expansion): string {
  return pieces(word, x, 'pattern')
    .map((piece) =>
      piece === 'break' ? ' ' : piece === 'empty' ? '' : piece.mode === 'quoted' ? piece.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : piece.text,
    )
    .join('');
}

export function expandParts(parts: readonly WordPart[], x: Expansion): string {
  return unquotePattern(
    joinPieces(
      parts.flatMap((part) => quotedPieces(part, x)),
      x,
    ),
  );
}

function joinPieces(list: readonly Piece[], x: Expansion): string {
  let out = '';
  for (const piece of list) {
    if (piece === 'break') out += quotePattern((ifsOf(x)[0] ?? '') === '' ? '' : ' ');
    else if (piece !== 'empty')
      out += piece.mode === 'quoted' ? quotePattern(piece.text) : piece.mode === 'split' ? piece.text.replace(/\\/g, '\\\\') : piece.text;
  }
  return out;
}

function pieces(word: Word, x: Expansion, use: 'word' | 'assignment' | 'pattern'): Piece[] {
  const parts: readonly WordPart[] = word.parts ?? [{ type: 'Literal', text: word.text, value: word.value, pos: word.pos, end: word.end }];
  return parts.flatMap((part, i) => partPieces(part, x, i === 0, use));
}

function literalPieces(text: string): Piece[] {
  const out: Piece[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] !== '\\') {
      plain += text[i];
      continue;
    }
    i += 1;
    if (text[i] === '\n') continue;
    if (plain !== '') out.push({ text: plain, mode: 'plain' });
    plain = '';
    out.push({ text: i < text.length ? (text[i] as string) : '\\', mode: 'quoted' });
  }
  if (plain !== '') out.push({ text: plain, mode: 'plain' });
  return out;
}

function partPieces(part: WordPart, x: Expansion, first: boolean, use: 'word' | 'assignment' | 'pattern'): Piece[] {
  switch (part.type) {
    case 'Literal': {
      if (!part.text.includes('~')) return literalPieces(part.text);
      let text = part.text;
      let tilde: Piece[] = [];
      const match = first ? /^~([A-Za-z_][\w-]*)?(?=\/|$|:)/.exec(text) : null;
      if (match) {
        tilde = [{ text: home(match[1], x), mode: 'quoted' }];
        text = text.slice(match[0].length);
      }
      if (use === 'assignment') text = text.replace(/:~(?=\/|$|:)/g, () => `:${home(undefined, x)}`);
      return [...tilde, ...literalPieces(text)];
    }
    case 'Glob': {
      // `[$x]`: the parser takes brackets whole, what stands in them is expanded all the same.
      if (!/^\[.*[$`'"\\]/s.test(part.text)) return [{ text: part.text, mode: 'plain' }];
      const inner = part.text.endsWith(']') ? part.text.slice(1, -1) : part.text.slice(1);
      const command = x.parser(`: x${inner}`).root.commands[0]?.command;
      const word = command?.type === 'Command' && command.suffix.length === 1 ? command.suffix[0] : undefined;
      if (word?.type !== 'Word') return [{ text: part.text, mode: 'plain' }];
      const found = pieces(word, x, use);
      const first = found[0];
      const rest = typeof first === 'object' ? [{ ...first, text: first.text.slice(1) }, ...found.slice(1)] : found;
      return [{ text: '[', mode: 'plain' }, ...rest, ...(part.text.endsWith(']') ? [{ text: ']', mode: 'plain' } as const] : [])];
    }
    case 'ExtendedGlob':
      return x.shell.flavour === 'bash' ? [{ text: part.text, mode: 'plain' }] : literalPieces(part.text);
    case 'BraceExpansion':
      return literalPieces(part.text);
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      if (part.type === 'AnsiCQuoted' && x.shell.flavour === 'dash') return [{ text: `$${part.text.slice(2, -1)}`, mode: 'quoted' }];
      return part.value === '' ? ['empty'] : [{ text: part.value, mode: 'quoted' }];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = part.parts.flatMap((child) => quotedPieces(child, x));
      const onlyArguments = part.parts.length === 1 && inner.length === 0 && /^\$\{?@\}?$/.test(part.parts[0]?.text ?? '');
      return inner.length === 0 && !onlyArguments ? ['empty'] : inner;
    }
    case 'ProcessSubstitution':
      return [{ text: answerTo(part.text.slice(2, -1), x, part.operator), mode: 'quoted' }];
    default:
      return expansionPieces(part, x, false);
  }
}

/** Inside double quotes (and here-documents). */
function quotedPieces(part: WordPart, x: Expansion): Piece[] {
  switch (part.type) {
    case 'Literal':
      return part.value === '' ? [] : [{ text: part.value, mode: 'quoted' }];
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
      return expansionPieces(part, x, true);
    default:
      return [{ text: part.text, mode: 'quoted' }];
  }
}

function home(user: string | undefined, x: Expansion): string {
  if (user === undefined) return getVariable(x, 'HOME') ?? '/root';
  return user === 'root' ? '/root' : `~${user}`;
}

function expansionPieces(
  part: Extract<WordPart, { type: 'SimpleExpansion' | 'ParameterExpansion' | 'CommandExpansion' | 'ArithmeticExpansion' }>,
  x: Expansion,
  quoted: boolean,
): Piece[] {
  const piece = (text: string): Piece[] => (quoted ? (text === '' ? ['empty'] : [{ text, mode: 'quoted' }]) : [{ text, mode: 'split' }]);
  switch (part.type) {
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      if (name === '@' || name === '*') return argumentPieces(name, x.shell.args, x, quoted);
      return piece(checked(name, getVariable(x, name), x));
    }
    case 'ParameterExpansion':
      return parameterPieces(part, x, quoted, piece);
    case 'CommandExpansion':
      return piece(answerTo(substitutionSource(part), x));
    case 'ArithmeticExpansion': {
      const inner = /^\$\(\(([\s\S]*)\)\)$/.exec(part.text)?.[1] ?? /^\$\[([\s\S]*)\]$/.exec(part.text)?.[1] ?? '';
      return piece(String(arithmetic(inner, x)));
    }
  }
}

function answerTo(source: string, x: Expansion, operator?: '<' | '>'): string {
  const answer = x.memo[x.used];
  if (answer === undefined) throw new NeedsCommand(source, operator);
  x.used += 1;
  return answer;
}

function substitutionSource(part: Extract<WordPart, { type: 'CommandExpansion' }>): string {
  const script = part.script as { readonly source?: string } | undefined;
  if (script?.source !== undefined) return script.source;
  if (part.text.startsWith('`')) return part.text.slice(1, -1).replace(/\\([`\\$])/g, '$1');
  return part.text.slice(2, -1);
}

/** Expands and evaluates the text of `$((…))`. */
export function arithmetic(source: string, x: Expansion): bigint {
  let text = source;
  if (/[$`"'\\]/.test(source)) {
    const tree = x.parser(`: "${source.replace(/"/g, '')}"`).root.commands[0]?.command;
    const word = tree?.type === 'Command' ? tree.suffix[0] : undefined;
    if (word?.type === 'Word') text = expandString(word, x);
  }
  try {
    // C has no powers, and dash knows no more than C.
    if (x.shell.flavour === 'dash' && text.includes('**')) throw new ArithmeticError('operand expected');
    return evaluateArithmetic(text, variablesOf(x));
  } catch (error) {
    // The message names the whole expression.
    throw error instanceof ArithmeticError && !error.message.includes('\n') ? new ArithmeticError(`${error.message}\n${text.trim()}`) : error;
  }
}

function variablesOf(x: Expansion): Variables {
  return {
    get: (name) => {
      const element = /^(\w+)\[(.*)\]$/.exec(name);
      if (element) return x.shell.vars[element[1] as string]?.list?.[subscriptOf(x.shell.vars[element[1] as string], element[2] as string, x)];
      const value = getVariable(x, name);
      if (x.shell.flavour === 'dash' && value !== undefined && !/^\s*[-+]?(0[xX][0-9a-fA-F]+|\d*)\s*$/.test(value))
        throw new ExpansionError(`Illegal number: ${value}`, 2);
      if (value === undefined && x.shell.options['u'] === true) throw new ExpansionError(unset(name, x));
      return value;
    },
    set: (name, value) => {
      if (x.shell.vars[name]?.readonly === true) throw new ExpansionError(readOnly(name, x), 2);
      x.assigned[name] = value;
    },
  };
}

/** What a shell ends with when an expansion fails: bash's own 127, but 1 in a subshell and under `set -e`. */
const failedStatus = ({ shell }: Expansion): number => (shell.flavour !== 'bash' ? 2 : shell.sub || shell.options['e'] === true ? 1 : 127);

const unset = (name: string, x: Expansion): string => (x.shell.flavour === 'bash' ? `${name}: unbound variable` : `${name}: parameter not set`);
const readOnly = (name: string, x: Expansion): string => (x.shell.flavour === 'bash' ? `${name}: readonly variable` : `${name}: is read only`);

function checked(name: string, value: string | undefined, x: Expansion): string {
  if (value === undefined && x.shell.options['u'] === true && name !== '@' && name !== '*') throw new ExpansionError(unset(name, x), failedStatus(x));
  return value ?? '';
}

function argumentPieces(name: string, values: readonly string[], x: Expansion, quoted: boolean): Piece[] {
  if (values.length === 0) return quoted && name === '*' ? ['empty'] : [];
  if (quoted && name === '*') return [{ text: values.join(ifsOf(x).slice(0, 1)), mode: 'quoted' }];
  const out: Piece[] = [];
  values.forEach((value, i) => {
    if (i > 0) out.push('break');
    if (value === '') out.push(...(quoted ? (['empty'] as const) : []));
    else out.push({ text: value, mode: quoted ? 'quoted' : 'split' });
  });
  return out;
}

function parameterPieces(part: Extract<WordPart, { type: 'ParameterExpansion' }>, x: Expansion, quoted: boolean, piece: (text: string) => Piece[]): Piece[] {
  let name = part.parameter;
  const { shell } = x;
  const bad = (): ExpansionError =>
    new ExpansionError(
      shell.flavour === 'bash' ? `${part.text}: bad substitution` : shell.flavour === 'ash' ? 'syntax error: bad substitution' : 'Bad substitution',
      shell.flavour === 'bash' ? 1 : 2,
    );
  if (name === '' || part.operation?.type === 'Unknown') throw bad();
  const index = part.index === undefined ? undefined : part.index.text;
  if (index !== undefined && shell.flavour !== 'bash') throw bad();
  const isReference = shell.vars[name]?.ref === true;
  if (isReference && part.operation?.type !== 'Names') name = referent(shell.vars, name);
  const variable = index === undefined ? undefined : shell.vars[name];
  const elements = variable === undefined ? [] : variable.list === undefined ? [['0', variable.value] as const] : elementsOf(variable);
  const list = index === undefined ? undefined : (variable?.list ?? Object.fromEntries(elements));
  if (part.prefix === '!' && part.operation?.type !== 'Names') {
    if (shell.flavour !== 'bash') throw bad();
    if (index === '@' || index === '*')
      return argumentPieces(
        index,
        elements.map(([key]) => key),
        x,
        quoted,
      );
    if (isReference) return piece(name);
    name = getVariable(x, name) ?? '';
    if (name === '') throw new ExpansionError(`${part.parameter}: invalid indirect expansion`);
  }
  if (part.operation?.type === 'Names') {
    const names = Object.keys(shell.vars)
      .filter((candidate) => candidate.startsWith(part.parameter))
      .sort();
    return argumentPieces(part.operation.operator, names, x, quoted);
  }
  const many =
    list !== undefined && (index === '@' || index === '*')
      ? { how: index, values: elements.map(([, value]) => value) }
      : name === '@' || name === '*'
        ? { how: name, values: shell.args }
        : undefined;
  if (part.prefix === '#') {
    // bash counts the parameters; dash and ash measure them.
    if (many) return piece(String(shell.flavour === 'bash' ? many.values.length : [...many.values.join(' ')].length));
    const value = list !== undefined ? list[subscriptOf(shell.vars[name], index as string, x)] : getVariable(x, name);
    const text = checked(name, value, x);
    return piece(String(x.isBytewise ? byteLength(text) : [...text].length));
  }
  const value = many
    ? many.values.length === 0
      ? undefined
      : many.values.join(' ')
    : list !== undefined
      ? list[subscriptOf(shell.vars[name], index as string, x)]
      : getVariable(x, name);
  const operation = part.operation;
  if (operation === undefined) {
    if (many) return argumentPieces(many.how, many.values, x, quoted);
    return piece(checked(name, value, x));
  }
  const each = (change: (text: string) => string): Piece[] => {
    if (many) return argumentPieces(many.how, many.values.map(change), x, quoted);
    return piece(change(checked(name, value, x)));
  };
  switch (operation.type) {
    case 'Default': {
      const colon = operation.operator.startsWith(':');
      const missing = value === undefined || (colon && value === '');
      const operand = (): Piece[] =>
        quoted
          ? operandQuoted(operation.operand, x)
          : pieces(operation.operand, x, 'word').map((p) => (typeof p === 'object' && p.mode === 'plain' ? { text: p.text, mode: 'split' as const } : p));
      switch (operation.operator.slice(-1)) {
        case '-':
          return missing ? operand() : many ? argumentPieces(many.how, many.values, x, quoted) : piece(value as string);
        case '+':
          return missing ? (quoted ? ['empty'] : []) : operand();
        case '=': {
          if (!missing) return piece(value as string);
          if (!/^[A-Za-z_]\w*$/.test(name)) throw new ExpansionError(`${shell.flavour === 'bash' ? '$' : ''}${name}: cannot assign in this way`);
          const text = expandString(operation.operand, x);
          x.assigned[name] = text;
          return piece(text);
        }
        default: {
          if (!missing) return piece(value as string);
          const text = expandString(operation.operand, x);
          throw new ExpansionError(
            `${name}: ${text === '' ? (shell.flavour === 'bash' ? 'parameter null or not set' : `parameter not set${colon ? ' or null' : ''}`) : text}`,
            failedStatus(x),
          );
        }
      }
    }
    case 'Remove': {
      const pattern = expandPattern(operation.operand, x);
      return each((text) => removePattern(text, operation.operator, pattern));
    }
    case 'Replace': {
      if (shell.flavour === 'dash') throw bad();
      const pattern = expandPattern(operation.pattern, x);
      const replacement = operation.replacement === undefined ? '' : expandString(operation.replacement, x);
      return each((text) => replacePattern(text, operation.operator, pattern, replacement));
    }
    case 'Slice': {
      if (shell.flavour === 'dash') throw bad();
      const offset = Number(arithmetic(operation.offset.text, x));
      const length = operation.length === undefined ? undefined : Number(arithmetic(operation.length.text, x));
      if (many) {
        const all = name === '@' || name === '*' ? [shell.name, ...shell.args] : [...many.values];
        const from = offset < 0 ? all.length + offset : offset;
        return argumentPieces(many.how, all.slice(from, length === undefined ? undefined : from + length).slice(0), x, quoted);
      }
      return each((text) => {
        const from = offset < 0 ? Math.max(0, text.length + offset) : offset;
        if (offset < 0 && text.length + offset < 0) return '';
        if (length === undefined) return text.slice(from);
        return length < 0 ? text.slice(from, Math.max(from, text.length + length)) : text.slice(from, from + length);
      });
    }
    case 'CaseModification': {
      if (shell.flavour !== 'bash') throw bad();
      const pattern = operation.operand === undefined ? /^[\s\S]$/u : patternRegExp(expandPattern(operation.operand, x));
      const up = operation.operator.startsWith('^');
      const all = operation.operator.length === 2;
      return each((text) =>
        [...text].map((char, i) => ((all || i === 0) && pattern.test(char) ? (up ? char.toUpperCase() : char.toLowerCase()) : char)).join(''),
      );
    }
    case 'Transform': {
      if (shell.flavour !== 'bash') throw bad();
      switch (operation.operand.text) {
        case 'Q':
          return each((text) => `'${text.replace(/'/g, `'\\''`)}'`);
        case 'U':
          return each((text) => text.toUpperCase());
        case 'L':
          return each((text) => text.toLowerCase());
        case 'u':
          return each((text) => text.slice(0, 1).toUpperCase() + text.slice(1));
        default:
          return each((text) => text);
      }
    }
    default:
      throw bad();
  }
}

/** The operand of `"${x:-…}"`: expanded as inside the quotes, its own quotes removed. */
function operandQuoted(word: Word, x: Expansion): Piece[] {
  const text = expandString(word, x);
  return text === '' ? ['empty'] : [{ text, mode: 'quoted' }];
}

function removePattern(text: string, operator: string, pattern: string): string {
  const shortest = operator.length === 1;
  if (operator.startsWith('#')) {
    const match = patternRegExp(pattern, { anchor: 'start', shortest }).exec(text);
    return match ? text.slice(match[0].length) : text;
  }
  const whole = patternRegExp(pattern);
  if (shortest) {
    for (let i = text.length; i >= 0; i -= 1) if (whole.test(text.slice(i))) return text.slice(0, i);
  } else for (let i = 0; i <= text.length; i += 1) if (whole.test(text.slice(i))) return text.slice(0, i);
  return text;
}

function replacePattern(text: string, operator: string, pattern: string, replacement: string): string {
  if (pattern === '') return text;
  if (operator === '/#') return text.replace(patternRegExp(pattern, { anchor: 'start' }), () => replacement);
  if (operator === '/%') return text.replace(patternRegExp(pattern, { anchor: 'end' }), () => replacement);
  const source = patternRegExp(pattern).source.replace(/^\^/, '').replace(/\$$/, '');
  return text.replace(new RegExp(source, operator === '//' ? 'gu' : 'u'), (match) => (match === '' ? '' : replacement));
}

/** Pieces → fields, as patterns (quoted characters escaped). */
function assemble(list: readonly Piece[], ifs: string): string[] {
  const out: string[] = [];
  let current = '';
  let open = false;
  const close = (): void => {
    if (open) out.push(current);
    current = '';
    open = false;
  };
  const white = [...ifs].filter((char) => ' \t\n'.includes(char)).join('');
  // POSIX 2.6.5: IFS white space runs separate; another IFS character with white space around it separates, also empty fields.
  let pendingWhite = false;
  for (const piece of list) {
    if (piece === 'break') {
      close();
      pendingWhite = false;
      continue;
    }
    if (piece === 'empty') {
      if (pendingWhite) close();
      pendingWhite = false;
      open = true;
      continue;
    }
    if (piece.mode !== 'split') {
      if (pendingWhite) close();
      pendingWhite = false;
      open = true;
      current += piece.mode === 'quoted' ? quotePattern(piece.text) : piece.text;
      continue;
    }
    for (const char of piece.text) {
      if (ifs.includes(char) && ifs !== '') {
        if (white.includes(char)) {
          if (open) pendingWhite = true;
        } else if (pendingWhite) {
          // White space before a hard separator belongs to it.
          close();
          pendingWhite = false;
        } else {
          open = true;
          close();
        }
        continue;
      }
      if (pendingWhite) close();
      pendingWhite = false;
      open = true;
      current += char === '\\' ? '\\\\' : char;
    }
  }
  close();
  return out;
}

/** Pathname expansion; undefined when nothing matches. */
function glob(pattern: string, x: Expansion): string[] | undefined {
  const absolute = pattern.startsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  let bases: { readonly shown: string; readonly path: string }[] = [{ shown: absolute ? '/' : '', path: absolute ? '/' : x.cwd }];
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    bases = bases.flatMap(({ shown, path }) => {
      const join = (base: string, name: string): string => (base.endsWith('/') || base === '' ? `${base}${name}` : `${base}/${name}`);
      if (!hasPattern(segment)) {
        const name = unquotePattern(segment);
        const at = name === '.' ? path : name === '..' ? path.replace(/\/[^/]*$/, '') || '/' : join(path, name);
        return x.files.stat(at) === undefined ? [] : [{ shown: join(shown, name), path: at }];
      }
      const expression = patternRegExp(segment, { path: true });
      let names: readonly string[];
      try {
        names = x.files.list(path);
      } catch (error) {
        if (error instanceof FileError) return [];
        throw error;
      }
      return names
        .filter((name) => (!name.startsWith('.') || segment.startsWith('.')) && expression.test(name))
        .filter((name) => last || x.files.stat(join(path, name))?.type === 'directory')
        .map((name) => ({ shown: join(shown, name), path: join(path, name) }));
    });
  });
  if (bases.length === 0) return undefined;
  const directory = pattern.endsWith('/');
  return bases
    .filter(({ path }) => !directory || x.files.stat(path)?.type === 'directory')
    .map(({ shown }) => (directory ? `${shown}/` : shown))
    .sort();
}

/** bash brace expansion on a word's source text. */
function expandBraces(text: string): string[] {
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\\') i += 1;
    else if (char === "'" || char === '"') {
      const end = text.indexOf(char, i + 1);
      if (end < 0) return [text];
      i = end;
    } else if (char === '$' && text[i + 1] === '{') {
      i = text.indexOf('}', i);
      if (i < 0) return [text];
    } else if (char === '{') {
      const group = braceGroup(text, i);
      if (group === undefined) continue;
      const before = text.slice(0, i);
      const tails = expandBraces(text.slice(group.end + 1));
      return group.items.flatMap((item) => tails.map((tail) => `${before}${item}${tail}`));
    }
  }
  return [text];
}

function braceGroup(text: string, open: number): { readonly items: readonly string[]; readonly end: number } | undefined {
  let depth = 0;
  const commas: number[] = [];
  for (let i = open; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\\') i += 1;
    else if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) commas.push(i);
    else if (char === '}') {
      depth -= 1;
      if (depth > 0) continue;
      if (commas.length > 0) {
        const cuts = [open, ...commas, i];
        return { items: cuts.slice(1).flatMap((cut, k) => expandBraces(text.slice((cuts[k] as number) + 1, cut))), end: i };
      }
      const items = sequence(text.slice(open + 1, i));
      return items === undefined ? undefined : { items, end: i };
    }
  }
  return undefined;
}

function sequence(body: string): string[] | undefined {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(body);
  if (numbers) {
    const from = Number(numbers[1]);
    const to = Number(numbers[2]);
    const step = Math.max(1, Math.abs(Number(numbers[3] ?? 1)));
    const width =
      /^-?0\d/.test(numbers[1] as string) || /^-?0\d/.test(numbers[2] as string) ? Math.max((numbers[1] as string).length, (numbers[2] as string).length) : 0;
    const out: string[] = [];
    for (let i = from; from <= to ? i <= to : i >= to; i += from <= to ? step : -step) {
      if (out.length > 100_000) break;
      out.push(i < 0 ? `-${String(-i).padStart(width - 1, '0')}` : String(i).padStart(width, '0'));
    }
    return out;
  }
  const letters = /^([A-Za-z])\.\.([A-Za-z])$/.exec(body);
  if (!letters) return undefined;
  const from = (letters[1] as string).charCodeAt(0);
  const to = (letters[2] as string).charCodeAt(0);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String.fromCharCode(from <= to ? from + i : from - i));
}

/** A field split as `read` splits a line: into at most `count` parts, the last keeps the rest. */
export function splitForRead(line: string, count: number, ifs: string, raw: boolean): string[] {
  const white = [...ifs].filter((char) => ' \t\n'.includes(char)).join('');
  const chars: { readonly char: string; readonly escaped: boolean }[] = [];
  for (let i = 0; i < line.length; i += 1) {
    if (!raw && line[i] === '\\' && i + 1 < line.length) {
      i += 1;
      if (line[i] !== '\n') chars.push({ char: line[i] as string, escaped: true });
    } else if (raw || line[i] !== '\\') chars.push({ char: line[i] as string, escaped: false });
  }
  const isSeparator = (k: number): boolean =>
    chars[k] !== undefined && !(chars[k] as { escaped: boolean }).escaped && ifs.includes((chars[k] as { char: string }).char);
  const isWhite = (k: number): boolean => isSeparator(k) && white.includes((chars[k] as { char: string }).char);
  const out: string[] = [];
  let at = 0;
  let end = chars.length;
  while (isWhite(at)) at += 1;
  while (end > at && isWhite(end - 1)) end -= 1;
  while (out.length < count - 1 && at < end) {
    let text = '';
    while (at < end && !isSeparator(at)) text += (chars[at++] as { char: string }).char;
    out.push(text);
    while (at < end && isWhite(at)) at += 1;
    if (at < end && isSeparator(at)) {
      at += 1;
      while (at < end && isWhite(at)) at += 1;
    }
  }
  if (at < end) {
    let rest = chars
      .slice(at, end)
      .map(({ char }) => char)
      .join('');
    // One trailing hard separator ends the last field and is dropped when nothing follows it.
    const hard = chars.slice(at, end).filter((_, k) => isSeparator(at + k) && !isWhite(at + k));
    if (hard.length === 1 && isSeparator(end - 1)) rest = rest.slice(0, -1);
    out.push(rest);
  }
  while (out.length < count) out.push('');
  return out;
}

export { ArithmeticError };
