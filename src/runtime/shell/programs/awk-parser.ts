/** awk's language: source text → tree. POSIX awk with the few extensions that busybox and mawk share. */

export type Expression =
  | { readonly e: 'number'; readonly value: number }
  | { readonly e: 'string'; readonly value: string }
  | { readonly e: 'regex'; readonly source: string }
  | { readonly e: 'variable'; readonly name: string }
  | { readonly e: 'element'; readonly name: string; readonly index: readonly Expression[] }
  | { readonly e: 'field'; readonly index: Expression }
  | { readonly e: 'assign'; readonly operator: string; readonly to: Expression; readonly value: Expression }
  | { readonly e: 'unary'; readonly operator: string; readonly value: Expression }
  | { readonly e: 'step'; readonly operator: '++' | '--'; readonly prefix: boolean; readonly value: Expression }
  | { readonly e: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly e: 'in'; readonly index: readonly Expression[]; readonly name: string }
  | { readonly e: 'choose'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly e: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly e: 'getline'; readonly to?: Expression; readonly from?: Expression; readonly command?: boolean };

export type Statement =
  | { readonly s: 'block'; readonly body: readonly Statement[] }
  | { readonly s: 'expression'; readonly value: Expression }
  | { readonly s: 'print'; readonly args: readonly Expression[]; readonly formatted: boolean; readonly redirect?: string; readonly target?: Expression }
  | { readonly s: 'if'; readonly test: Expression; readonly then: Statement; readonly otherwise?: Statement }
  | { readonly s: 'while'; readonly test: Expression; readonly body: Statement; readonly first: boolean }
  | { readonly s: 'for'; readonly init?: Statement; readonly test?: Expression; readonly update?: Statement; readonly body: Statement }
  | { readonly s: 'forin'; readonly variable: string; readonly name: string; readonly body: Statement }
  | { readonly s: 'delete'; readonly name: string; readonly index?: readonly Expression[] }
  | { readonly s: 'next' | 'break' | 'continue' }
  | { readonly s: 'exit' | 'return'; readonly value?: Expression };

export interface Awk {
  readonly begin: readonly Statement[];
  readonly end: readonly Statement[];
  readonly rules: readonly { readonly pattern?: Expression; readonly until?: Expression; readonly action?: Statement }[];
  readonly functions: ReadonlyMap<string, { readonly parameters: readonly string[]; readonly body: Statement }>;
}

type Token = { readonly t: 'number' | 'string' | 'regex' | 'name' | 'call' | 'op' | 'newline' | 'end'; readonly text: string };

const OPERATORS = [
  '**=',
  '&&',
  '||',
  '==',
  '<=',
  '>=',
  '!=',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '>>',
  '!~',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '<',
  '>',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
];

function tokens(source: string): Token[] {
  const out: Token[] = [];
  const valueBefore = (): boolean => {
    const last = out.at(-1);
    return last !== undefined && (['number', 'string', 'name'].includes(last.t) || [')', ']', '$', '++', '--'].includes(last.text)) && !KEYWORDS.has(last.text);
  };
  for (let i = 0; i < source.length; ) {
    const char = source[i] as string;
    if (char === '\\' && /^\\\r?\n/.test(source.slice(i, i + 3))) i = source.indexOf('\n', i) + 1;
    else if (char === '\n') {
      out.push({ t: 'newline', text: '\n' });
      i += 1;
    } else if (/\s/.test(char)) i += 1;
    else if (char === '#') {
      while (i < source.length && source[i] !== '\n') i += 1;
    } else if (char === '"') {
      let text = '';
      for (i += 1; i < source.length && source[i] !== '"'; i += 1) {
        if (source[i] !== '\\') text += source[i];
        else {
          i += 1;
          text += escaped(source[i] ?? '\\');
        }
      }
      i += 1;
      out.push({ t: 'string', text });
    } else if (char === '/' && !valueBefore()) {
      let text = '';
      for (i += 1; i < source.length && source[i] !== '/'; i += 1) {
        if (source[i] === '\\' && source[i + 1] === '/') i += 1;
        else if (source[i] === '\\') text += source[i++];
        text += source[i];
      }
      i += 1;
      out.push({ t: 'regex', text });
    } else {
      const number = /^(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)/.exec(source.slice(i))?.[0];
      const name = /^[A-Za-z_]\w*/.exec(source.slice(i))?.[0];
      if (number !== undefined) {
        out.push({ t: 'number', text: number });
        i += number.length;
      } else if (name !== undefined) {
        i += name.length;
        out.push({ t: source[i] === '(' && !KEYWORDS.has(name) && !BUILTINS.has(name) ? 'call' : 'name', text: name });
      } else {
        const operator = OPERATORS.find((one) => source.startsWith(one, i));
        if (operator === undefined) throw new SyntaxError(char);
        out.push({ t: 'op', text: operator });
        i += operator.length;
      }
    }
  }
  out.push({ t: 'end', text: '' });
  return out;
}

