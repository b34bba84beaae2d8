/** SQL as words: names, numbers, texts, signs. MySQL quotes names with backquotes, PostgreSQL with double quotes. */
import { SqlError } from './values.js';

export type Dialect = 'mysql' | 'postgres';

export interface Token {
  readonly kind: 'word' | 'name' | 'number' | 'text' | 'sign' | 'end';
  /** A word's letters as they stand; a text's content. */
  readonly text: string;
  readonly at: number;
  readonly to: number;
}

const SIGNS = ['<=>', '::', '<>', '!=', '<=', '>=', '||', '&&', '~~*', '~~', '~*', '~', '->>', '->'];

export function tokenize(source: string, dialect: Dialect): readonly Token[] {
  const out: Token[] = [];
  let at = 0;
  const put = (kind: Token['kind'], text: string, to: number): void => {
    out.push({ kind, text, at, to });
    at = to;
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const blank = /^(\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)/.exec(dialect === 'postgres' ? rest.replace(/^#/, ' #') : rest)?.[0];
    if (blank !== undefined && !(dialect === 'postgres' && rest.startsWith('#'))) {
      at += blank.length;
      continue;
    }
    const word = /^(@@?)?[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*(\.[A-Za-z_]\w*(?=.*@@))?/.exec(rest)?.[0];
    const number = /^(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?/.exec(rest)?.[0];
    const char = rest[0] as string;
    if (word !== undefined) put('word', word, at + word.length);
    else if (number !== undefined) put('number', number, at + number.length);
    else if (char === "'" || char === '"' || char === '`') {
      let text = '';
      let i = 1;
      for (; i < rest.length; i += 1) {
        if (rest[i] === char && rest[i + 1] === char) i += 1;
        else if (rest[i] === char) break;
        else if (rest[i] === '\\' && dialect === 'mysql' && char !== '`' && i + 1 < rest.length) {
          i += 1;
          text += { n: '\n', t: '\t', r: '\r', 0: '\0' }[rest[i] as string] ?? rest[i];
          continue;
        }
        text += rest[i];
      }
      if (i >= rest.length) throw SqlError.syntax(dialect, source, at);
      put(char === "'" || (char === '"' && dialect === 'mysql') ? 'text' : 'name', text, at + i + 1);
    } else {
      const sign = SIGNS.find((one) => rest.startsWith(one)) ?? char;
      put('sign', sign, at + sign.length);
    }
  }
  out.push({ kind: 'end', text: '', at: source.length, to: source.length });
  return out;
}

/** Statements of a script, each with where it begins; `rest`: what is not yet ended by a semicolon. */
export function statementsOf(
  script: string,
  dialect: Dialect,
): { readonly statements: readonly { readonly text: string; readonly at: number }[]; readonly rest: string } {
  const statements: { text: string; at: number }[] = [];
  let from = 0;
  let quote: string | undefined;
  for (let i = 0; i < script.length; i += 1) {
    const char = script[i] as string;
    if (quote !== undefined) {
      if (char === '\\' && dialect === 'mysql') i += 1;
      else if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if ((char === '-' && /^--(\s|$)/.test(script.slice(i, i + 3))) || (char === '#' && dialect === 'mysql')) {
      const end = script.indexOf('\n', i);
      i = end < 0 ? script.length : end;
    } else if (char === ';' || (dialect === 'mysql' && char === '\\' && /[gG]/.test(script[i + 1] ?? ''))) {
      const isVertical = char === '\\' && script[i + 1] === 'G';
      statements.push({ text: script.slice(from, i) + (isVertical ? '\\G' : ''), at: from });
      if (char === '\\') i += 1;
      from = i + 1;
    }
  }
  return { statements, rest: script.slice(from) };
}
