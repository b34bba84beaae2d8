/** The tree of a Go template: package text/template/parse (parse.go, node.go). */
import { goQuoted } from './go-format.js';
import { GoFloat } from './go-printf.js';
import { scanTemplate, type Token, unquoteGo } from './go-template-lexer.js';
import { TextError } from './text-error.js';

/** Every node knows where it stands and how it prints, for the errors of execution. */
interface At {
  readonly at: number;
}
export type Statement =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'action'; readonly pipe: Pipe } & At)
  | ({ readonly type: 'if' | 'range' | 'with'; readonly pipe: Pipe; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] } & At)
  | ({ readonly type: 'template'; readonly name: string; readonly pipe: Pipe | undefined } & At)
  | ({ readonly type: 'break' | 'continue' } & At);

export interface Pipe extends At {
  readonly isAssign: boolean;
  /** Declared or assigned variables: `$x`, or two for range. */
  readonly variables: readonly string[];
  readonly commands: readonly Command[];
}
export interface Command extends At {
  readonly args: readonly Operand[];
}
export type Operand =
  | ({ readonly type: 'field'; readonly names: readonly string[] } & At)
  | ({ readonly type: 'variable'; readonly name: string; readonly names: readonly string[] } & At)
  | ({ readonly type: 'chain'; readonly of: Operand; readonly names: readonly string[] } & At)
  | ({ readonly type: 'pipe'; readonly pipe: Pipe } & At)
  | ({ readonly type: 'function'; readonly name: string } & At)
  | ({ readonly type: 'dot' | 'nil' } & At)
  | ({ readonly type: 'bool'; readonly value: boolean } & At)
  | ({ readonly type: 'number'; readonly value: bigint | GoFloat; readonly text: string } & At)
  | ({ readonly type: 'string'; readonly value: string; readonly text: string } & At);

export interface Template {
  readonly text: string;
  readonly body: readonly Statement[];
  /** `{{define "name"}}` and `{{block "name"}}`. */
  readonly defined: ReadonlyMap<string, readonly Statement[]>;
}

/** Throws TextError: `template: output:1: unclosed action`. */
export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): Template {
  const parser = new Parser(name, scanTemplate(text), functions);
  const body = parser.whole();
  return { text, body, defined: parser.defined };
}

class Parser {
  readonly defined = new Map<string, readonly Statement[]>();
  private position = 0;
  private variables: string[] = ['$'];
  private rangeDepth = 0;
  private line = 1;
  constructor(
    private readonly name: string,
    private readonly tokens: readonly Token[],
    private readonly functions: ReadonlySet<string>,
  ) {}

  private fail(message: string): TextError {
    return new TextError(`template: ${this.name}:${this.line}: ${message}`);
  }
  private unexpected(token: Token, context: string): TextError {
    return this.fail(token.type === 'error' ? token.value : `unexpected ${describe(token)} in ${context}`);
  }
  private peek(): Token {
    return this.tokens[Math.min(this.position, this.tokens.length - 1)] as Token;
  }
  private next(): Token {
    const token = this.peek();
    this.position++;
    this.line = token.line;
    return token;
  }
  private nextNonSpace(): Token {
    let token = this.next();
    while (token.type === 'space') token = this.next();
    return token;
  }
  private peekNonSpace(): Token {
    while (this.peek().type === 'space') this.next();
    const token = this.peek();
    this.line = token.line;
    return token;
  }
  private expect(type: Token['type'], context: string): Token {
    const token = this.nextNonSpace();
    if (token.type !== type) throw this.unexpected(token, context);
    return token;
  }

  whole(): readonly Statement[] {
    const body: Statement[] = [];
    while (this.peek().type !== 'eof') {
      if (this.isDefine()) {
        this.define();
        continue;
      }
      const statement = this.statement();
      if ('end' in statement) throw this.fail(`unexpected {{${statement.end}}}`);
      body.push(statement);
    }
    return body;
  }

  private isDefine(): boolean {
    if (this.peek().type !== 'left') return false;
    let i = this.position + 1;
    while (this.tokens[i]?.type === 'space') i++;
    const token = this.tokens[i];
    return token?.type === 'keyword' && token.value === 'define';
  }

  private define(): void {
    this.next();
    this.nextNonSpace();
    const name = this.templateName('define clause');
    this.expect('right', 'define clause');
    const outer = this.variables;
    this.variables = ['$'];
    const { body, end } = this.list();
    if (end !== 'end') throw this.fail(`unexpected {{${end}}} in define clause`);
    this.variables = outer;
    this.defined.set(name, body);
  }

  private templateName(context: string): string {
    const token = this.nextNonSpace();
    if (token.type !== 'string' && token.type !== 'rawString') throw this.unexpected(token, context);
    return this.unquote(token.value);
  }

