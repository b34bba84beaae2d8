/** awk's tokens. A slash begins a regular expression where no value stands before it. */

export type Token = { readonly t: 'number' | 'string' | 'regex' | 'name' | 'call' | 'op' | 'newline' | 'end'; readonly text: string };

/** Longer ones first. */
const OPERATORS = '**= && || == <= >= != ++ -- += -= *= /= %= ^= ** >> !~ { } ( ) [ ] ; , + - * / % ^ ! < > | ? : ~ $ ='.split(' ');

/** What separates tokens and is none. */
const GAP = /\\\r?\n|[^\S\n]+|#[^\n]*/y;
const NUMBER = /\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;

interface Found {
  readonly token: Token;
  /** Where it ends in the source. */
  readonly end: number;
}

/** Throws a SyntaxError with the character that begins no token. */
export function tokens(source: string): readonly Token[] {
  const out: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const gap = matchAt(GAP, source, at);
    if (gap !== undefined) at += gap.length;
    else {
      const { token, end } = tokenAt(source, at, isValue(out.at(-1)));
      out.push(token);
      at = end;
    }
  }
  out.push({ t: 'end', text: '' });
  return out;
}

const isValue = (token: Token | undefined): boolean =>
  token !== undefined && (['number', 'string', 'name'].includes(token.t) || [')', ']', '$', '++', '--'].includes(token.text)) && !KEYWORDS.has(token.text);

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function tokenAt(source: string, at: number, isAfterValue: boolean): Found {
  const char = source[at] as string;
  if (char === '\n') return { token: { t: 'newline', text: char }, end: at + 1 };
  if (char === '"') return stringAt(source, at);
  if (char === '/' && !isAfterValue) return regexAt(source, at);
  const number = matchAt(NUMBER, source, at);
  if (number !== undefined) return { token: { t: 'number', text: number }, end: at + number.length };
  const name = matchAt(NAME, source, at);
  if (name !== undefined) {
    const end = at + name.length;
    const isCall = source[end] === '(' && !KEYWORDS.has(name) && !BUILTINS.has(name);
    return { token: { t: isCall ? 'call' : 'name', text: name }, end };
  }
  const operator = OPERATORS.find((one) => source.startsWith(one, at));
  if (operator === undefined) throw new SyntaxError(char);
  return { token: { t: 'op', text: operator }, end: at + operator.length };
}

function stringAt(source: string, at: number): Found {
  let text = '';
  let i = at + 1;
  for (; i < source.length && source[i] !== '"'; i += 1) {
    if (source[i] !== '\\') text += source[i];
    else {
      i += 1;
      text += escaped(source[i] ?? '\\');
    }
  }
  return { token: { t: 'string', text }, end: i + 1 };
}

/** Its backslashes are left to the expression, but for those before a slash. */
function regexAt(source: string, at: number): Found {
  let text = '';
  let i = at + 1;
  for (; i < source.length && source[i] !== '/'; i += 1) {
    if (source[i] === '\\' && source[i + 1] === '/') i += 1;
    else if (source[i] === '\\') text += source[i++];
    text += source[i];
  }
  return { token: { t: 'regex', text }, end: i + 1 };
}

/** What a backslash and this character stand for. */
export const escaped = (char: string): string =>
  ({ n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v', '0': '\0' })[char] ?? `\\${char}`;

export const KEYWORDS = new Set('BEGIN END function func if else while for do in next exit return delete break continue print printf getline'.split(' '));
export const BUILTINS = new Set(
  'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush strftime systime'.split(' '),
);
