/** Statements: python's by indentation, perl's and node's in braces. */

import { ExpressionParser, type Language, tokenize } from './expression.js';
import { type Expression, type Handler, NotSimulated, type Parameter, type Statement } from './values.js';

export function parseProgram(source: string, language: Language): readonly Statement[] {
  if (language === 'python') return python(source);
  const parser = new ExpressionParser(tokenize(source, language), language, block);
  const out: Statement[] = [];
  while (parser.peek().t !== 'end') out.push(...statement(parser, language));
  return out;
}

const TRUE: Expression = { k: 'literal', value: true };
const not = (of: Expression): Expression => ({ k: 'unary', operator: '!', of });

function block(parser: ExpressionParser, language: Language = 'node'): readonly Statement[] {
  parser.expect('{');
  const out: Statement[] = [];
  while (!parser.is('}')) {
    if (parser.peek().t === 'end') throw new NotSimulated('an unfinished block');
    out.push(...statement(parser, language));
  }
  parser.expect('}');
  return out;
}

const bodyOf = (parser: ExpressionParser, language: Language): readonly Statement[] => (parser.is('{') ? block(parser, language) : statement(parser, language));

/** One statement of node or perl. */
function statement(parser: ExpressionParser, language: Language): readonly Statement[] {
  if (parser.accept(';')) return [];
  if (parser.is('{')) return block(parser, language);
  const condition = (): Expression => {
    parser.expect('(');
    const test = parser.is(')') ? TRUE : parser.expression();
    parser.expect(')');
    return test;
  };
  for (const word of ['if', 'unless'])
    if (parser.accept(word)) {
      const test = condition();
      const then = bodyOf(parser, language);
      const otherwise = parser.is('elsif') || parser.is('else') ? alternative(parser, language, condition) : [];
      return [{ s: 'if', test: word === 'if' ? test : not(test), body: then, otherwise }];
    }
  for (const word of ['while', 'until'])
    if (parser.accept(word)) {
      const test = condition();
      return [{ s: 'while', test: word === 'while' ? test : not(test), body: bodyOf(parser, language) }];
    }
  if (parser.accept('for') || parser.accept('foreach')) return loop(parser, language);
  if (parser.accept('break') || parser.accept('last')) return ended(parser, [{ s: 'break' }]);
  if (parser.accept('continue') || parser.accept('next')) return ended(parser, [{ s: 'continue' }]);
  if (parser.accept('use') || parser.accept('no')) {
    // Modules are there or not; what they bring is known by name.
    while (!parser.is(';') && parser.peek().t !== 'end') parser.next();
    return [];
  }
  if (language === 'node') {
    if (parser.is('function') && parser.peek(1).t === 'name') {
      const { text: name } = parser.peek(1);
      return [{ s: 'do', value: { k: 'assign', to: { k: 'name', name }, operator: '=', value: parser.expression() } }];
    }
    if (parser.accept('return')) {
      const isBare = parser.is(';') || parser.is('}') || parser.peek().t === 'end' || parser.peek().afterLine;
      return ended(parser, [isBare ? { s: 'return' } : { s: 'return', value: parser.expression() }]);
    }
    for (const word of ['const', 'let', 'var']) parser.accept(word);
    const out: Statement[] = [];
    do out.push({ s: 'do', value: parser.expression() });
    while (parser.accept(','));
    return ended(parser, out);
  }
  const value: Statement = { s: 'do', value: parser.expression() };
  // Perl's modifiers come behind.
  if (parser.accept('if')) return ended(parser, [{ s: 'if', test: parser.expression(), body: [value], otherwise: [] }]);
  if (parser.accept('unless')) return ended(parser, [{ s: 'if', test: not(parser.expression()), body: [value], otherwise: [] }]);
  if (parser.accept('while')) return ended(parser, [{ s: 'while', test: parser.expression(), body: [value] }]);
  if (parser.accept('until')) return ended(parser, [{ s: 'while', test: not(parser.expression()), body: [value] }]);
  if (parser.accept('for') || parser.accept('foreach')) return ended(parser, [{ s: 'each', names: ['$_'], of: parser.expression(), body: [value] }]);
  return ended(parser, [value]);
}

function alternative(parser: ExpressionParser, language: Language, condition: () => Expression): readonly Statement[] {
  if (parser.accept('elsif')) {
    const test = condition();
    const then = bodyOf(parser, language);
    return [{ s: 'if', test, body: then, otherwise: parser.is('elsif') || parser.is('else') ? alternative(parser, language, condition) : [] }];
  }
  parser.expect('else');
  return bodyOf(parser, language);
}