  private unquote(literal: string): string {
    try {
      return unquoteGo(literal);
    } catch (error) {
      throw error instanceof TextError ? this.fail(error.message) : error;
    }
  }

  /** Statements up to `{{end}}` or `{{else}}`. */
  private list(): { readonly body: readonly Statement[]; readonly end: string } {
    const body: Statement[] = [];
    while (this.peekNonSpaceOrText().type !== 'eof') {
      const statement = this.statement();
      if ('end' in statement) return { body, end: statement.end };
      body.push(statement);
    }
    this.line = this.peek().line;
    throw this.fail('unexpected EOF');
  }
  private peekNonSpaceOrText(): Token {
    return this.peek();
  }

  private statement(): Statement | { readonly end: string } {
    const token = this.nextNonSpace();
    if (token.type === 'text') return { type: 'text', text: token.value };
    if (token.type !== 'left') throw this.unexpected(token, 'input');
    const action = this.nextNonSpace();
    if (action.type === 'keyword') {
      switch (action.value) {
        case 'if':
        case 'range':
        case 'with':
          return this.control(action.value, action.at);
        case 'end':
          this.expect('right', 'end');
          return { end: 'end' };
        case 'else': {
          const after = this.peekNonSpace();
          if (after.type === 'keyword' && (after.value === 'if' || after.value === 'with')) return { end: `else ${after.value}` };
          this.expect('right', 'else');
          return { end: 'else' };
        }
        case 'break':
        case 'continue': {
          const token = this.nextNonSpace();
          if (token.type !== 'right') throw this.unexpected(token, `{{${action.value}}}`);
          if (this.rangeDepth === 0) throw this.fail(`{{${action.value}}} outside {{range}}`);
          return { type: action.value, at: action.at };
        }
        case 'template': {
          const { at } = this.peekNonSpace();
          const name = this.templateName('template clause');
          if (this.nextNonSpace().type === 'right') return { type: 'template', name, pipe: undefined, at };
          this.position--;
          return { type: 'template', name, pipe: this.pipeline('template clause', 'right'), at };
        }
        case 'block': {
          const name = this.templateName('block clause');
          const pipe = this.pipeline('block clause', 'right');
          const outer = this.variables;
          this.variables = ['$'];
          const { body, end } = this.list();
          if (end !== 'end') throw this.fail(`unexpected {{${end}}} in block clause`);
          this.variables = outer;
          this.defined.set(name, body);
          return { type: 'template', name, pipe, at: action.at };
        }
        default:
          throw this.unexpected(action, 'command');
      }
    }
    this.position--;
    const pipe = this.pipeline('command', 'right');
    return { type: 'action', pipe, at: pipe.at };
  }

  private control(type: 'if' | 'range' | 'with', at: number): Statement {
    const outer = [...this.variables];
    const pipe = this.pipeline(type, 'right');
    if (type === 'range') this.rangeDepth++;
    const { body, end } = this.list();
    if (type === 'range') this.rangeDepth--;
    let otherwise: readonly Statement[] = [];
    if (end === 'else if' || end === 'else with') {
      const keyword = this.nextNonSpace();
      if (keyword.value !== type) throw this.fail(`unexpected ${describe(keyword)} in ${type}`);
      otherwise = [this.control(keyword.value as 'if' | 'with', keyword.at)];
    } else if (end === 'else') {
      const rest = this.list();
      if (rest.end !== 'end') throw this.fail(`expected end; found {{${rest.end}}}`);
      otherwise = rest.body;
    }
    this.variables = outer;
    return { type, pipe, body, otherwise, at };
  }

