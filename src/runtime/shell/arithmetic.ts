/** Shell arithmetic: C's operators on 64-bit integers, over the text between `$((` and `))` after its expansions. */

export class ArithmeticError extends Error {}

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

type Token =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'op'; readonly value: string };

const OPERATORS = [
  '<<=',
  '>>=',
  '**',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '=',
  '!',
  '~',
  '&',
  '|',
  '^',
  '?',
  ':',
  '(',
  ')',
  ',',
];

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const rest = text.slice(i);
    const blank = /^\s+/.exec(rest);
    if (blank) {
      i += blank[0].length;
      continue;
    }
    const number = /^(\d+#[0-9A-Za-z@_]+|0[xX][0-9a-fA-F]+|\d+)(?![A-Za-z_])/.exec(rest);
    if (number) {
      tokens.push({ kind: 'number', value: parseNumber(number[0]) });
      i += number[0].length;
      continue;
    }
    const name = /^[A-Za-z_]\w*(\[[^\]]*\])?/.exec(rest);
    if (name) {
      tokens.push({ kind: 'name', value: name[0] });
      i += name[0].length;
      continue;
    }
    const operator = OPERATORS.find((op) => rest.startsWith(op));
    if (operator === undefined) throw new ArithmeticError(`syntax error: operand expected (error token is "${rest}")`);
    tokens.push({ kind: 'op', value: operator });
    i += operator.length;
  }
  return tokens;
}

