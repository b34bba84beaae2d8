/**
 * Where a script's syntax goes wrong, and with which words: the order in which dash's parser (ash's is the same) and bash's grammar
 * meet their tokens. The tree itself comes from `unbash`, which is lenient and sees errors elsewhere or not at all.
 */
import type { Flavour } from './state.js';

export interface SyntaxProblem {
  /** dash's and ash's sentence, or bash's. */
  readonly text: string;
  readonly line: number;
  /** bash shows the line when a token is to blame. */
  readonly showsLine: boolean;
  /** Where the command begins that is not complete: what stands before it has run by then. */
  readonly start: number;
  /** What the shell ends with. */
  readonly status: number;
}

/** The first problem; undefined: none, or something that only the real parser knows. */
export function checkSyntax(source: string, flavour: Flavour): SyntaxProblem | undefined {
  const checker = new Checker(source, flavour);
  try {
    checker.script();
    return undefined;
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    if (!(error instanceof Problem)) throw error;
    return { text: error.text, line: error.line, showsLine: error.showsLine, start: checker.start, status: error.status };
  }
}

/** Whether a here-document that begins in it does not end in it. */
export function hasOpenHeredoc(source: string, flavour: Flavour): boolean {
  if (!source.includes('<<')) return false;
  const checker = new Checker(source, flavour);
  try {
    checker.script();
  } catch (error) {
    if (!(error instanceof Unsure || error instanceof Problem)) throw error;
  }
  return checker.isHeredocOpen;
}

class Unsure extends Error {}
class Problem extends Error {
  constructor(
    readonly text: string,
    readonly line: number,
    readonly showsLine = false,
    readonly status = 2,
  ) {
    super(text);
  }
}

interface Token {
  readonly t: 'eof' | 'newline' | 'redirection' | 'word' | 'op' | 'keyword';
  readonly text: string;
  readonly line: number;
  readonly isQuoted?: boolean;
}

const KEYWORDS: ReadonlySet<string> = new Set('! case do done elif else esac fi for if in then until while { }'.split(' '));
const ASH_KEYWORDS: ReadonlySet<string> = new Set([...KEYWORDS, 'function']);
const BASH_KEYWORDS: ReadonlySet<string> = new Set([...KEYWORDS, '[[', 'function', 'select', 'time', 'coproc']);
const ENDS: ReadonlySet<string> = new Set(['do', 'done', 'elif', 'else', 'esac', 'fi', 'then', '}', ')', ';;', ';&', ';;&']);
const OPERATORS = [';;&', ';;', ';&', '&&', '||', '|&', ';', '&', '|', '(', ')'];
const REDIRECTIONS = ['&>>', '&>', '<<<', '<<-', '<<', '<&', '<>', '>>', '>&', '>|', '<', '>'];
/** How deep commands may stand in each other before it is left to the real parser. */
const MAX_DEPTH = 200;

class Checker {
  start = 0;
  isHeredocOpen = false;
  private at = 0;
  private line = 1;
  private depth = 0;
  private pushed: Token | undefined;
  private heredocs: { readonly end: string; readonly strips: boolean }[] = [];
  private readonly isBash: boolean;
  constructor(
    private readonly source: string,
    private readonly flavour: Flavour,
    /** Closes it: of a command substitution. */
    private readonly closes = false,
  ) {
    this.isBash = flavour === 'bash';
  }

  /** Complete commands, a line at a time. */
  script(): void {
    for (;;) {
      this.start = this.at;
      const token = this.peek(true);
      if (token.t === 'eof') return;
      if (token.t === 'newline') {
        this.next(true);
        continue;
      }
      this.list('line');
    }
  }

  /** The inside of `$( )`, up to its parenthesis; where that stands. */
  static inside(source: string, at: number, line: number, flavour: Flavour, depth: number): { readonly at: number; readonly line: number } {
    const checker = new Checker(source, flavour, true);
    checker.at = at;
    checker.line = line;
    checker.depth = depth;
    checker.list('open');
    const token = checker.next(true);
    if (token.text !== ')' || token.t !== 'op') throw checker.unexpected(token, '")"');
    return { at: checker.at, line: checker.line };
  }

  // The lexer.

  private peek(isCommand: boolean): Token {
    this.pushed ??= this.read(isCommand);
    // Whether a word is a keyword depends on where it stands.
    const { pushed } = this;
    if (pushed.t === 'keyword' && !isCommand) this.pushed = { ...pushed, t: 'word' };
    else if (pushed.t === 'word' && isCommand && pushed.isQuoted !== true && this.keywords().has(pushed.text)) this.pushed = { ...pushed, t: 'keyword' };
    return this.pushed;
  }
  private next(isCommand: boolean): Token {
    const token = this.peek(isCommand);
    this.pushed = undefined;
    return token;
  }
  private keywords(): ReadonlySet<string> {
    return this.isBash ? BASH_KEYWORDS : this.flavour === 'ash' ? ASH_KEYWORDS : KEYWORDS;
  }
  private skipNewlines(): void {
    while (this.peek(true).t === 'newline') this.next(true);
  }

