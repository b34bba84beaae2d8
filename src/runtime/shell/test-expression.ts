/** `test`, `[` and `[[`: conditions over strings, numbers and the simulated files. */
import type { TestExpression } from 'unbash';
import { arithmetic, type Expansion, expandPattern, expandRegExp, expandString } from './expand.js';
import { descriptorOf } from './kernel.js';
import { patternRegExp } from './pattern.js';
import { posixRegExp } from './programs/regex.js';
import type { Shell } from './shell.js';

const UNARY = new Set([
  '-e',
  '-f',
  '-d',
  '-s',
  '-r',
  '-w',
  '-x',
  '-L',
  '-h',
  '-z',
  '-n',
  '-b',
  '-c',
  '-p',
  '-S',
  '-t',
  '-g',
  '-u',
  '-k',
  '-O',
  '-G',
  '-a',
  '-o',
  '-v',
]);
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef', '=~']);

function unaryTest(operator: string, operand: string, self: Shell): boolean {
  const { files } = self.environment.host;
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-t':
      return false;
    case '-v':
      return self.value(operand) !== undefined;
    case '-o':
      return self.shell.options[operand] === true;
    case '-L':
    case '-h':
      return files.stat(self.path(operand), false)?.type === 'symlink';
    default:
      break;
  }
  if (operand === '') return false;
  const opened = self.process.fds[descriptorOf(self.path(operand)) ?? ''];
  const kind = opened === undefined ? undefined : self.machine.files[opened]?.kind;
  if (kind === 'pipe' || kind === 'output' || kind === 'input') return '-p -r -w -e -a'.split(' ').includes(operator);
  const stat = files.stat(self.path(operand));
  if (stat === undefined) return false;
  switch (operator) {
    case '-e':
    case '-a':
      return true;
    case '-f':
      return stat.type === 'file';
    case '-d':
      return stat.type === 'directory';
    case '-s':
      return stat.type === 'directory' || stat.size > 0;
    case '-p':
      return stat.type === 'fifo';
    case '-c':
      return stat.type === 'device';
    case '-x':
      return (stat.mode & 0o111) !== 0;
    case '-r':
    case '-w':
    case '-O':
    case '-G':
      return true;
    default:
      return false;
  }
}

function integer(text: string, self: Shell): bigint {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw new SyntaxError(numberMessage(text, self));
  return BigInt(trimmed);
}

const numberMessage = (text: string, self: Shell): string =>
  self.shell.flavour === 'bash'
    ? `[: ${text}: integer expression expected`
    : self.shell.flavour === 'dash'
      ? `[: Illegal number: ${text}`
      : `${text}: bad number`;

function binaryTest(left: string, operator: string, right: string, self: Shell): boolean {
  const { files } = self.environment.host;
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
    case '-ot': {
      const a = files.stat(self.path(left))?.mtime;
      const b = files.stat(self.path(right))?.mtime;
      // For bash a file that is not there is older than any; dash and ash want both, and ash looks at whole seconds.
      const { flavour } = self.shell;
      if (flavour !== 'bash' && (a === undefined || b === undefined)) return false;
      const [x, y] = [a, b].map((at) => (at === undefined ? -1 : flavour === 'ash' ? Math.floor(at / 1000) : at)) as [number, number];
      return operator === '-nt' ? x > y : x < y;
    }
    case '-ef':
      return self.path(left) === self.path(right) && files.stat(self.path(left)) !== undefined;
    default: {
      const a = integer(left, self);
      const b = integer(right, self);
      switch (operator) {
        case '-eq':
          return a === b;
        case '-ne':
          return a !== b;
        case '-lt':
          return a < b;
        case '-le':
          return a <= b;
        case '-gt':
          return a > b;
        default:
          return a >= b;
      }
    }
  }
}