  private pipeline(context: string, end: 'right' | ')'): Pipe {
    const at = this.peekNonSpace().at;
    const { variables, isAssign } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.nextNonSpace();
      if (token.type === end) {
        this.check(commands, context);
        for (const name of variables) if (!isAssign) this.variables.push(name);
        return { at, isAssign, variables, commands };
      }
      if (!['bool', 'char', '.', 'field', 'identifier', 'number', 'nil', 'rawString', 'string', 'variable', '('].includes(token.type))
        throw this.unexpected(token, context);
      this.position--;
      commands.push(this.command());
    }
  }

  private check(commands: readonly Command[], context: string): void {
    if (commands.length === 0) throw this.fail(`missing value for ${context}`);
    commands.slice(1).forEach(({ args }, i) => {
      const type = args[0]?.type;
      if (type === 'bool' || type === 'dot' || type === 'nil' || type === 'number' || type === 'string')
        throw this.fail(`non executable command in pipeline stage ${i + 2}`);
    });
  }

  /** `$x :=`, `$x =`, and `$i, $x :=` for range. */
  private declarations(context: string): { readonly variables: readonly string[]; readonly isAssign: boolean } {
    const variables: string[] = [];
    for (;;) {
      const token = this.peekNonSpace();
      if (token.type !== 'variable') return { variables, isAssign: false };
      const start = this.position;
      this.next();
      const after = this.peekNonSpace();
      if (after.type === '=' || after.type === ':=') {
        this.nextNonSpace();
        return { variables: [...variables, token.value], isAssign: after.type === '=' };
      }
      if (after.type === ',') {
        this.nextNonSpace();
        variables.push(token.value);
        if (context === 'range' && variables.length < 2) {
          const more = this.peekNonSpace().type;
          if (more === 'variable' || more === 'right' || more === ')') continue;
          throw this.fail('range can only initialize variables');
        }
        throw this.fail(`too many declarations in ${context}`);
      }
      this.position = start;
      return { variables: [], isAssign: false };
    }
  }

  private command(): Command {
    const at = this.peekNonSpace().at;
    const args: Operand[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.next();
      if (token.type === 'space') continue;
      if (token.type === 'right' || token.type === ')') this.position--;
      else if (token.type !== 'pipe') throw this.unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) throw this.fail('empty command');
    return { args, at };
  }

  private operand(): Operand | undefined {
    const node = this.term();
    if (node === undefined) return undefined;
    const first = this.peek();
    if (first.type !== 'field') return node;
    const names: string[] = [];
    while (this.peek().type === 'field') names.push(this.next().value.slice(1));
    switch (node.type) {
      case 'field':
        return { ...node, names: [...node.names, ...names], at: first.at };
      case 'variable':
        return { ...node, names: [...node.names, ...names], at: first.at };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.fail(`unexpected . after term ${goQuoted(operandText(node))}`);
      default:
        return { type: 'chain', of: node, names, at: first.at };
    }
  }

  private term(): Operand | undefined {
    const token = this.nextNonSpace();
    const { at, value } = token;
    switch (token.type) {
      case 'identifier':
        if (!this.functions.has(value)) throw this.fail(`function "${value}" not defined`);
        return { type: 'function', name: value, at };
      case '.':
        return { type: 'dot', at };
      case 'nil':
        return { type: 'nil', at };
      case 'variable':
        if (!this.variables.includes(value)) throw this.fail(`undefined variable "${value}"`);
        return { type: 'variable', name: value, names: [], at };
      case 'field':
        return { type: 'field', names: [value.slice(1)], at };
      case 'bool':
        return { type: 'bool', value: value === 'true', at };
      case 'char':
      case 'number':
        return { type: 'number', value: this.number(token), text: value, at };
      case '(': {
        const pipe = this.pipeline('parenthesized pipeline', ')');
        return { type: 'pipe', pipe, at };
      }
      case 'string':
      case 'rawString':
        return { type: 'string', value: this.unquote(value), text: value, at };
      default:
        this.position--;
        return undefined;
    }
  }

  private number({ type, value }: Token): bigint | GoFloat {
    if (type === 'char') {
      const text = this.unquote(value);
      if ([...text].length !== 1) throw this.fail(`malformed character constant: ${value}`);
      return BigInt(text.codePointAt(0) as number);
    }
    const plain = value.replaceAll('_', '');
    const match = /^([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.exec(plain);
    if (match !== null) {
      const digits = match[2] as string;
      const amount = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
      return match[1] === '-' ? -amount : amount;
    }
    const float = Number(plain);
    if (plain === '' || Number.isNaN(float)) throw this.fail(`illegal number syntax: ${goQuoted(value)}`);
    return new GoFloat(float);
  }
}

function describe({ type, value }: Token): string {
  if (type === 'eof') return 'EOF';
  if (type === 'error') return value;
  if (type === 'keyword' || type === 'nil' || type === '.') return `<${value}>`;
  return value.length > 10 ? `${goQuoted([...value].slice(0, 10).join(''))}...` : goQuoted(value);
}

export function pipeText({ variables, isAssign, commands }: Pipe): string {
  const head = variables.length === 0 ? '' : `${variables.join(', ')} ${isAssign ? '=' : ':='} `;
  return head + commands.map(commandText).join(' | ');
}
export const commandText = ({ args }: Command): string => args.map((arg) => (arg.type === 'pipe' ? `(${pipeText(arg.pipe)})` : operandText(arg))).join(' ');

export function operandText(operand: Operand): string {
  switch (operand.type) {
    case 'field':
      return operand.names.map((name) => `.${name}`).join('');
    case 'variable':
      return [operand.name, ...operand.names].join('.');
    case 'chain':
      return `${operand.of.type === 'pipe' ? `(${pipeText(operand.of.pipe)})` : operandText(operand.of)}${operand.names.map((name) => `.${name}`).join('')}`;
    case 'pipe':
      return pipeText(operand.pipe);
    case 'function':
      return operand.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(operand.value);
    default:
      return operand.text;
  }
}