  private read(isCommand: boolean): Token {
    const { source } = this;
    for (;;) {
      if (source.startsWith('\\\n', this.at)) {
        this.at += 2;
        this.line += 1;
      } else if (source[this.at] === ' ' || source[this.at] === '\t') this.at += 1;
      else if (source[this.at] === '#') while (this.at < source.length && source[this.at] !== '\n') this.at += 1;
      else break;
    }
    const { line } = this;
    if (this.at >= source.length) return { t: 'eof', text: '', line };
    if (source[this.at] === '\n') {
      this.at += 1;
      this.line += 1;
      this.skipHeredocs();
      return { t: 'newline', text: 'newline', line };
    }
    const rest = source.slice(this.at, this.at + 4);
    const redirection = /^\d+(?=[<>])/.exec(source.slice(this.at, this.at + 12))?.[0] ?? '';
    const after = source.slice(this.at + redirection.length, this.at + redirection.length + 3);
    const kind = REDIRECTIONS.find((one) => after.startsWith(one) && (this.isBash || !['&>>', '&>', '<<<'].includes(one)));
    if (kind !== undefined && !(this.flavour !== 'dash' && /^[<>]\(/.test(after))) {
      this.at += redirection.length + kind.length;
      return { t: 'redirection', text: kind, line };
    }
    const operator = OPERATORS.find((one) => rest.startsWith(one) && (this.isBash || !['|&', ';&', ';;&'].includes(one)));
    if (operator !== undefined) {
      this.at += operator.length;
      return { t: 'op', text: operator, line };
    }
    const from = this.at;
    const isQuoted = this.word();
    const text = source.slice(from, this.at);
    return { t: isCommand && !isQuoted && this.keywords().has(text) ? 'keyword' : 'word', text, line, isQuoted };
  }

  /** To the end of a word; whether any of it is quoted. */
  private word(): boolean {
    const { source } = this;
    let isQuoted = false;
    while (this.at < source.length && !/[\s;&|<>()]/.test(source[this.at] as string)) {
      const char = source[this.at] as string;
      if (char === '\\') {
        if (source[this.at + 1] === '\n') this.line += 1;
        this.at += 2;
        isQuoted = true;
      } else if (char === "'" || char === '"' || char === '`' || char === '$') isQuoted = this.quoted(char) || isQuoted;
      else {
        this.at += 1;
        // An array's value, an extended pattern: the real parser's affair.
        if (this.isBash && source[this.at] === '(' && /[=?*+@!]/.test(char)) throw new Unsure();
      }
    }
    if (this.flavour !== 'dash' && /^[<>]\(/.test(source.slice(this.at, this.at + 2))) throw new Unsure();
    this.at = Math.min(this.at, source.length);
    return isQuoted;
  }

  /** A quoted piece or an expansion. */
  private quoted(char: string): boolean {
    const { source } = this;
    const begin = this.line;
    if (char === '$') {
      const next = source[this.at + 1];
      if (next === '(' && source[this.at + 2] === '(') this.arithmetic();
      else if (next === '(') {
        if (this.depth > MAX_DEPTH) throw new Unsure();
        const end = Checker.inside(source, this.at + 2, this.line, this.flavour, this.depth + 1);
        this.at = end.at;
        this.line = end.line;
      } else if (next === '{') this.braces();
      else if (this.isBash && (next === "'" || next === '"')) throw new Unsure();
      else this.at += 1;
      return next === '(' || next === '{';
    }
    this.at += 1;
    while (this.at < source.length && source[this.at] !== char) {
      const here = source[this.at] as string;
      if (here === '\n') this.line += 1;
      if (here === '\\' && char !== "'") this.at += 2;
      else if (char === '"' && (here === '$' || here === '`')) this.quoted(here);
      else this.at += 1;
    }
    if (this.at >= source.length) throw this.unclosed(char, begin);
    this.at += 1;
    return true;
  }

  private unclosed(char: string, begin: number): Problem {
    if (this.isBash) return new Problem(`unexpected EOF while looking for matching \`${char}'`, begin);
    return new Problem(char === '`' ? 'EOF in backquote substitution' : 'Unterminated quoted string', this.line);
  }

  private braces(): void {
    const { source } = this;
    const begin = this.line;
    this.at += 2;
    while (this.at < source.length && source[this.at] !== '}') {
      const here = source[this.at] as string;
      if (here === '\n') this.line += 1;
      if (here === '\\') this.at += 2;
      else if (here === "'" || here === '"' || here === '`' || here === '$') this.quoted(here);
      else this.at += 1;
    }
    if (this.at >= source.length) throw this.isBash ? this.unclosed('}', begin) : new Problem("Missing '}'", this.line);
    this.at += 1;
  }

  /** `$(( ))`: parentheses are counted; one that ends too early may begin a subshell after all. */
  private arithmetic(): void {
    const { source } = this;
    this.at += 3;
    for (let open = 2; open > 0; this.at += 1) {
      const here = source[this.at];
      if (here === undefined) {
        if (this.isBash) throw new Unsure();
        throw new Problem("Missing '))'", this.line);
      }
      if (here === '\n') this.line += 1;
      if (here === '\\') this.at += 1;
      else if (here === '(') open += 1;
      else if (here === ')') {
        open -= 1;
        if (open === 1 && source[this.at + 1] !== ')') throw new Unsure();
      } else if (here === "'" || here === '"' || here === '`') {
        this.quoted(here);
        this.at -= 1;
      } else if (here === '$' && /[({]/.test(source[this.at + 1] ?? '')) {
        this.quoted('$');
        this.at -= 1;
      }
    }
  }

  private skipHeredocs(): void {
    for (const { end, strips } of this.heredocs.splice(0)) {
      for (;;) {
        if (this.at >= this.source.length) {
          this.isHeredocOpen = true;
          return;
        }
        const stop = this.source.indexOf('\n', this.at);
        const line = this.source.slice(this.at, stop < 0 ? undefined : stop);
        this.at = stop < 0 ? this.source.length : stop + 1;
        this.line += 1;
        if ((strips ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
  }

  // Errors.

  private unexpected(token: Token, expected?: string): Problem {
    if (this.isBash) {
      if (token.t !== 'eof') return new Problem(`syntax error near unexpected token \`${token.text}'`, token.line, true, this.closes ? 127 : 2);
      // What is read with -c ends with a line's end.
      const isEnded = this.source.endsWith('\n');
      if (this.closes) return new Problem("unexpected EOF while looking for matching `)'", this.line + (isEnded ? 0 : 1));
      return new Problem('syntax error: unexpected end of file', this.line + (isEnded ? 0 : 1));
    }
    const name = token.t === 'eof' ? 'end of file' : token.t === 'newline' || token.t === 'redirection' || token.t === 'word' ? token.t : `"${token.text}"`;
    const expecting = expected === undefined ? '' : ` (expecting ${expected})`;
    return new Problem(this.flavour === 'dash' ? `${name} unexpected${expecting}` : `unexpected ${name}${expecting}`, this.line);
  }
  private unexpectedAt(token: Token, expected?: string): Problem {
    // To bash the end of the last line is a line's end.
    if (this.isBash && token.t === 'eof') return this.unexpected({ ...token, t: 'newline', text: 'newline' });
    return this.unexpected(token, expected);
  }
  private expect(text: string): void {
    const token = this.next(true);
    if (token.text !== text || (token.t !== 'keyword' && token.t !== 'op')) throw this.unexpected(token, `"${text}"`);
  }

  // The grammar.

  /** `line`: up to the end of a line. `body`: at least one command, up to a word that ends it. `open`: may be empty. */
  private list(how: 'line' | 'body' | 'open'): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new Unsure();
    for (let count = 0; ; count += 1) {
      if (how !== 'line') this.skipNewlines();
      const token = this.peek(true);
      if (token.t === 'eof' || (token.t !== 'word' && ENDS.has(token.text) && how !== 'line' && (count > 0 || how === 'open'))) {
        if (token.t === 'eof' && count === 0 && how === 'body' && this.isBash) throw this.unexpected(token);
        break;
      }
      if (how === 'line' && token.t === 'newline') {
        this.next(true);
        break;
      }
      this.andOr();
      const after = this.peek(true);
      if (after.t === 'op' && (after.text === ';' || after.text === '&')) this.next(true);
      else if (after.t === 'newline' || after.t === 'eof') continue;
      else if (how === 'line') throw this.unexpected(after);
      else break;
    }
    this.depth -= 1;
  }

  private andOr(): void {
    for (;;) {
      this.pipeline();
      const token = this.peek(true);
      if (token.t !== 'op' || (token.text !== '&&' && token.text !== '||')) return;
      this.next(true);
      this.skipNewlines();
    }
  }

  private pipeline(): void {
    while (this.peek(true).t === 'keyword' && (this.peek(true).text === '!' || this.peek(true).text === 'time')) {
      this.next(true);
      // bash takes a lone `!` for `! true`.
      if (this.isBash && ['newline', 'eof'].includes(this.peek(true).t)) return;
      if (!this.isBash) break;
    }
    for (;;) {
      this.command();
      const token = this.peek(true);
      if (token.t !== 'op' || (token.text !== '|' && token.text !== '|&')) return;
      this.next(true);
      this.skipNewlines();
    }
  }

  private command(): void {
    const token = this.peek(true);
    if (token.t === 'word' || token.t === 'redirection') {
      this.simple();
      return;
    }
    this.next(true);
    switch (token.t === 'op' || token.t === 'keyword' ? token.text : '') {
      case 'if':
        this.list('body');
        this.expect('then');
        this.list('body');
        while (this.peek(true).text === 'elif') {
          this.next(true);
          this.list('body');
          this.expect('then');
          this.list('body');
        }
        if (this.peek(true).text === 'else') {
          this.next(true);
          this.list('body');
        }
        this.expect('fi');
        break;
      case 'while':
      case 'until':
        this.list('body');
        this.loop();
        break;
      case 'for':
      case 'select':
        this.forLoop();
        break;
      case 'case':
        this.cases();
        break;
      case '(':
        if (this.isBash && this.source[this.at] === '(') throw new Unsure();
        this.list('body');
        this.expect(')');
        break;
      case '{':
        this.list('body');
        this.expect('}');
        break;
      case '[[':
      case 'function':
      case 'coproc':
        throw new Unsure();
      default:
        throw this.unexpected(token);
    }
    while (this.peek(true).t === 'redirection') this.redirection();
  }

  private loop(): void {
    this.expect('do');
    this.list('body');
    this.expect('done');
  }

  private forLoop(): void {
    const name = this.next(false);
    if (this.isBash && name.text === '(') throw new Unsure();
    if (this.isBash ? name.t !== 'word' : name.t !== 'word' || name.isQuoted === true || !/^[A-Za-z_]\w*$/.test(name.text))
      throw this.isBash ? this.unexpectedAt(name) : new Problem('Bad for loop variable', this.line);
    this.skipNewlines();
    if (this.peek(true).text === 'in') {
      this.next(true);
      for (let token = this.next(false); ; token = this.next(false)) {
        if (token.t === 'word') continue;
        if (token.t === 'newline' || (token.t === 'op' && token.text === ';')) break;
        throw this.unexpectedAt(token);
      }
    } else if (this.peek(true).text === ';') this.next(true);
    this.skipNewlines();
    if (this.isBash && this.peek(true).text === '{') throw new Unsure();
    this.loop();
  }

  private cases(): void {
    const word = this.next(false);
    if (word.t !== 'word') throw this.isBash ? this.unexpectedAt(word) : this.unexpected(word, 'word');
    this.skipNewlines();
    this.expect('in');
    for (;;) {
      this.skipNewlines();
      let token = this.next(true);
      if (token.text === 'esac' && token.t === 'keyword') return;
      if (this.isBash && token.t === 'eof') throw this.unexpected(token);
      if (token.t === 'op' && token.text === '(') token = this.next(false);
      if (this.isBash && token.t !== 'word' && token.t !== 'keyword') throw this.unexpected(token);
      let after = this.next(false);
      while (after.t === 'op' && after.text === '|') {
        this.next(false);
        after = this.next(false);
      }
      if (after.t !== 'op' || after.text !== ')') throw this.unexpected(after, '")"');
      this.list('open');
      const end = this.next(true);
      if (end.text === 'esac' && end.t === 'keyword') return;
      if (end.t !== 'op' || !/^;;&?$|^;&$/.test(end.text)) throw this.unexpected(end, '";;"');
    }
  }

  private redirection(): void {
    const kind = this.next(true);
    const target = this.next(false);
    if (target.t !== 'word') throw this.unexpectedAt(target);
    if (kind.text === '<<' || kind.text === '<<-') this.heredocs.push({ end: target.text.replace(/\\(.)|['"]/g, '$1'), strips: kind.text === '<<-' });
  }

  private simple(): void {
    let words = 0;
    let isAssigning = true;
    for (;;) {
      const token = this.peek(isAssigning && words === 0);
      if (token.t === 'redirection') this.redirection();
      else if (token.t === 'word' || token.t === 'keyword') {
        this.next(false);
        if (!/^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(token.text)) {
          words += 1;
          isAssigning = false;
        }
      } else if (token.t === 'op' && token.text === '(' && words === 1 && !isAssigning) {
        this.next(false);
        const close = this.next(false);
        if (close.text !== ')' || close.t !== 'op') throw words === 1 && this.isBash ? this.unexpectedAt(close) : this.unexpected(close, '")"');
        this.skipNewlines();
        this.command();
        return;
      } else return;
    }
  }
}