export const escaped = (char: string): string =>
  ({ n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v', '0': '\0' })[char] ?? `\\${char}`;

const KEYWORDS = new Set('BEGIN END function func if else while for do in next exit return delete break continue print printf getline'.split(' '));
const BUILTINS = new Set(
  'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush strftime systime'.split(' '),
);

export function parseAwk(source: string): Awk {
  const list = tokens(source);
  let at = 0;
  const peek = (): Token => list[at] as Token;
  const is = (text: string): boolean => peek().text === text && (peek().t === 'op' || peek().t === 'name');
  const skipNewlines = (): void => {
    while (peek().t === 'newline' || is(';')) at += 1;
  };
  const lines = (): void => {
    while (peek().t === 'newline') at += 1;
  };
  const expect = (text: string): void => {
    if (!is(text)) throw new SyntaxError(peek().text === '' ? 'Unexpected end of string' : peek().text);
    at += 1;
  };
  const accept = (text: string): boolean => {
    if (!is(text)) return false;
    at += 1;
    return true;
  };

  function block(): Statement {
    expect('{');
    const body: Statement[] = [];
    for (skipNewlines(); !is('}'); skipNewlines()) body.push(statement());
    expect('}');
    return { s: 'block', body };
  }
  function ended(): void {
    if (peek().t === 'newline' || is(';')) at += 1;
    else if (!is('}') && peek().t !== 'end') throw new SyntaxError(peek().text);
  }
  const bodyOf = (): Statement => {
    lines();
    if (accept(';')) return { s: 'block', body: [] };
    return statement();
  };
  function statement(): Statement {
    if (is('{')) return block();
    if (accept('if')) {
      expect('(');
      const test = expression();
      expect(')');
      const then = bodyOf();
      const back = at;
      skipNewlines();
      if (accept('else')) return { s: 'if', test, then, otherwise: bodyOf() };
      at = back;
      return { s: 'if', test, then };
    }
    if (accept('while')) {
      expect('(');
      const test = expression();
      expect(')');
      return { s: 'while', test, body: bodyOf(), first: true };
    }
    if (accept('do')) {
      const body = bodyOf();
      skipNewlines();
      expect('while');
      expect('(');
      const test = expression();
      expect(')');
      ended();
      return { s: 'while', test, body, first: false };
    }
    if (accept('for')) {
      expect('(');
      if (peek().t === 'name' && list[at + 1]?.text === 'in' && list[at + 3]?.text === ')') {
        const variable = peek().text;
        at += 2;
        const name = peek().text;
        at += 2;
        return { s: 'forin', variable, name, body: bodyOf() };
      }
      const init = is(';') ? undefined : simple();
      expect(';');
      lines();
      const test = is(';') ? undefined : expression();
      expect(';');
      lines();
      const update = is(')') ? undefined : simple();
      expect(')');
      return {
        s: 'for',
        body: bodyOf(),
        ...(init === undefined ? {} : { init }),
        ...(test === undefined ? {} : { test }),
        ...(update === undefined ? {} : { update }),
      };
    }
    const result = simple();
    ended();
    return result;
  }
  function simple(): Statement {
    for (const word of ['next', 'break', 'continue'] as const) if (accept(word)) return { s: word };
    for (const word of ['exit', 'return'] as const)
      if (accept(word)) return peek().t === 'newline' || is(';') || is('}') || peek().t === 'end' ? { s: word } : { s: word, value: expression() };
    if (accept('delete')) {
      const name = peek().text;
      at += 1;
      if (!accept('[')) return { s: 'delete', name };
      const index = expressions(']');
      return { s: 'delete', name, index };
    }
    if (is('print') || is('printf')) {
      const formatted = is('printf');
      at += 1;
      let args: Expression[] = [];
      if (is('(')) {
        // `print (a, b)` or `print (a)(b)`: decided by what follows the closing parenthesis.
        const back = at;
        at += 1;
        const inside = expressions(')');
        if (peek().t === 'newline' || is(';') || is('}') || is('>') || is('>>') || is('|') || peek().t === 'end') args = inside;
        else at = back;
      }
      if (args.length === 0)
        while (!(peek().t === 'newline' || is(';') || is('}') || is('>') || is('>>') || is('|') || peek().t === 'end')) {
          args.push(ternary(true));
          if (!accept(',')) break;
          lines();
        }
      for (const redirect of ['>', '>>', '|']) if (accept(redirect)) return { s: 'print', args, formatted, redirect, target: concatenation(true) };
      return { s: 'print', args, formatted };
    }
    return { s: 'expression', value: expression() };
  }
  function expressions(close: string): Expression[] {
    const out: Expression[] = [];
    lines();
    while (!is(close)) {
      out.push(expression());
      lines();
      if (!accept(',')) break;
      lines();
    }
    expect(close);
    return out;
  }

  const expression = (): Expression => ternary(false);
  /** `plain`: inside print, where `>` is a redirection. */
  function ternary(plain: boolean): Expression {
    const test = or(plain);
    if (accept('?')) {
      lines();
      const yes = ternary(plain);
      lines();
      expect(':');
      lines();
      return { e: 'choose', test, yes, no: ternary(plain) };
    }
    const operator = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='].find((one) => is(one));
    if (operator !== undefined && (test.e === 'variable' || test.e === 'element' || test.e === 'field')) {
      at += 1;
      lines();
      return { e: 'assign', operator: operator.replace('**', '^'), to: test, value: ternary(plain) };
    }
    return test;
  }
  function or(plain: boolean): Expression {
    let left = and(plain);
    while (accept('||')) {
      lines();
      left = { e: 'binary', operator: '||', left, right: and(plain) };
    }
    return left;
  }
  function and(plain: boolean): Expression {
    let left = membership(plain);
    while (accept('&&')) {
      lines();
      left = { e: 'binary', operator: '&&', left, right: membership(plain) };
    }
    return left;
  }
  function membership(plain: boolean): Expression {
    let left = matching(plain);
    while (is('in')) {
      at += 1;
      left = { e: 'in', index: [left], name: peek().text };
      at += 1;
    }
    return left;
  }
  function matching(plain: boolean): Expression {
    let left = comparison(plain);
    while (is('~') || is('!~')) {
      const operator = peek().text;
      at += 1;
      left = { e: 'binary', operator, left, right: comparison(plain) };
    }
    return left;
  }
  function comparison(plain: boolean): Expression {
    const left = concatenation(plain);
    const operator = ['<', '<=', '==', '!=', '>=', '>'].find((one) => is(one) && !(plain && one === '>'));
    if (operator === undefined) {
      if (is('|') && list[at + 1]?.text === 'getline') {
        at += 2;
        const to = peek().t === 'name' && !KEYWORDS.has(peek().text) ? primary() : is('$') ? primary() : undefined;
        return { e: 'getline', from: left, command: true, ...(to === undefined ? {} : { to }) };
      }
      return left;
    }
    at += 1;
    return { e: 'binary', operator, left, right: concatenation(plain) };
  }
  const startsOperand = (): boolean => {
    const token = peek();
    if (['number', 'string', 'regex', 'call'].includes(token.t)) return true;
    if (token.t === 'name') return !KEYWORDS.has(token.text) || token.text === 'getline';
    return token.t === 'op' && ['$', '!', '(', '-', '+', '++', '--'].includes(token.text);
  };
  function concatenation(plain: boolean): Expression {
    let left = sum();
    while (startsOperand() && !is('in')) left = { e: 'binary', operator: ' ', left, right: sum() };
    void plain;
    return left;
  }
  function sum(): Expression {
    let left = product();
    while (is('+') || is('-')) {
      const operator = peek().text;
      at += 1;
      left = { e: 'binary', operator, left, right: product() };
    }
    return left;
  }
  function product(): Expression {
    let left = unary();
    while (is('*') || is('/') || is('%')) {
      const operator = peek().text;
      at += 1;
      left = { e: 'binary', operator, left, right: unary() };
    }
    return left;
  }
  function unary(): Expression {
    for (const operator of ['!', '-', '+']) if (accept(operator)) return { e: 'unary', operator, value: unary() };
    return power();
  }
  function power(): Expression {
    const left = postfix();
    if (is('^') || is('**')) {
      at += 1;
      return { e: 'binary', operator: '^', left, right: is('-') ? unary() : power() };
    }
    return left;
  }
  function postfix(): Expression {
    const value = primary();
    if ((is('++') || is('--')) && (value.e === 'variable' || value.e === 'element' || value.e === 'field')) {
      const operator = peek().text as '++';
      at += 1;
      return { e: 'step', operator, prefix: false, value };
    }
    return value;
  }
  function primary(): Expression {
    const token = peek();
    at += 1;
    switch (token.t) {
      case 'number':
        return { e: 'number', value: Number(token.text) };
      case 'string':
        return { e: 'string', value: token.text };
      case 'regex':
        return { e: 'regex', source: token.text };
      case 'call':
        at += 1;
        return { e: 'call', name: token.text, args: expressions(')') };
      case 'name': {
        if (BUILTINS.has(token.text)) {
          if (accept('(')) return { e: 'call', name: token.text, args: expressions(')') };
          return { e: 'call', name: token.text, args: [] };
        }
        if (token.text === 'getline') {
          const to = peek().t === 'name' && !KEYWORDS.has(peek().text) ? primary() : is('$') ? primary() : undefined;
          const from = accept('<') ? primary() : undefined;
          return { e: 'getline', ...(to === undefined ? {} : { to }), ...(from === undefined ? {} : { from }) };
        }
        if (KEYWORDS.has(token.text)) break;
        if (accept('[')) return { e: 'element', name: token.text, index: expressions(']') };
        return { e: 'variable', name: token.text };
      }
      case 'op':
        if (token.text === '$') return { e: 'field', index: is('++') || is('--') ? primary() : primary() };
        if (token.text === '++' || token.text === '--') return { e: 'step', operator: token.text, prefix: true, value: primary() };
        if (token.text === '(') {
          const inside = expressions(')');
          if (inside.length > 1) {
            expect('in');
            const name = peek().text;
            at += 1;
            return { e: 'in', index: inside, name };
          }
          // A grouped expression is no place to assign to, but `($1)++` hardly matters.
          return inside[0] ?? { e: 'string', value: '' };
        }
        if (token.text === '-' || token.text === '+' || token.text === '!') return { e: 'unary', operator: token.text, value: unary() };
        break;
      default:
        break;
    }
    throw new SyntaxError(token.t === 'end' ? 'Unexpected end of string' : token.text);
  }

  const begin: Statement[] = [];
  const end: Statement[] = [];
  const rules: { pattern?: Expression; until?: Expression; action?: Statement }[] = [];
  const functions = new Map<string, { parameters: string[]; body: Statement }>();
  for (skipNewlines(); peek().t !== 'end'; skipNewlines()) {
    if (accept('BEGIN')) {
      lines();
      begin.push(block());
    } else if (accept('END')) {
      lines();
      end.push(block());
    } else if (accept('function') || accept('func')) {
      const name = peek().text;
      at += 2;
      const parameters: string[] = [];
      while (!is(')')) {
        parameters.push(peek().text);
        at += 1;
        accept(',');
        lines();
      }
      at += 1;
      lines();
      functions.set(name, { parameters, body: block() });
    } else if (is('{')) rules.push({ action: block() });
    else {
      const pattern = expression();
      const until = accept(',') ? expression() : undefined;
      rules.push({ pattern, ...(until === undefined ? {} : { until }), ...(is('{') ? { action: block() } : {}) });
    }
  }
  return { begin, end, rules, functions };
}