/** `test` and `[` over their arguments (POSIX: decided by how many there are). Throws SyntaxError with the message. */
export function testArguments(args: readonly string[], self: Shell): boolean {
  const missing = (): SyntaxError =>
    new SyntaxError(self.shell.flavour === 'bash' ? '[: argument expected' : self.shell.flavour === 'dash' ? '[: argument expected' : 'argument expected');
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return args[0] !== '';
    case 2:
      if (args[0] === '!') return args[1] === '';
      if (UNARY.has(args[0] as string)) return unaryTest(args[0] as string, args[1] as string, self);
      if (self.shell.flavour === 'bash') throw new SyntaxError(`[: ${args[0]}: unary operator expected`);
      if (BINARY.has(args[1] as string)) throw new SyntaxError(`${self.shell.flavour === 'dash' ? '[: ' : ''}${args[1]}: argument expected`);
      throw new SyntaxError(self.shell.flavour === 'dash' ? `[: ${args[0]}: unexpected operator` : `${args[1]}: unknown operand`);
    case 3:
      if (BINARY.has(args[1] as string)) return binaryTest(args[0] as string, args[1] as string, args[2] as string, self);
      if (args[1] === '-a') return args[0] !== '' && args[2] !== '';
      if (args[1] === '-o') return args[0] !== '' || args[2] !== '';
      if (args[0] === '!') return !testArguments(args.slice(1), self);
      if (args[0] === '(' && args[2] === ')') return args[1] !== '';
      if (self.shell.flavour === 'bash') throw new SyntaxError(`[: ${args[1]}: binary operator expected`);
      break;
    case 4:
      if (args[0] === '!') return !testArguments(args.slice(1), self);
      if (args[0] === '(' && args[3] === ')') return testArguments(args.slice(1, 3), self);
      break;
    default:
      break;
  }
  let at = 0;
  const or = (): boolean => {
    let result = and();
    while (args[at] === '-o') {
      at += 1;
      const right = and();
      result = result || right;
    }
    return result;
  };
  const and = (): boolean => {
    let result = not();
    while (args[at] === '-a') {
      at += 1;
      const right = not();
      result = result && right;
    }
    return result;
  };
  const not = (): boolean => {
    if (args[at] === '!' && at + 1 < args.length) {
      at += 1;
      return !not();
    }
    return primary();
  };
  const primary = (): boolean => {
    const token = args[at];
    if (token === undefined) throw missing();
    if (token === '(') {
      at += 1;
      const result = or();
      if (args[at] !== ')') throw new SyntaxError(self.shell.flavour === 'ash' ? 'closing paren expected' : "[: `)' expected");
      at += 1;
      return result;
    }
    if (args[at + 1] !== undefined && BINARY.has(args[at + 1] as string)) {
      if (args[at + 2] === undefined) throw missing();
      const result = binaryTest(token, args[at + 1] as string, args[at + 2] as string, self);
      at += 3;
      return result;
    }
    if (UNARY.has(token) && args[at + 1] !== undefined) {
      const result = unaryTest(token, args[at + 1] as string, self);
      at += 2;
      return result;
    }
    at += 1;
    return token !== '';
  };
  const result = or();
  if (at < args.length)
    throw new SyntaxError(
      self.shell.flavour === 'bash'
        ? '[: too many arguments'
        : self.shell.flavour === 'dash'
          ? `[: ${args[at - 1]}: unexpected operator`
          : `${args[at]}: unknown operand`,
    );
  return result;
}

/** `[[ … ]]`. */
export function evaluateTest(node: TestExpression, x: Expansion, self: Shell): boolean {
  switch (node.type) {
    case 'TestLogical':
      return node.operator === '&&'
        ? node.operands.every((operand) => evaluateTest(operand, x, self))
        : node.operands.some((operand) => evaluateTest(operand, x, self));
    case 'TestNot':
      return node.negations.length % 2 === 1 ? !evaluateTest(node.operand, x, self) : evaluateTest(node.operand, x, self);
    case 'TestGroup':
      return evaluateTest(node.expression, x, self);
    case 'TestUnary':
      return unaryTest(node.operator, expandString(node.operand, x), self);
    case 'TestBinary': {
      const left = expandString(node.left, x);
      if (node.operator === '=' || node.operator === '==' || node.operator === '!=')
        return patternRegExp(expandPattern(node.right, x)).test(left) === (node.operator !== '!=');
      if (node.operator === '=~') {
        const pattern = expandRegExp(node.right, x);
        let match: RegExpExecArray | null;
        try {
          match = posixRegExp(pattern, { extended: true }).exec(left);
        } catch {
          throw new SyntaxError(`[[: invalid regular expression \`${pattern}'`);
        }
        self.shell.vars['BASH_REMATCH'] = { value: match?.[0] ?? '', list: Object.fromEntries((match ?? []).map((text, i) => [i, text ?? ''])) };
        return match !== null;
      }
      const right = expandString(node.right, x);
      if (/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator))
        return binaryTest(String(arithmetic(left === '' ? '0' : left, x)), node.operator, String(arithmetic(right === '' ? '0' : right, x)), self);
      return binaryTest(left, node.operator, right, self);
    }
  }
}