function parseNumber(text: string): bigint {
  const based = /^(\d+)#(.*)$/.exec(text);
  if (based) {
    const base = BigInt(based[1] as string);
    let value = 0n;
    for (const char of based[2] as string) {
      const digit = BigInt('0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(char.toLowerCase()));
      if (digit < 0n || digit >= base) throw new ArithmeticError(`${text}: value too great for base (error token is "${text}")`);
      value = value * base + digit;
    }
    return value;
  }
  if (/^0[xX]/.test(text)) return BigInt(text);
  if (/^0\d+$/.test(text)) {
    if (/[89]/.test(text)) throw new ArithmeticError(`${text}: value too great for base (error token is "${text}")`);
    return BigInt(`0o${text.slice(1)}`);
  }
  return BigInt(text);
}

const BINARY: Readonly<Record<string, number>> = {
  ',': 1,
  '||': 4,
  '&&': 5,
  '|': 6,
  '^': 7,
  '&': 8,
  '==': 9,
  '!=': 9,
  '<': 10,
  '>': 10,
  '<=': 10,
  '>=': 10,
  '<<': 11,
  '>>': 11,
  '+': 12,
  '-': 12,
  '*': 13,
  '/': 13,
  '%': 13,
  '**': 14,
};
const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^=']);

/** Evaluates; throws ArithmeticError (`division by 0 …`). Assignments go to `variables`. */
export function evaluateArithmetic(text: string, variables: Variables, depth = 0): bigint {
  if (depth > 20) throw new ArithmeticError('expression recursion level exceeded');
  const tokens = tokenize(text);
  if (tokens.length === 0) return 0n;
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isOp = (value: string): boolean => peek()?.kind === 'op' && peek()?.value === value;
  const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
  const readVariable = (name: string): bigint => {
    const value = variables.get(name);
    if (value === undefined || value.trim() === '') return 0n;
    return /^\s*[+-]?\d+\s*$/.test(value) && !/^\s*[+-]?0\d/.test(value) ? wrap(BigInt(value.trim())) : evaluateArithmetic(value, variables, depth + 1);
  };
  // `live` false: parsed but not evaluated (short circuit, the branch not taken).
  const assignment = (live: boolean): bigint => {
    const token = peek();
    const next = tokens[at + 1];
    if (token?.kind === 'name' && next?.kind === 'op' && ASSIGN.has(next.value)) {
      at += 2;
      const right = assignment(live);
      if (!live) return 0n;
      const value = next.value === '=' ? right : apply(next.value.slice(0, -1), readVariable(token.value), right);
      variables.set(token.value, String(value));
      return value;
    }
    return ternary(live);
  };
  const ternary = (live: boolean): bigint => {
    const test = binary(4, live);
    if (!isOp('?')) return test;
    at += 1;
    const yes = assignment(live && test !== 0n);
    if (!isOp(':')) throw new ArithmeticError("`:' expected for conditional expression");
    at += 1;
    const no = assignment(live && test === 0n);
    return test !== 0n ? yes : no;
  };
  const binary = (minimum: number, live: boolean): bigint => {
    let left = unary(live);
    for (;;) {
      const token = peek();
      if (token?.kind !== 'op') return left;
      const precedence = BINARY[token.value];
      if (precedence === undefined || precedence < minimum || token.value === ',') return left;
      at += 1;
      const needed = token.value === '&&' ? left !== 0n : token.value === '||' ? left === 0n : true;
      const right = binary(token.value === '**' ? precedence : precedence + 1, live && needed);
      left = live ? apply(token.value, left, right) : 0n;
    }
  };
  const apply = (operator: string, a: bigint, b: bigint): bigint => {
    switch (operator) {
      case '+':
        return wrap(a + b);
      case '-':
        return wrap(a - b);
      case '*':
        return wrap(a * b);
      case '/':
      case '%':
        if (b === 0n) throw new ArithmeticError('division by 0');
        return wrap(operator === '/' ? a / b : a % b);
      case '**':
        if (b < 0n) throw new ArithmeticError('exponent less than 0');
        return wrap(modularPower(a, b));
      case '<<':
        return wrap(a << (b & 63n));
      case '>>':
        return wrap(a >> (b & 63n));
      case '&':
        return a & b;
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      case '==':
        return a === b ? 1n : 0n;
      case '!=':
        return a !== b ? 1n : 0n;
      case '<':
        return a < b ? 1n : 0n;
      case '>':
        return a > b ? 1n : 0n;
      case '<=':
        return a <= b ? 1n : 0n;
      case '>=':
        return a >= b ? 1n : 0n;
      case '&&':
        return a !== 0n && b !== 0n ? 1n : 0n;
      default:
        return a !== 0n || b !== 0n ? 1n : 0n;
    }
  };
  const unary = (live: boolean): bigint => {
    const token = peek();
    if (token === undefined) throw new ArithmeticError(`syntax error: operand expected (error token is "${tokens.at(-1)?.value ?? ''}")`);
    if (token.kind === 'op') {
      at += 1;
      switch (token.value) {
        case '+':
          return unary(live);
        case '-':
          return wrap(-unary(live));
        case '!':
          return unary(live) === 0n ? 1n : 0n;
        case '~':
          return wrap(~unary(live));
        case '++':
        case '--': {
          const name = peek();
          if (name?.kind !== 'name') return token.value === '++' ? unary(live) : unary(live);
          at += 1;
          const value = wrap(readVariable(name.value) + (token.value === '++' ? 1n : -1n));
          if (live) variables.set(name.value, String(value));
          return value;
        }
        case '(': {
          const value = comma(live);
          if (!isOp(')')) throw new ArithmeticError("missing `)'");
          at += 1;
          return value;
        }
        default:
          throw new ArithmeticError(`syntax error: operand expected (error token is "${token.value}")`);
      }
    }
    at += 1;
    if (token.kind === 'number') return token.value;
    const value = live ? readVariable(token.value) : 0n;
    if (isOp('++') || isOp('--')) {
      const step = isOp('++') ? 1n : -1n;
      at += 1;
      if (live) variables.set(token.value, String(wrap(value + step)));
    }
    return value;
  };
  const comma = (live: boolean): bigint => {
    let value = assignment(live);
    while (isOp(',')) {
      at += 1;
      value = assignment(live);
    }
    return value;
  };
  const result = comma(true);
  if (at < tokens.length)
    throw new ArithmeticError(
      `syntax error in expression (error token is "${tokens
        .slice(at)
        .map((token) => String(token.value))
        .join(' ')}")`,
    );
  return result;
}

function modularPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = BigInt.asIntN(64, result * factor);
    factor = BigInt.asIntN(64, factor * factor);
  }
  return result;
}