function ended(parser: ExpressionParser, statements: readonly Statement[]): readonly Statement[] {
  if (!parser.accept(';') && !parser.is('}') && parser.peek().t !== 'end' && !parser.peek().afterLine) throw new NotSimulated(parser.peek().text);
  return statements;
}

/** `for (init; test; update)`, `for my $i (1..3)`, `for (const x of list)`. */
function loop(parser: ExpressionParser, language: Language): readonly Statement[] {
  if (language === 'perl' && !parser.is('(')) {
    parser.accept('my');
    const name = parser.next().text;
    parser.expect('(');
    const of = parser.expression();
    parser.expect(')');
    return [{ s: 'each', names: [name], of, body: block(parser, language) }];
  }
  parser.expect('(');
  for (const word of ['const', 'let', 'var']) parser.accept(word);
  if (parser.peek(1).text === 'of') {
    const name = parser.next().text;
    parser.next();
    const of = parser.expression();
    parser.expect(')');
    return [{ s: 'each', names: [name], of, body: bodyOf(parser, language) }];
  }
  const first = parser.is(';') ? undefined : parser.expression();
  if (language === 'perl' && parser.accept(')')) return [{ s: 'each', names: ['$_'], of: first as Expression, body: block(parser, language) }];
  parser.expect(';');
  const test = parser.is(';') ? TRUE : parser.expression();
  parser.expect(';');
  const update = parser.is(')') ? undefined : parser.expression();
  parser.expect(')');
  const body = bodyOf(parser, language);
  return [...(first === undefined ? [] : [{ s: 'do', value: first } as const]), { s: 'while', test, body, ...(update === undefined ? {} : { update }) }];
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Logical lines: what stands in brackets or triple quotes goes on. */
function linesOf(source: string): Line[] {
  const out: Line[] = [];
  let text = '';
  let depth = 0;
  let quote = '';
  for (let i = 0; i <= source.length; i += 1) {
    const char = source[i];
    if (char === undefined || (char === '\n' && depth === 0 && quote === '')) {
      if (text.trim() !== '' && !/^\s*#/.test(text))
        out.push({ indent: /^[ \t]*/.exec(text)?.[0].replaceAll('\t', '        ').length ?? 0, text: text.trim() });
      text = '';
      continue;
    }
    if (quote !== '') {
      if (char === '\\') text += source[i++];
      else if (source.startsWith(quote, i)) {
        text += quote;
        i += quote.length - 1;
        quote = '';
        continue;
      }
    } else if (char === '#') {
      while (i + 1 < source.length && source[i + 1] !== '\n') i += 1;
      continue;
    } else if (char === '"' || char === "'") {
      quote = source.startsWith(char.repeat(3), i) ? char.repeat(3) : char;
      text += quote;
      i += quote.length - 1;
      continue;
    } else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    text += source[i] ?? '';
  }
  return out;
}

function python(source: string): readonly Statement[] {
  const lines = linesOf(source);
  let at = 0;
  /** All lines of one depth. */
  const suite = (indent: number): Statement[] => {
    const out: Statement[] = [];
    for (let line = lines[at]; line !== undefined && line.indent >= indent; line = lines[at]) {
      if (line.indent > indent) throw new NotSimulated('IndentationError: unexpected indent');
      out.push(...compound(line));
    }
    return out;
  };
  /** What follows a colon: on the same line, or the lines below it. */
  const body = (rest: string, indent: number): readonly Statement[] => {
    if (rest.trim() !== '') return simple(rest);
    const next = lines[at];
    if (next === undefined || next.indent <= indent) throw new NotSimulated('IndentationError: expected an indented block');
    return suite(next.indent);
  };
  const compound = (line: Line): readonly Statement[] => {
    at += 1;
    const [, word = '', rest = ''] = /^(if|while|for|def|class|try|with|async|match|@)\b(.*)$/s.exec(line.text) ?? [];
    if (word === '') return simple(line.text);
    if (/^(async|match|@)$/.test(word)) throw new NotSimulated(`${word}${rest.slice(0, 30)}`);
    const colon = colonOf(rest);
    const [head, tail] = [rest.slice(0, colon).trim(), rest.slice(colon + 1)];
    switch (word) {
      case 'for': {
        const [, names, of] = /^\(?([\w\s,]+?)\)?\s+in\s+(.*)$/s.exec(head) ?? [];
        if (names === undefined || of === undefined) throw new NotSimulated(`for ${head}`);
        return [{ s: 'each', names: names.split(',').map((name) => name.trim()), of: expressionOf(of), body: body(tail, line.indent) }];
      }
      case 'class':
        return [classOf(head, body(tail, line.indent))];
      case 'def':
        return [definition(head, body(tail, line.indent))];
      case 'try':
        return [attempt(body(tail, line.indent), line.indent)];
      case 'with': {
        const [, value = head, name] = /^(.*?)(?:\s+as\s+(\w+))?$/s.exec(head) ?? [];
        const opened: Statement = { s: 'do', value: name === undefined ? expressionOf(value) : assignment(name, expressionOf(value)) };
        return [opened, ...body(tail, line.indent)];
      }
    }
    const test = expressionOf(head);
    const then = body(tail, line.indent);
    if (word === 'while') return [{ s: 'while', test, body: then }];
    return [{ s: 'if', test, body: then, otherwise: otherwise(line.indent) }];
  };
  /** `except …:`, `else:`, `finally:` behind a `try`. */
  const attempt = (tried: readonly Statement[], indent: number): Statement => {
    const handlers: Handler[] = [];
    let orElse: readonly Statement[] = [];
    let final: readonly Statement[] = [];
    for (;;) {
      const next = lines[at];
      const [, word, rest = ''] = next?.indent === indent ? (/^(except|else|finally)\b(.*)$/s.exec(next.text) ?? []) : [];
      if (word === undefined) return { s: 'try', body: tried, handlers, otherwise: orElse, final };
      at += 1;
      const colon = colonOf(rest);
      const then = body(rest.slice(colon + 1), indent);
      if (word === 'else') orElse = then;
      else if (word === 'finally') final = then;
      else {
        const [, types = '', name] = /^\s*\(?([\w.,\s]*?)\)?(?:\s+as\s+(\w+))?\s*$/.exec(rest.slice(0, colon)) ?? [];
        const listed = types.split(',').map((type) => type.trim());
        handlers.push({ types: listed.filter((type) => type !== ''), ...(name === undefined ? {} : { name }), body: then });
      }
    }
  };
  const otherwise = (indent: number): readonly Statement[] => {
    const next = lines[at];
    const [, word, rest = ''] = next?.indent === indent ? (/^(elif|else)\b(.*)$/s.exec(next.text) ?? []) : [];
    if (word === undefined) return [];
    at += 1;
    const colon = colonOf(rest);
    const then = body(rest.slice(colon + 1), indent);
    if (word === 'else') return then;
    return [{ s: 'if', test: expressionOf(rest.slice(0, colon)), body: then, otherwise: otherwise(indent) }];
  };
  const statements = suite(lines[0]?.indent ?? 0);
  if (at < lines.length) throw new NotSimulated('IndentationError: unindent does not match any outer indentation level');
  return statements;
}

const assignment = (name: string, value: Expression): Expression => ({ k: 'assign', to: { k: 'name', name }, operator: '=', value });

/** `class Name(Base):`: functions and values; what else it does is not simulated. */
function classOf(head: string, body: readonly Statement[]): Statement {
  const [, name = '', list = ''] = /^(\w+)\s*(?:\((.*)\))?$/s.exec(head) ?? [];
  if (name === '') throw new NotSimulated(`class ${head}`);
  const methods: Record<string, Expression> = {};
  const fields: (readonly [string, Expression])[] = [];
  for (const one of body) {
    if (one.s !== 'do') throw new NotSimulated(`class ${head}`);
    const { value } = one;
    if (value.k === 'literal') continue;
    if (value.k !== 'assign' || value.to.k !== 'name') throw new NotSimulated(`class ${head}`);
    if (value.value.k === 'function') methods[value.to.name] = value.value;
    else fields.push([value.to.name, value.value]);
  }
  const bases = list.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  return { s: 'do', value: assignment(name, { k: 'class', name, bases, methods, fields }) };
}

/** `def name(a, b=1)`: what it assigns is its own, unless it says `global`. */
function definition(head: string, body: readonly Statement[]): Statement {
  const [, name = '', list = ''] = /^(\w+)\s*\((.*)\)\s*(?:->.*)?$/s.exec(head) ?? [];
  if (name === '' || list.includes('**')) throw new NotSimulated(`def ${head}`);
  const parameters = list
    .split(/,(?![^([{]*[)\]}])/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text): Parameter => {
      const [, star = '', parameter = '', value] = /^(\*?)(\w+)\s*(?::[^=]*)?(?:=\s*(.*))?$/s.exec(text) ?? [];
      if (star !== '') return { name: parameter, isRest: true };
      return value === undefined ? { name: parameter } : { name: parameter, value: expressionOf(value) };
    });
  const own = new Set<string>();
  const shared = new Set<string>();
  assignedIn(body, own, shared);
  const locals = [...own].filter((one) => !shared.has(one) && !parameters.some((parameter) => parameter.name === one));
  return { s: 'do', value: assignment(name, { k: 'function', parameters, body, locals }) };
}

/** Names that statements give values to, and those they declare global. */
function assignedIn(body: readonly Statement[], own: Set<string>, shared: Set<string>): void {
  const target = (to: Expression): void => {
    if (to.k === 'name') own.add(to.name);
    else if (to.k === 'list') for (const item of to.items) target(item);
  };
  for (const one of body)
    switch (one.s) {
      case 'do':
        if (one.value.k === 'assign') target(one.value.to);
        else if (one.value.k === 'call' && one.value.of.k === 'name' && one.value.of.name === GLOBAL)
          for (const name of one.value.args) if (name.k === 'literal') shared.add(String(name.value));
        break;
      case 'if':
        assignedIn([...one.body, ...one.otherwise], own, shared);
        break;
      case 'while':
        assignedIn(one.body, own, shared);
        break;
      case 'each':
        for (const name of one.names) own.add(name);
        assignedIn(one.body, own, shared);
        break;
      case 'try':
        for (const { name } of one.handlers) if (name !== undefined) own.add(name);
        assignedIn([...one.body, ...one.otherwise, ...one.final, ...one.handlers.flatMap((handler) => handler.body)], own, shared);
        break;
      default:
        break;
    }
}

/** What `global a, b` is called with. */
const GLOBAL = 'global ';

/** The colon that ends a compound statement's head: not in brackets or quotes. */
function colonOf(text: string): number {
  const tokens = tokenize(text, 'python');
  let depth = 0;
  for (const token of tokens) {
    if (token.t !== 'op') continue;
    if ('([{'.includes(token.text)) depth += 1;
    else if (')]}'.includes(token.text)) depth -= 1;
    else if (token.text === ':' && depth === 0) return token.pos;
  }
  throw new NotSimulated("SyntaxError: expected ':'");
}

const expressionOf = (text: string): Expression => {
  const parser = new ExpressionParser(tokenize(text, 'python'), 'python');
  const value = parser.expression();
  if (parser.peek().t !== 'end') throw new NotSimulated(parser.peek().text);
  return value;
};

/** Statements on one line, between semicolons. `import`s are done with: what modules bring is known by name. */
function simple(text: string): readonly Statement[] {
  const parser = new ExpressionParser(tokenize(text, 'python'), 'python');
  const out: Statement[] = [];
  while (parser.peek().t !== 'end') {
    if (parser.accept(';')) continue;
    if (parser.is('import') || parser.is('from')) {
      let words = '';
      while (parser.peek().t !== 'end' && !parser.is(';')) words += `${parser.next().text} `;
      out.push({ s: 'do', value: importOf(words.replace(/ \. /g, '.').trim()) });
    } else if (parser.accept('pass')) continue;
    else if (parser.accept('break')) out.push({ s: 'break' });
    else if (parser.accept('continue')) out.push({ s: 'continue' });
    else if (parser.accept('return')) {
      const isBare = parser.peek().t === 'end' || parser.is(';');
      out.push(isBare ? { s: 'return' } : { s: 'return', value: parser.tuple() });
    } else if (parser.accept('raise')) {
      out.push(parser.peek().t === 'end' ? { s: 'raise' } : { s: 'raise', value: parser.expression() });
      if (parser.accept('from')) parser.expression();
    } else if (parser.accept('global') || parser.accept('nonlocal')) {
      const args: Expression[] = [];
      do args.push({ k: 'literal', value: parser.next().text });
      while (parser.accept(','));
      out.push({ s: 'do', value: { k: 'call', of: { k: 'name', name: GLOBAL }, args, named: {} } });
    } else if (/^(del|assert|yield)$/.test(parser.peek().text)) throw new NotSimulated(parser.peek().text);
    else {
      const items = parser.targets();
      const value = parser.tuple();
      out.push({ s: 'do', value: items === undefined ? value : { k: 'assign', to: { k: 'list', items }, operator: '=', value } });
    }
    if (parser.peek().t !== 'end') parser.expect(';');
  }
  return out;
}

/** `import a, b.c` and `from a import b, c` as a call with the module (or '') and the names. */
function importOf(text: string): Expression {
  const [, module = '', list = ''] = /^(?:from (\S+) )?import (.+)$/.exec(text) ?? [];
  if (list === '') throw new NotSimulated(text);
  const names = list
    .replace(/[()]/g, '')
    .split(',')
    .map((name) => name.trim());
  return { k: 'call', of: { k: 'name', name: 'import' }, args: [{ k: 'literal', value: [module, ...names] }], named: {} };
}
